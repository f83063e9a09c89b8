"""The receipt of a version: SM3 over what was submitted, which proves a printed copy. (F-B5, F-N2)"""

from collections.abc import Sequence
from datetime import datetime

from yangguang.gateways.ciphers import sm3
from yangguang.rules.choices.receipts import receipt_content


def receipt_of(number: str, version: int, codes: Sequence[str], at: datetime) -> str:
    """The checksum of a version.

    Args:
        number: 报名号. version: of the choices. codes: of the programmes, in order of choice.
        at: the database's instant of the act.
    Returns:
        64 hexadecimal digits.
    """
    return sm3(receipt_content(number, version, codes, at).encode()).hex()
