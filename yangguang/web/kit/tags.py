"""Template tags and filters, loaded in every template: how an instant, a number, a mask or a state is displayed."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yangguang import clock
from yangguang.models import Season
from yangguang.queries.organisation.national_divisions import name_of_place
from yangguang.queries.seasons.policy_rules import format_rule
from yangguang.queries.seasons.seasons import seasons
from yangguang.rules.admissions.end_reasons import describe_end_reason
from yangguang.rules.base import id_number, names
from yangguang.rules.reporting.steps import CountKey
from yangguang.rules.reporting.targets import completion_rate, format_rate
from yangguang.rules.seasons.policy_keys import KEYS
from yangguang.rules.seasons.policy_scope import Axis
from yangguang.rules.seasons.windows import format_instant, format_spoken, format_time_left, window_status
from yangguang.web.kit.demonstration import get_demonstration
from yangguang.web.kit.displayed import FIELD, seal_displayed
from yangguang.web.kit.navigation import PUBLIC_NAV, NavLink, keep_season, mark_active
from yangguang.web.kit.status_badges import look_of

register = template.Library()
DASH = "—"
_TWO_LINE_TABLE = re.compile(r'<table class="[^"]*table--cards.*?</table>', re.DOTALL)
_TABLE_ELEMENT = re.compile(r'<(table|thead|tbody|tfoot|tr|td|th scope="row"|th)(?=[ >])')
_ROLES = {"table": "table", "tr": "row", "td": "cell", "th": "columnheader", 'th scope="row"': "rowheader"}
_ROLES |= dict.fromkeys(("thead", "tbody", "tfoot"), "rowgroup")
SCALE = (("none", "没有任务数"), ("0", "不足 25%"), ("1", "25% 起"), ("2", "50% 起"), ("3", "75% 起"), ("4", "完成"))


@register.filter
def instant(at: datetime | None) -> str:
    """2024年8月20日09:00 in Beijing time; None is 待定."""
    return format_instant(at)


@register.filter
def closing(at: datetime | None) -> str:
    """The end of a window; midnight is written both ways, so that no one comes a day late."""
    return format_instant(at, closing=True)


@register.inclusion_tag("components/when.html")
def when(at: datetime | None, kind: str = "") -> dict[str, object]:
    """An instant as families say it; a tap opens the exact one.

    Args:
        kind: "closing" for the end of a window, which adds 前 and never says 00:00.
    """
    closing = kind == "closing"
    return {"spoken": format_spoken(at, closing=closing), "exact": format_instant(at, closing=closing) if at else ""}


@register.filter
def spoken(closes: datetime | None) -> str:
    """The end of a window as people say it: 11月10日（星期日）半夜12点前."""
    return format_spoken(closes, closing=True)


@register.filter
def spoken_start(opens: datetime | None) -> str:
    """The start of a window as people say it: 11月8日（星期五）上午9点."""
    return format_spoken(opens)


@register.filter
def left(closes: datetime | None, now: datetime) -> str:
    """还剩2天3小时, or 已截止."""
    return format_time_left(closes, now)


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
    """67,686; an unknown number is a dash, never a zero."""
    return DASH if number is None or number == "" else f"{number:,}"


@register.simple_tag
def number(persons: int | None, key: object = "", url: str = "") -> SafeString:
    """A number with what it counts, so that two pages can be compared, and a link to exactly its persons.

    Args:
        persons: an unknown number is a dash, which counts nothing.
        key: a `CountKey`; "" for a number that is no count of the season.
        url: of the list behind it; "" for none.
    """
    text = thousands(persons)
    declared = format_html(' data-count="{}"', str(key)) if key and text != DASH else ""
    if url:
        return format_html('<a href="{}"{}>{}</a>', url, declared, text)
    return format_html("<span{}>{}</span>", declared, text) if declared else SafeString(text)


@register.simple_tag
def seat_key(season: Season, step: str, code: str = "*") -> CountKey:
    """What a public number of seats counts, for the tag `number`.

    Args:
        step: "seats" or "free". code: of the school or programme; "*" for all of the season.
    """
    return CountKey(f"{season.year}-{season.term}", step, "open", code)


@register.simple_tag
def key_of(public_id: object, step: str, scope: str = "all") -> CountKey:
    """What a number of one round or run counts, for the tag `number`.

    Args:
        public_id: of the round or run. step: "programmes", "seats", "persons", "admitted", …
        scope: "open" without dedicated classes, "all" with them.
    """
    return CountKey(str(public_id), step, scope, "*")


@register.filter
def difference(total: int, wanted: int) -> str:
    """By how much a sum differs from the wanted one: 多 12 or 少 12."""
    return f"多 {total - wanted:,}" if total > wanted else f"少 {wanted - total:,}"


@register.filter
def mask(value: Any) -> str:
    """An ID number or phone for people without a reason to see it: 410***********1234, 138****1234."""
    text = str(value or "")
    return f"{text[:3]}****{text[-4:]}" if len(text) == 11 else id_number.mask(text)


@register.filter
def mask_name(value: Any) -> str:
    """张**, 买***·***; "" for no name."""
    return names.mask_name(str(value)) if value else ""


@register.simple_tag(takes_context=True)
def displayed(context: RequestContext, row: Any) -> SafeString:
    """The hidden field of a form that acts on `row`: the version that the page shows; "" without a row."""
    if not row:
        return SafeString()
    sealed = seal_displayed(context["request"], row.version)
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, sealed)


@register.simple_tag(takes_context=True)
def demonstration(context: RequestContext, place: str, **values: Any) -> SafeString:
    """What the demonstration adds at `place` of the page; "" in production."""
    return get_demonstration().fragment(place, {str(name): value for name, value in context.flatten().items()} | values)


@register.simple_tag(takes_context=True)
def in_season(context: RequestContext, url: str) -> str:
    """The address with the season that is chosen in the address of this page, if one is."""
    request = getattr(context, "request", None)
    return keep_season(url, request.GET.get("season", "") if request else "")


@register.simple_tag
def policy(name: str, **facts: str) -> str:
    """The value of a rule in force now, in words with its unit.

    Args:
        name: of the key ("person.child_under").
        facts: what the case is, by axis (level="市级").
    """
    case = {Axis(axis): [value] for axis, value in facts.items()}
    return format_rule(KEYS[name], clock.now(), case)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing of `static/icons.svg`; it is always beside words, so screen readers skip it."""
    html = '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    return format_html(html, static("icons.svg"), name)


