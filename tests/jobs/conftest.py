"""The personas is on stage for every job."""

from tests.support.personas import personas

__all__ = ["personas"]
