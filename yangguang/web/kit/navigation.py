"""The ways through the public site, said once; a page that is not routed is not offered."""

from dataclasses import dataclass

from django.urls import Resolver404, resolve


@dataclass(frozen=True, slots=True)
class Way:
    """One link of a navigation: where it leads, what it is called, whether the reader is there now."""

    url: str
    label: str
    active: bool = False


PUBLIC_NAV = (
    Way("/", "首页"),
    Way("/schools/", "学校名录"),
    Way("/plans/", "招生计划"),
    Way("/result/", "查录取结果"),
    Way("/disclosure/", "录取公示"),
    Way("/rules/", "录取规则"),
    Way("/notices/", "政策公告"),
    Way("/complaints/", "举报投诉"),
)
FOOTER_NAV = (
    Way("/manuals/", "操作手册"),
    Way("/open-data/", "公开数据"),
    Way("/replay/", "录取回放"),
    Way("/audit/roots/", "日志证明"),
)
# Single ways that the frame of every page points to.
WAYS = {
    "login": "/login/",
    "logout": "/logout/",
    "elder": "/elder",
    "schools": "/schools/",
    "complaints": "/complaints/",
}


def ways_for(ways: tuple[Way, ...], path: str) -> list[Way]:
    """The routed ones of `ways`, with the one that `path` lies under marked as active."""
    return [Way(way.url, way.label, _lies_under(path, way.url)) for way in ways if is_routed(way.url)]


def is_routed(url: str) -> bool:
    """True when a view answers at `url`."""
    try:
        resolve(url)
    except Resolver404:
        return False
    return True


def _lies_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