@register.simple_tag
def chip(state: str, label: str = "") -> SafeString:
    """A state as words, shape and colour.

    Args:
        state: a state of `rules/*_states.py` (PUBLISHED), the status of a window (open), or a look (draft).
        label: the words; by default those of the look.
    """
    look = look_of(str(state))
    return format_html('<span class="chip chip--{}">{}{}</span>', look.name, icon(look.icon), label or look.label)


@register.inclusion_tag("components/progress.html")
def progress(
    done: int | None, total: int | None, label: str = "完成", unit: str = "", keys: object = None
) -> dict[str, object]:
    """Bar and words. Without a target the rate is a dash, never 0 %; above 100 % the bar is full.

    Args:
        keys: the `CountKey` of the persons done ("counted") and of the rate ("rate"); None for no counts.
    """
    values = {"label": label, "unit": unit, "done": done, "total": None, "rate": DASH, "keys": keys or {}}
    if not total:
        return values
    count = done or 0
    rate = format_rate(completion_rate(count, total))
    return values | {"done": count, "total": total, "rate": rate, "filled": min(count, total), "full": count >= total}


@register.inclusion_tag("components/season_clock.html")
def season_clock(rows: Iterable[dict[str, Any]], now: datetime, title: str = "招生时间") -> dict[str, object]:
    """The windows of a season with what is open now.

    Args:
        rows: label, opens and closes of each window; both instants may be None.
        now: the database's clock.
    """
    windows = [row | {"status": window_status(row["opens"], row["closes"], now).value} for row in rows]
    return {"rows": windows, "now": now, "title": title}


@register.inclusion_tag("kit/seasons.html")
def season_tabs(season: Season) -> dict[str, object]:
    """Tabs of every season, with `season` marked; nothing where there is only one."""
    return {"season": season, "seasons": seasons()}


@register.inclusion_tag("components/tile_map.html")
def tile_map(
    tiles: Iterable[dict[str, Any]],
    label: str,
    scale: Sequence[tuple[str, str]] = SCALE,
    note: str = "每格一个单位，",
) -> dict[str, object]:
    """Henan's areas as equal tiles, shaded by rate or as the caller chooses.

    Args:
        tiles: code ("410100"), name, is_county (drawn round), url (may be missing), and rate (a share such as 0.83, or
            None), shade ("none", "1" to "4"), or both; number is the text, by default the rate.
        scale: (shade, words) of the key. note: what a tile and its number are.
    """
    shaded = [tile if "shade" in tile else _shade(tile["rate"]) | tile for tile in tiles]
    return {"tiles": shaded, "label": label, "scale": scale, "note": note}


def _shade(rate: float | None) -> dict[str, str]:
    if rate is None:
        return {"shade": "none", "number": DASH}
    return {"shade": str(max(0, min(4, int(rate * 4)))), "number": f"{100 * rate:.0f}%"}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, look: str = "") -> dict[str, object]:
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
        # A browser empties the field; the page says which file its faults are of.
        "sent": getattr(bound.data, "name", ""),
    }


@register.simple_block_tag
def table_region(content: str, label: str) -> SafeString:
    """A table in a labelled region, reachable by keyboard; one whose rows are two lines on a phone says its roles."""
    opening = format_html('<div class="table-frame" role="region" tabindex="0" aria-label="{}">', label)
    return SafeString(f"{opening}{_TWO_LINE_TABLE.sub(_add_roles, content)}</div>")


def _add_roles(table: re.Match[str]) -> str:
    """The table with the role of each element, which a browser may drop where CSS changes `display`."""
    return _TABLE_ELEMENT.sub(lambda tag: f'{tag[0]} role="{_ROLES[tag[1]]}"', table[0])


@register.simple_tag(takes_context=True)
def public_nav(context: RequestContext) -> list[NavLink]:
    """The public navigation with the reader's place marked."""
    return mark_active(PUBLIC_NAV, getattr(context.get("request"), "path", ""))
