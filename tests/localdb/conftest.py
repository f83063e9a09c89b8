"""Folders for servers of the tests: pytest's folder is closed again by each new run, and a server needs to stay in."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from yangguang.localdb import Cluster


@pytest.fixture
def var() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="yangguang-localdb-"))
    yield folder
    Cluster(folder).stop()
    shutil.rmtree(folder)
