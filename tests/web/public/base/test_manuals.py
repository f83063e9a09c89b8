"""The manuals are listed, read and downloaded; no other file of the server is."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from yangguang.reference import rows
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


@pytest.mark.parametrize(
    ("name", "words", "key"),
    [
        ("student", "验证码 {} 分钟内有效", "code.minutes"),
        ("student", "最多试 {} 次", "code.tries"),
        ("student", "考生未满 {} 周岁的，由监护人阅读并同意", "person.child_under"),
        ("student", "考生未满 {} 周岁的要填", "person.adult_from"),
        ("student", "一个手机号每天最多提交 {} 次", "person.per_account_day"),
        ("student", "{} 小时内不应答，视为放弃", "answer.waiting_hours"),
        ("student", "手机号 {} 个月没有登录过的", "account.quiet_months"),
        ("student", "学校有 {} 个工作日提意见", "withdrawal.school_working_days"),
        ("operator", "本人在 {} 小时内打开", "key.binding_hours"),
        ("operator", "输错 {} 次或超过时间", "key.binding_tries"),
    ],
)
def test_a_number_of_a_manual_is_that_of_the_shipped_rule_row(name: str, words: str, key: str) -> None:
    (value,) = [row["value"] for row in rows("policy_rules") if row["key"] == key]

    page = Client().get(f"/manuals/{name}/").content.decode()

    assert words.format(value) in re.sub(r"<[^>]+>", "", page)
    assert "现在生效的以录取规则为准" in re.sub(r"<[^>]+>", "", page)


@pytest.mark.parametrize("url", ["/manuals/settings/", "/manuals/..%2f..%2fREADME/", "/manuals/settings.md"])
def test_a_name_outside_the_folder_is_not_found(url: str) -> None:
    assert Client().get(url).status_code == 404
