"""The personas are there in every test of an action."""

from tests.support.personas import personas

__all__ = ["personas"]
