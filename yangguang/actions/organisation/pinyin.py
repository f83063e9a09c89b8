"""How a unit's name is spelled, so that "xinmi" and "xm" match 新密. (X2.06)"""

from functools import cache

from pypinyin import lazy_pinyin, load_phrases_dict

from yangguang.reference import rows


@cache
def _know_places() -> None:
    """Teach the dictionary how Henan's places are read; it takes 漯河 for a river elsewhere."""
    load_phrases_dict({row["word"]: [[syllable] for syllable in row["pinyin"].split()] for row in rows("place_pinyin")})


def spell(name: str) -> tuple[str, str]:
    """The name in pinyin without tones or blanks, and its initials: 长垣市 → ("changyuanshi", "cys").

    Latin letters and digits remain; other signs are dropped.
    """
    _know_places()
    plain = "".join(c for c in name if c.isalnum())
    syllables = [part for part in lazy_pinyin(plain) if part.isascii()]
    spelled = "".join(syllables).lower()
    initials = "".join(part if part.isdigit() else part[0] for part in syllables).lower()
    return spelled[:200], initials[:60]
