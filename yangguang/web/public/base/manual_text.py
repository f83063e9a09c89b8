"""The manuals' few marks turned into HTML: headings, paragraphs, lists, tables, bold, code and links.

A manual is ours, and still every character is escaped first: what looks like HTML in it is shown, never run.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString

_KINDS = (
    ("head", re.compile(r"(#{1,4}) +(.+)")),
    ("ul", re.compile(r"[-*] +(.+)")),
    ("ol", re.compile(r"\d+[.、] *(.+)")),
    ("table", re.compile(r"(\|.*\|)")),
    ("note", re.compile(r"&gt; ?(.*)")),
)
_RULE = re.compile(r"\|[\s:|-]+\|")
_INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
    # Only addresses of this site and of the web; a script's address stays text.
    (re.compile(r"\[([^\]]+)\]\(((?:https?://|/|#)[^\s)]*)\)"), r'<a href="\2">\1</a>'),
)


def title_of(text: str) -> str:
    """The first heading, "" without one."""
    found = re.search(r"^# +(.+)$", text, re.M)
    return found[1].strip() if found else ""


def to_html(text: str) -> SafeString:
    """A manual as HTML; its first heading is left to the page."""
    body = re.sub(r"\A\s*# +.+\n?", "", text.replace("\r\n", "\n"))
    lines = [(_kind(line), line) for line in escape(body).split("\n")]
    blocks = groupby(lines, key=lambda pair: pair[0])
    return SafeString(
        "\n".join(part for kind, rows in blocks for part in _block(kind, [row for _, row in rows]))
    )


def _kind(line: str) -> str:
    bare = line.strip()
    if not bare:
        return ""
    return next((kind for kind, mark in _KINDS if mark.fullmatch(bare)), "p")


def _block(kind: str, rows: list[str]) -> Iterator[str]:
    mark = dict(_KINDS).get(kind)
    found = [match for row in rows if mark and (match := mark.fullmatch(row.strip()))]
    if kind == "head":
        # The page has its own h1; a manual's "##" is the next level below.
        for match in found:
            level = max(len(match[1]), 2)
            yield f"<h{level}>{_inline(match[2])}</h{level}>"
    elif kind in ("ul", "ol"):
        items = "".join(f"<li>{_inline(match[1])}</li>" for match in found)
        yield f"<{kind}>{items}</{kind}>"
    elif kind == "table":
        yield from _table([match[1] for match in found])
    elif kind == "note":
        yield f'<div class="note"><div>{_inline("".join(match[1] for match in found))}</div></div>'
    elif kind == "p":
        yield f"<p>{_inline(''.join(row.strip() for row in rows))}</p>"


def _table(rows: list[str]) -> Iterator[str]:
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if not _RULE.fullmatch(row)]
    if not cells:
        return
    head = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in cells[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row) + "</tr>" for row in cells[1:]
    )
    yield (
        '<div class="table-frame" role="region" tabindex="0" aria-label="表">'
        f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _inline(text: str) -> str:
    for mark, html in _INLINE:
        text = mark.sub(html, text)
    return text
