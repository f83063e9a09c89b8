"""Manuals become HTML, and nothing in a manual is run by the browser."""

import pytest

from yangguang.web.public.base.markdown import title_of, to_html

TEXT = """# 考生手册

先 **注册**，
再填 `志愿`。

## 步骤
1. 登录
2. 填写 <b>姓名</b>

- 见[规则](/rules/)
- 见[坏](javascript:alert)

| 项 | 值 |
|---|---:|
| 甲 | 1 |

> 注意时间
"""
HTML = """\
<p>先 <strong>注册</strong>，再填 <code>志愿</code>。</p>
<h2>步骤</h2>
<ol>
<li>登录</li>
<li>填写 &lt;b&gt;姓名&lt;/b&gt;</li>
</ol>
<ul>
<li>见<a href="/rules/">规则</a></li>
<li>见[坏](javascript:alert)</li>
</ul>
<div class="table-frame" role="region" tabindex="0" aria-label="表"><table class="table">
<thead>
<tr>
<th scope="col">项</th>
<th scope="col">值</th>
</tr>
</thead>
<tbody>
<tr>
<td>甲</td>
<td>1</td>
</tr>
</tbody>
</table></div>
<div class="note"><div>
<p>注意时间</p>
</div></div>
"""


def test_markdown_becomes_html_without_the_title() -> None:
    assert to_html(TEXT) == HTML


def test_the_title_is_the_first_heading_of_level_1() -> None:
    assert title_of(TEXT) == "考生手册"


def test_a_later_heading_of_level_1_is_below_the_title() -> None:
    assert to_html("# 一\n\n# 二\n") == "<h2>二</h2>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>x</script>",
        '[x](" onclick="y)',
        '[x](/a" onclick="y)',
        "`<img onerror=1>`",
        "![x](/a.png)",
        "**<i>**",
        "| <u> |",
    ],
)
def test_html_and_images_in_a_manual_stay_text(text: str) -> None:
    html = to_html(text)

    assert [tag for tag in ("<script", "<img", "<i>", "<u>", '" onclick') if tag in html] == []


@pytest.mark.parametrize("url", ["javascript:x", "data:text/html,x", "ftp://a.b/", "rules/"])
def test_an_address_that_is_neither_of_this_site_nor_of_the_web_is_no_link(url: str) -> None:
    assert to_html(f"[x]({url})") == f"<p>[x]({url})</p>\n"


@pytest.mark.parametrize("url", ["/rules/", "#top", "http://a.b/", "https://a.b/"])
def test_an_address_of_this_site_or_of_the_web_is_a_link(url: str) -> None:
    assert to_html(f"[x]({url})") == f'<p><a href="{url}">x</a></p>\n'


@pytest.mark.parametrize(
    ("text", "html"), [("", ""), ("|---|\n", "<p>|---|</p>\n"), ("#没有空格", "<p>#没有空格</p>\n")]
)
def test_incomplete_markup_stays_text(text: str, html: str) -> None:
    assert to_html(text) == html
    assert title_of(text) == ""
