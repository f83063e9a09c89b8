"""The cast is on stage for every command."""

from tests.cast import cast

__all__ = ["cast"]
