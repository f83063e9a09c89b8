"""The personas exist for every job."""

from tests.support.personas import personas

__all__ = ["personas"]
