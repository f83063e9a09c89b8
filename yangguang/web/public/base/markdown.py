"""Manuals in Markdown as HTML; raw HTML, images and foreign link schemes stay text."""

import re

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

_LINK = re.compile(r"https?://|/|#")
_TAGS = {
    "table_open": '<div class="table-frame" role="region" tabindex="0" aria-label="表"><table class="table">\n',
    "table_close": "</table></div>\n",
    # Without the library's inline alignment style, which the content security policy forbids.
    "th_open": '<th scope="col">',
    "td_open": "<td>",
    "blockquote_open": '<div class="note"><div>\n',
    "blockquote_close": "</div></div>\n",
    # A line end inside a Chinese sentence is no space.
    "softbreak": "",
}


def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False}).disable("image")
    parser.validateLink = lambda url: _LINK.match(url) is not None  # type: ignore[method-assign]
    for name, html in _TAGS.items():
        parser.add_render_rule(name, lambda *_, html=html: html)
    return parser


_MARKDOWN = _parser()


def title_of(text: str) -> str:
    """The first heading of level 1, "" without one."""
    tokens = _MARKDOWN.parse(text)
    heads = (n for n, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1")
    return next((tokens[n + 1].content for n in heads), "")


def to_html(text: str) -> SafeString:
    """A manual as HTML without its title, which is the heading of the page; no heading is above h2."""
    tokens = _MARKDOWN.parse(text)
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]  # Opening tag, text, closing tag.
    for token in tokens:
        if token.tag == "h1":
            token.tag = "h2"
    return SafeString(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
