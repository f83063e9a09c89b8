"""The cast is on stage in every test of an action."""

from tests.support.personas import cast

__all__ = ["cast"]
