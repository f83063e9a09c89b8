"""The cast is on stage for every job."""

from tests.support.personas import cast

__all__ = ["cast"]
