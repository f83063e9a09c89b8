"""The cast is on stage in every test of a page."""

from tests.support.personas import cast

__all__ = ["cast"]
