"""The manuals are listed, read and downloaded; no other file of the server is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from yangguang.web.public.base import manuals

pytestmark = pytest.mark.django_db
TEXT = "# 考生手册\n\n## 步骤\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(manuals, "FOLDER", tmp_path)
    cache.clear()
    yield tmp_path
    cache.clear()


def test_without_manuals_the_list_announces_them(folder: Path) -> None:
    assert "编好后在这里阅读" in Client().get("/manuals/").content.decode()


def test_a_manual_is_listed_read_and_downloaded(folder: Path) -> None:
    (folder / "student.md").write_text(TEXT, encoding="utf-8")
    client = Client()

    assert "考生手册" in client.get("/manuals/").content.decode()
    assert "<h2>步骤</h2>" in client.get("/manuals/student/").content.decode()
    assert client.get("/manuals/student.md").content.decode() == TEXT


@pytest.mark.parametrize("url", ["/manuals/settings/", "/manuals/..%2f..%2fREADME/", "/manuals/settings.md"])
def test_a_name_outside_the_folder_is_not_found(folder: Path, url: str) -> None:
    assert Client().get(url).status_code == 404
