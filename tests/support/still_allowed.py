"""What was written before it was refused, and how often it still stands; a number is lowered, never raised."""

NAMES = {
    "asked": 92,
    "cited": 11,
    "doors": 4,
    "found": 150,
    "found_by": 4,
    "ground": 6,
    "hands_down": 6,
    "held": 63,
    "kept": 47,
    "made": 24,
    "mine": 4,
    "nobody": 31,
    "says": 142,
    "shown": 43,
    "stage": 4,
    "standing": 5,
    "telling": 2,
    "those": 11,
    "told": 14,
    "way": 8,
    "ways": 15,
    "whoever": 6,
    "wish": 1,
}

PROSE = {
    "anew": 4,
    "anybody": 4,
    "door": 5,
    "doors": 1,
    "ground": 2,
    "hands": 2,
    "in hand": 1,
    "nobody": 8,
    "of its own": 13,
    "of their own": 1,
    "plan line": 1,
    "sits": 1,
    "somebody": 1,
    "stands in": 6,
    "tells": 1,
    "theirs": 2,
    "walk-in": 1,
    "whoever": 1,
    "wish": 1,
}

SIZES = {
    "lines with Any": 217,
}
