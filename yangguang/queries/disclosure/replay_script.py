"""The replay file that the public downloads: matching, SM3, words and reader of bundles, one after another."""

import inspect
import re
from functools import cache

from yangguang.rules.audit import sm3
from yangguang.rules.disclosure import bundle_format, replay
from yangguang.rules.runs import matching

OWN_IMPORT = re.compile(r"^from yangguang\.[\w.]+ import (?:\([^)]*\)|[^(\n]+)\n", re.MULTILINE)


@cache
def build_script() -> bytes:
    """The sources of the four modules, unchanged but for the imports between them.

    `rules.runs.matching` comes first, because its `from __future__` line has to.
    """
    parts = [OWN_IMPORT.sub("", inspect.getsource(module)) for module in (matching, sm3, bundle_format, replay)]
    return "\n\n".join(["#!/usr/bin/env python3\n" + parts[0], *parts[1:]]).encode()
