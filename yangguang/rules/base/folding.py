"""The one form in which typed and imported text is compared: width, invisible marks, blanks, dots. (R5.01, R5.02)

People type the same word in many ways: full width, with a blank, with a mark that a chat program put around it. Every
comparison of names, numbers and codes, from pages and from files, goes through these functions.
"""

import re
import unicodedata

DOT = "·"
# Middle dots of other keyboards and alphabets. A full stop counts as one only between Han characters.
_DOTS = dict.fromkeys(map(ord, "‧•・･∙⋅⸱●"), DOT)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_STOP_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s*[.]\s*(?=[{_HAN}])")
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def fold_text(text: str) -> str:
    """NFKC, without invisible and direction marks and variation selectors, without blanks around it.

    Control characters and those of the private use areas stay, for the caller to refuse.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_DOTS))
    return "".join(c for c in plain if not is_mark(c)).strip()


def is_mark(char: str) -> bool:
    """Whether a character shows nothing by itself: direction and joining marks, zero width, variation selectors."""
    return unicodedata.category(char) == "Cf" or _VARIATION_SELECTORS.fullmatch(char) is not None


def fold_name(text: str) -> str:
    """As `fold_text`, and every middle dot written U+00B7, without blanks around it.

    Example: 买买提.江, 买买提・江 and 买买提 · 江 are 买买提·江; J. Li keeps its full stop.
    """
    return re.sub(rf"\s*{DOT}\s*", DOT, _STOP_BETWEEN_HAN.sub(DOT, fold_text(text)))


def fold_label(text: str) -> str:
    """The form in which names of schools, majors and colleges are compared: as `fold_name`, no blanks, lower case.

    Example: 汽车运用与维修（新能源） and 汽车运用与维修 (新能源) are one major.
    """
    return "".join(fold_name(text).split()).casefold()


def fold_number(text: str) -> str:
    """A number or code that people copy: as `fold_text`, without any blank, upper case, every dash a hyphen."""
    return "".join(fold_text(text).translate(_DASHES).split()).upper()


def keep_digits(text: str) -> str:
    """The digits of a text, in any width: a message's code is these, whatever is pasted around it."""
    return "".join(c for c in fold_text(text) if c.isascii() and c.isdecimal())
