"""The personas exist for every command."""

from tests.support.personas import personas

__all__ = ["personas"]
