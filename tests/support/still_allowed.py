"""What was written before it was refused, and how often it still stands; a number is lowered, never raised."""

NAMES = {
    "asked": 80,
    "doors": 4,
    "found": 152,
    "found_by": 4,
    "ground": 5,
    "hands_down": 6,
    "held": 60,
    "kept": 46,
    "made": 24,
    "mine": 4,
    "nobody": 31,
    "says": 132,
    "shown": 2,
    "stage": 4,
    "standing": 3,
    "telling": 2,
    "those": 15,
    "told": 13,
    "way": 8,
    "ways": 15,
    "whoever": 6,
    "wish": 1,
}

PROSE = {
    "anew": 1,
    "anybody": 2,
    "door": 3,
    "doors": 1,
    "ground": 1,
    "hands": 1,
    "in hand": 1,
    "nobody": 5,
    "of its own": 8,
    "of their own": 1,
    "plan line": 1,
    "sits": 1,
    "stands in": 5,
    "theirs": 1,
    "walk-in": 1,
    "whoever": 1,
    "wish": 1,
}

SIZES = {
    "lines with Any": 226,
}
