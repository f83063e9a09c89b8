"""Fixtures of the tests of queries."""

from tests.support.personas import personas

__all__ = ["personas"]
