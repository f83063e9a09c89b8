"""The cast is on stage for every command."""

from tests.support.personas import cast

__all__ = ["cast"]
