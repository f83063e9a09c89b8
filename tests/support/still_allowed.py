"""What was written before it was refused, and how often it still stands; a number is lowered, never raised."""

NAMES = {
    "asked": 91,
    "doors": 4,
    "found": 153,
    "found_by": 4,
    "ground": 5,
    "hands_down": 6,
    "held": 66,
    "kept": 46,
    "made": 24,
    "mine": 4,
    "nobody": 33,
    "says": 152,
    "shown": 44,
    "stage": 4,
    "standing": 5,
    "telling": 2,
    "those": 15,
    "told": 14,
    "way": 8,
    "ways": 15,
    "whoever": 6,
    "wish": 1,
}

PROSE = {
    "anew": 4,
    "anybody": 4,
    "door": 4,
    "doors": 1,
    "ground": 1,
    "hands": 4,
    "in hand": 1,
    "nobody": 7,
    "of its own": 15,
    "of their own": 2,
    "plan line": 1,
    "sits": 1,
    "somebody": 1,
    "stands in": 6,
    "tells": 2,
    "theirs": 2,
    "walk-in": 1,
    "whoever": 1,
    "wish": 1,
    "stage": 1,
}

SIZES = {
    "lines with Any": 228,
}
