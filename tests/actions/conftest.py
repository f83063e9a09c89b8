"""The cast is on stage in every test of an action."""

from tests.cast import cast

__all__ = ["cast"]
