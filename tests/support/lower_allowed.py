"""`python -m tests.support.lower_allowed`: write into `still_allowed` how often each banned word still stands."""

from pathlib import Path

from tests.support import still_allowed
from tests.test_words import counts

HEAD = f'"""{still_allowed.__doc__}"""\n'


def main() -> None:
    """Lower every number to what is counted; a word that has grown keeps its number, so that its test fails."""
    text = HEAD
    for kind, now in counts().items():
        allowed: dict[str, int] = getattr(still_allowed, kind)
        lines = [f'    "{word}": {min(n, now.get(word, 0))},\n' for word, n in allowed.items() if now.get(word)]
        text += f"\n{kind} = {{\n{''.join(lines)}}}\n"
    Path(still_allowed.__file__).write_text(text)


if __name__ == "__main__":
    main()
