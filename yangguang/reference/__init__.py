"""Data files with their sources (README.md beside this file), and the one way to read them."""

import csv
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """All rows of `<name>.csv` as column → text, in file order.

    Raises:
        FileNotFoundError: when there is no such file.
    """
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
