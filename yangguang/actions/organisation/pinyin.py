"""How a unit's name is spelled, so that 新密 is found by "xinmi" and by "xm". (X2.06)"""

from functools import cache

from pypinyin import lazy_pinyin, load_phrases_dict

from yangguang.reference import rows


@cache
def _know_places() -> None:
    """Teach the dictionary how Henan's places are read; it takes 漯河 for a river elsewhere."""
    load_phrases_dict({row["word"]: [[syllable] for syllable in row["pinyin"].split()] for row in rows("place_pinyin")})


def spell(name: str) -> tuple[str, str]:
    """The name in pinyin without tones or blanks, and its initials: 长垣市 → ("changyuanshi", "cys").

    What is not a Chinese character is kept when it is a Latin letter or digit, and dropped otherwise.
    """
    _know_places()
    kept = "".join(c for c in name if c.isalnum())
    syllables = [part for part in lazy_pinyin(kept) if part.isascii()]
    spelled = "".join(syllables).lower()
    initials = "".join(part if part.isdigit() else part[0] for part in syllables).lower()
    return spelled[:200], initials[:60]
