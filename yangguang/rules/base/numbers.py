"""The 报名号, which reveals neither order nor person, and the code of a text message. (F-B5)"""

from yangguang.rules.base.folding import keep_digits

_LONGEST_CODE = 40


def application_number(year: int, digest: bytes, *, is_autumn: bool, attempt: int = 0) -> str:
    """Sixteen digits: year, season, twelve digits of a keyed digest, Luhn check digit.

    A running number would reveal who came first and could be guessed; one mistyped digit is noticed before anything
    is looked up.

    Args:
        digest: keyed digest of season and identity, at least 8 bytes.
        attempt: 0, or how many earlier numbers of this digest were taken by others.
    """
    body = f"{year % 100:02d}{2 if is_autumn else 1}{(int.from_bytes(digest[:8]) + attempt) % 10**12:012d}"
    return body + luhn(body)


def luhn(body: str) -> str:
    """The check digit of ISO/IEC 7812-1 over decimal digits."""
    doubled = (int(c) * (2 - i % 2) for i, c in enumerate(reversed(body)))
    return str(-sum(n // 10 + n % 10 for n in doubled) % 10)


def is_application_number(text: str) -> bool:
    """Whether `text` is well formed, given out or not."""
    return len(text) == 16 and text.isascii() and text.isdecimal() and luhn(text[:-1]) == text[-1]


def clean_code(text: str) -> str:
    """The code of a text message: its digits, whatever was pasted with it."""
    return keep_digits(text[:_LONGEST_CODE])
