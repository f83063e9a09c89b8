"""The published words of a replay bundle: names of files, columns and states; `/replay/format/` explains each.

Another word for any of them is another format with a new number. Standard library only, Python 3.8 or later: the
replay file that the public downloads contains this text.
"""

FORMAT = "yangguang-replay 1"
MANIFEST, README = "manifest.json", "README.txt"
PROGRAMMES, ROWS, LIST = "programmes.tsv", "rows.tsv", "list.tsv"
COLUMNS = {
    PROGRAMMES: ("programme", "cap", "quota", "seats", "mode", "priority", "flows_to", "tie", "state"),
    ROWS: ("id", "kinds", "choices"),
    LIST: ("id", "programme", "quota"),
}
MODES = ("at_least", "exactly", "at_most")
LOTTERY, ALL_WAIT = TIES = ("lottery", "all_wait")
UNMASKED, MASKED, WITHHELD, LEFT_OUT = STATES = ("shown", "masked", "held_back", "left_out")
NOTHING = "-"
NUMBERS = ("programmes", "masked", "left_out", "rows", "seated")
"""The counts in the manifest, each counted again in the tables."""


def format_heading(table: str) -> str:
    """The first line of a table."""
    return "\t".join(COLUMNS[table])
