"""The cast is on stage for every job."""

from tests.cast import cast

__all__ = ["cast"]
