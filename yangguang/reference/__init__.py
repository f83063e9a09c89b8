"""Data files with their sources (README.md beside this file), and the one way to read them."""

import csv
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """All rows of `<name>.csv` as column → text, in file order.

    Raises:
        FileNotFoundError: when there is no such file.
    """
    with files(__name__).joinpath(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
