"""Links of a navigation, with the one marked that the reader is at; the navigation of the public pages."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

PUBLIC_NAV = (
    ("首页", "/"),
    ("学校名录", "/schools/"),
    ("招生计划", "/plans/"),
    ("查录取结果", "/result/"),
    ("录取公示", "/disclosure/"),
    ("录取规则", "/rules/"),
    ("政策公告", "/notices/"),
)


class NavLink(NamedTuple):
    """One link of a navigation."""

    label: str
    url: str
    is_active: bool


def keep_season(url: str, season: object) -> str:
    """The address with the season that the reader chose; unchanged without one, and where it names one itself.

    Args:
        season: public id, "" for none.
    """
    if not season or "season=" in url:
        return url
    return f"{url.removesuffix('?')}{'&' if '?' in url.removesuffix('?') else '?'}{urlencode({'season': season})}"


def mark_active(links: Iterable[tuple[str, str]], path: str, front: str = "/") -> list[NavLink]:
    """Mark the link that `path` lies under.

    Args:
        links: label and address. front: address of the front page, which has the other pages under it.
    """
    return [NavLink(label, url, path == url or (url != front and path.startswith(url))) for label, url in links]
