"""The personas is on stage for every command."""

from tests.support.personas import personas

__all__ = ["personas"]
