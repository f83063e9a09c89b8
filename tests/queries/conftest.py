"""Fixtures of the tests of queries."""

from tests.support.personas import cast

__all__ = ["cast"]
