"""The cast is on stage in every test of a page."""

from tests.cast import cast

__all__ = ["cast"]
