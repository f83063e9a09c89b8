"""The personas is on stage in every test of an action."""

from tests.support.personas import personas

__all__ = ["personas"]
