"""What of a person is shown to a reader without a reason to see it all (GB/T 35273, masked display)."""


def mask_name(name: str) -> str:
    """张三 → 张*, 欧阳小明 → 欧**明: the ends stay, the length stays."""
    if len(name) < 2:
        return "*"
    return name[0] + "*" if len(name) == 2 else name[0] + "*" * (len(name) - 2) + name[-1]


def mask_id(number: str) -> str:
    """The last four characters of a document number; a short one is hidden whole."""
    return "*" * (len(number) - 4) + number[-4:] if len(number) > 8 else "*" * len(number)


def mask_phone(number: str) -> str:
    """The first three and last two digits of a telephone number; a short one is hidden whole."""
    return number[:3] + "*" * (len(number) - 5) + number[-2:] if len(number) >= 10 else "*" * len(number)
