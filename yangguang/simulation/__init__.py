"""The demonstration: synthetic people and the season they play; never used in production."""
