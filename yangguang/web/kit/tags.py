"""The words templates are written in, loaded everywhere: how an instant, a number, a mask, a state look.

Nothing is decided here; sentences about time come from `rules.seasons.windows`, masks from `rules.base.id_number`
and `rules.base.names`.
"""

from datetime import datetime
from typing import Any

from django import template
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yangguang.queries.organisation.national_divisions import name_of_place
from yangguang.rules.admissions.end_reasons import describe_end_reason
from yangguang.rules.base import id_number, names
from yangguang.rules.seasons import windows
from yangguang.web.kit.demonstration import get_demonstration
from yangguang.web.kit.navigation import FOOTER_NAV, PUBLIC_NAV, WAYS, Way, is_routed, ways_for
from yangguang.web.kit.status_badges import look_of

register = template.Library()
NOTHING = "—"
SCALE = (("none", "没有任务数"), ("0", "不足 25%"), ("1", "25% 起"), ("2", "50% 起"), ("3", "75% 起"), ("4", "完成"))


@register.filter
def instant(at: datetime | None) -> str:
    """2024年8月20日09:00 in Beijing time; None is 待定."""
    return windows.format_instant(at)


@register.filter
def closing(at: datetime | None) -> str:
    """The end of a window; midnight is said both ways, so that no one comes a day late."""
    return windows.format_instant(at, closing=True)


@register.filter
def left(closes: datetime | None, now: datetime) -> str:
    """还剩2天3小时, or 已截止."""
    return windows.format_time_left(closes, now)


@register.filter
def place(code: str) -> str:
    """四川省成都市锦江区 for the code of a place in another province."""
    return name_of_place(code)


@register.filter
def iso(at: datetime | None) -> str:
    """For machines: data attributes and `<time datetime>`."""
    return at.isoformat() if at else ""


@register.filter
def ending(code: str) -> str:
    """The sentence behind the coded reason of an admission or an offer."""
    return describe_end_reason(code)


@register.filter
def thousands(number: int | None) -> str:
    """67,686; nothing known is a dash, never a zero."""
    return NOTHING if number is None or number == "" else f"{number:,}"


@register.filter
def difference(found: int, wanted: int) -> str:
    """How far a sum is off: 多 12 or 少 12."""
    return f"多 {found - wanted:,}" if found > wanted else f"少 {wanted - found:,}"


@register.filter
def mask(value: Any) -> str:
    """An ID number or phone for people without a reason to see it: 410***********1234, 138****1234."""
    text = str(value or "")
    if len(text) == 11:
        return text[:3] + "****" + text[-4:]
    return id_number.mask(text)


@register.filter
def mask_name(value: Any) -> str:
    """As everywhere else: 张**, 买***·***; no one is nothing."""
    return names.mask_name(str(value)) if value else ""


