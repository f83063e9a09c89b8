"""The manuals are listed, read and downloaded; no other file of the server is."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from yangguang.web.public.base import manuals

pytestmark = pytest.mark.django_db
NAMES = ("bureau", "operator", "school", "student")


@pytest.fixture
def no_manuals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation without its folder of documents."""
    monkeypatch.setattr(manuals, "FOLDER", tmp_path)
    cache.clear()
    yield
    cache.clear()


def test_without_manuals_the_list_announces_them(no_manuals: None) -> None:
    assert "编好后在这里阅读" in Client().get("/manuals/").content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_manual_is_listed_read_and_downloaded(name: str) -> None:
    source = (Path(settings.ROOT) / "docs" / "manuals" / f"{name}.md").read_text(encoding="utf-8")
    heads = re.findall(r"^## (.+)$", source, re.M)
    client = Client()

    listed = client.get("/manuals/").content.decode()
    page = client.get(f"/manuals/{name}/").content.decode()

    assert f'<a href="/manuals/{name}/">{source.partition(chr(10))[0].removeprefix("# ")}</a>' in listed
    assert re.findall(r"<h2[^>]*>(.+?)</h2>", page)[: len(heads)] == heads
    assert client.get(f"/manuals/{name}.md").content.decode() == source


@pytest.mark.parametrize("url", ["/manuals/settings/", "/manuals/..%2f..%2fREADME/", "/manuals/settings.md"])
def test_a_name_outside_the_folder_is_not_found(url: str) -> None:
    assert Client().get(url).status_code == 404
