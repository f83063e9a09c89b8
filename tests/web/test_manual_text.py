"""The manuals' marks become HTML, and nothing else in them does."""

import pytest
from django.test import Client

from yangguang.web.public.base import manuals
from yangguang.web.public.base.manual_text import title_of, to_html

TEXT = """# 考生手册

先 **注册**，
再填 `志愿`。

## 步骤
1. 登录
2. 填写 <b>姓名</b>

- 见[规则](/rules/)
- 见[坏](javascript:alert)

| 项 | 值 |
|---|---|
| 甲 | 1 |

> 注意时间
"""


def test_the_marks_become_html() -> None:
    assert title_of(TEXT) == "考生手册"
    assert to_html(TEXT).splitlines() == [
        "<p>先 <strong>注册</strong>，再填 <code>志愿</code>。</p>",
        "<h2>步骤</h2>",
        "<ol><li>登录</li><li>填写 &lt;b&gt;姓名&lt;/b&gt;</li></ol>",
        '<ul><li>见<a href="/rules/">规则</a></li><li>见[坏](javascript:alert)</li></ul>',
        '<div class="table-frame" role="region" tabindex="0" aria-label="表"><table class="table"><thead><tr>'
        '<th scope="col">项</th><th scope="col">值</th></tr></thead><tbody><tr><td>甲</td><td>1</td></tr></tbody>'
        "</table></div>",
        '<div class="note"><div>注意时间</div></div>',
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<script>x</script>",
        '[x](" onclick="y)',
        '[x](/a" onclick="y)',
        "`<img onerror=1>`",
        "**<i>**",
        "| <u> |",
    ],
)
def test_nothing_in_a_manual_acts(text: str) -> None:
    html = to_html(text)
    for tag in ("<script", "<img", "<i>", "<u>", '" onclick'):
        assert tag not in html


def test_an_empty_manual_and_stray_marks_break_nothing() -> None:
    assert to_html("") == "" and title_of("没有标题") == ""
    assert to_html("|---|\n") == "" and to_html("#没有空格") == "<p>#没有空格</p>"


@pytest.mark.django_db
def test_manuals_are_listed_read_and_taken_along(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    from pathlib import Path

    from django.core.cache import cache

    cache.clear()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # type: ignore[attr-defined]
    folder = Path(str(tmp_path))
    monkeypatch.setattr(manuals, "FOLDER", folder)
    client = Client()
    assert "编好后在这里阅读" in client.get("/manuals/").content.decode()
    (folder / "student.md").write_text(TEXT, encoding="utf-8")
    cache.clear()
    assert "考生手册" in client.get("/manuals/").content.decode()
    assert "<h2>步骤</h2>" in client.get("/manuals/student/").content.decode()
    assert client.get("/manuals/student.md").content.decode() == TEXT
    for wrong in ("/manuals/settings/", "/manuals/..%2f..%2fREADME/", "/manuals/settings.md"):
        assert client.get(wrong).status_code == 404, wrong