@register.simple_tag(takes_context=True)
def demonstration(context: RequestContext, place: str, **values: Any) -> SafeString:
    """What the demonstration adds at `place` of the page; production adds nothing."""
    return get_demonstration().fragment(place, {str(name): value for name, value in context.flatten().items()} | values)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing of `static/icons.svg`; always beside words, so hidden from readers of the screen."""
    sheet = static("icons.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', sheet, name
    )


@register.simple_tag
def chip(state: str, says: str = "") -> SafeString:
    """A state as words, shape and colour.

    Args:
        state: a state of `rules/*_states.py` (PUBLISHED), the status of a window (open), or a look (draft).
        says: the words; the look's own when empty.
    """
    look = look_of(str(state))
    return format_html('<span class="chip chip--{}">{}{}</span>', look.name, icon(look.icon), says or look.says)


@register.inclusion_tag("components/progress.html")
def progress(done: int | None, total: int | None, label: str = "完成", unit: str = "") -> dict[str, Any]:
    """Bar and words. Without a target the rate is a dash, never 0 %; above 100 % the bar is just full."""
    said = {"label": label, "unit": unit}
    if not total:
        return {**said, "done": done, "total": None, "rate": NOTHING}
    count = done or 0
    bar = {"shown": min(count, total), "full": count >= total}
    return {**said, **bar, "done": count, "total": total, "rate": f"{100 * count / total:.1f}%"}


@register.inclusion_tag("components/season_clock.html")
def season_clock(rows: Any, now: datetime, title: str = "招生时间") -> dict[str, Any]:
    """The windows of a season with what is open now.

    Args:
        rows: things (objects or dicts) with label, opens, closes; both instants may be None.
        now: the database's clock.
    """
    told = []
    for row in rows:
        got = row if isinstance(row, dict) else {key: getattr(row, key) for key in ("label", "opens", "closes")}
        told.append({**got, "status": windows.window_status(got["opens"], got["closes"], now).value})
    return {"rows": told, "now": now, "title": title}


@register.inclusion_tag("components/tile_map.html")
def tile_map(tiles: Any, label: str, scale: Any = SCALE, note: str = "每格一个单位，") -> dict[str, Any]:
    """Henan's eighteen units as equal tiles, shaded by rate or as the caller says.

    Args:
        tiles: dicts with code ("410100"), name, url (may be missing), and either rate (a share such as 0.83, or
            None) or what is shown and the shade ("none", "1" to "4").
        scale: (shade, words) of the key. note: what a tile and its number are.
    """
    told = [tile if "shade" in tile else {**tile, **_shade(tile["rate"])} for tile in tiles]
    return {"tiles": told, "label": label, "scale": scale, "note": note}


def _shade(rate: float | None) -> dict[str, str]:
    if rate is None:
        return {"shade": "none", "shown": NOTHING}
    return {"shade": str(max(0, min(4, int(rate * 4)))), "shown": f"{100 * rate:.0f}%"}


@register.inclusion_tag("components/field.html")
def field(bound: Any, look: str = "") -> dict[str, Any]:
    """Label, hint, control, errors and the slot of the live check, for one bound field of a Django form.

    Args:
        look: "code" for one-time codes, "short" for short values.
    """
    if bound.is_hidden:
        return {"control": bound, "bare": True}
    group = bound.widget_type in ("radioselect", "checkboxselectmultiple")
    described = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    return {
        "control": bound,
        "id": bound.auto_id,
        "label": bound.label,
        "hint": bound.help_text,
        "errors": bound.errors,
        "required": bound.field.required,
        "group": group,
        "check": bound.widget_type == "checkbox",
        "options": list(bound.subwidgets) if group else [],
        "described": " ".join(described),
        "look": look,
    }


@register.simple_block_tag
def table_region(content: str, label: str) -> SafeString:
    """A table scrolls inside its own labelled region, reachable by keyboard."""
    opening = format_html('<div class="table-frame" role="region" tabindex="0" aria-label="{}">', label)
    return SafeString(f"{opening}{content}</div>")


@register.simple_tag(takes_context=True)
def sort_head(context: RequestContext, label: str, key: str, number: bool = False) -> SafeString:
    """A table head that sorts by `key` through ?sort=key or ?sort=-key; the view reads the parameter."""
    request = context["request"]
    now = request.GET.get("sort", "")
    order = {key: "ascending", f"-{key}": "descending"}.get(now)
    query = request.GET.copy()
    query["sort"] = f"-{key}" if now == key else key
    query.pop("after", None)
    return format_html(
        '<th scope="col"{}{}><a class="sort" href="?{}">{}</a></th>',
        SafeString(' class="num"' if number else ""),
        SafeString(f' aria-sort="{order}"' if order else ""),
        query.urlencode(),
        label,
    )


@register.simple_tag(takes_context=True)
def public_nav(context: RequestContext) -> list[Way]:
    """The public navigation: only pages that exist."""
    return ways_for(PUBLIC_NAV, getattr(context.get("request"), "path", ""))


@register.simple_tag(takes_context=True)
def footer_nav(context: RequestContext) -> list[Way]:
    """The links of the footer: only pages that exist."""
    return ways_for(FOOTER_NAV, getattr(context.get("request"), "path", ""))


@register.simple_tag
def way(name: str) -> str:
    """The address of a page the frame points to, "" while it does not exist: no dead links."""
    url = WAYS[name]
    return url if is_routed(url) else ""
