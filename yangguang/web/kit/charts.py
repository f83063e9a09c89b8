"""Pictures as inline SVG, made on the server. (X3.03)

Places and lengths are attributes in per cent, so that a strict CSP holds, the picture takes any width and its text
never scales. Every picture stands beside or above a table with the same numbers, therefore it is hidden from screen
readers. Colours are classes of `static/charts.css`: one ramp of five steps, ink for limits, grey for losses.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from yangguang.rules.seasons.windows import SHANGHAI, WindowStatus

register = template.Library()
_OPENING = '<svg class="chart" height="{}" aria-hidden="true" focusable="false">'


class Span(NamedTuple):
    """A period on a time axis; without an end it lasts to the end of the axis."""

    label: str
    opens_at: datetime
    closes_at: datetime | None
    status: WindowStatus


@register.simple_tag
def bar_chart(
    part: float | None, whole: float | None, fill: int = 4, limit: float | None = None, lost: float | None = None
) -> SafeString:
    """A horizontal bar.

    Args:
        part: length of the bar, on the scale of `whole`; unknown draws nothing.
        fill: step of the ramp, 1 to 5.
        limit: where a dashed line stands (a median, what is expected today), on the scale of `whole`.
        lost: where the bar before ended; the difference is drawn pale.
    """
    if not whole or part is None:
        return SafeString()
    shapes = [_rectangle(0, lost / whole, "1")] if lost is not None else []
    shapes.append(_rectangle(0, part / whole, str(fill)))
    if limit is not None:
        at = _percent(limit / whole)
        shapes.append(format_html('<line class="limit dashed" x1="{0}" x2="{0}" y1="0" y2="14"></line>', at))
    return _svg(14, shapes)


@register.simple_tag
def column_chart(values: Sequence[int], pace: float | None = None) -> SafeString:
    """Columns side by side, one a day, with the number that each day would need as a dashed line."""
    highest = max([*values, pace or 0, 1])
    width = 1 / max(len(values), 1)
    shapes = [
        format_html(
            '<rect class="fill-3" x="{}" width="{}" y="{}" height="{}" rx="1"></rect>',
            _percent((number + 0.1) * width),
            _percent(0.8 * width),
            _percent(1 - value / highest),
            _percent(value / highest),
        )
        for number, value in enumerate(values)
    ]
    if pace is not None:
        at = _percent(1 - pace / highest)
        shapes.append(format_html('<line class="limit dashed" x1="0" x2="100%" y1="{0}" y2="{0}"></line>', at))
    return _svg(72, shapes)


@register.simple_tag
def seat_chart(last: int | None, own: int | None, seats: int) -> SafeString:
    """A row of seats in the order of the list: up to the last admitted, and where the own place is.

    Args:
        last: place of the last person admitted; None before anyone is.
        own: the reader's place; None without one.
    """
    whole = 1.08 * max(last or 0, own or 0, seats, 1)
    shapes = [_rectangle(0, 1, "0"), _rectangle(0, (last or 0) / whole, "2")]
    if own:
        shapes.append(
            format_html('<circle class="fill-5" cx="{}" cy="7" r="6"></circle>', _percent((own - 0.5) / whole))
        )
    if last:
        at = _percent(last / whole)
        shapes.append(format_html('<line class="limit" x1="{0}" x2="{0}" y1="0" y2="14"></line>', at))
    return _svg(14, shapes)


@register.simple_tag
def ring_chart(done: int, total: int | None) -> SafeString:
    """A share of a whole as a ring with its per cent; without a whole an empty ring."""
    share = min(done / total, 1) if total else 0
    text = f"{100 * share:.0f}%" if total else "—"
    return format_html(
        '<svg class="ring" viewBox="0 0 48 48" aria-hidden="true" focusable="false">'
        '<circle cx="24" cy="24" r="20"></circle>'
        '<circle class="{}" cx="24" cy="24" r="20" stroke-dasharray="{} 126" transform="rotate(-90 24 24)">'
        '</circle><text x="24" y="28">{}</text></svg>',
        "is-full" if share == 1 else "is-share",
        f"{125.66 * share:.1f}",
        text,
    )


@register.simple_tag
def step_chart(start: float, end: float, whole: float, is_sum: bool = False) -> SafeString:  # noqa: FBT001, FBT002
    """One row of a waterfall: from `start` to `end`; a sum stands on the axis in the deepest step, a loss is grey."""
    fill = "5" if is_sum else "loss" if end < start else "3"
    low, high = sorted((0 if is_sum else start, end))
    return _svg(14, [_rectangle(low / whole, (high - low) / whole, fill)] if whole else [])


@register.simple_tag
def span_chart(spans: Iterable[Span], begins: datetime, ends: datetime, now: datetime) -> SafeString:
    """One row of a Gantt chart between `begins` and `ends`: open is deep, closed is pale, coming is dashed."""
    whole = (ends - begins).total_seconds()
    shapes = []
    for span in spans:
        left = max((span.opens_at - begins).total_seconds() / whole, 0)
        right = min(((span.closes_at or ends) - begins).total_seconds() / whole, 1)
        look = {WindowStatus.OPEN: "fill-5", WindowStatus.AFTER: "fill-2"}.get(span.status, "outline")
        shapes.append(
            format_html(
                '<rect class="{}" x="{}" width="{}" y="4" height="14" rx="2"><title>{}</title></rect>',
                look,
                _percent(left),
                _percent(max(right - left, 0.004)),
                span.label,
            )
        )
    at = _percent((now - begins).total_seconds() / whole)
    shapes.append(format_html('<line class="limit" x1="{0}" x2="{0}" y1="0" y2="22"></line>', at))
    return _svg(22, shapes)


@register.simple_tag
def month_axis(begins: datetime, ends: datetime) -> SafeString:
    """The head of a Gantt chart: the first of each month with its name."""
    whole = (ends - begins).total_seconds()
    shapes = []
    for first in list_months(begins, ends):
        at = _percent((first - begins).total_seconds() / whole)
        shapes.append(format_html('<text x="{}" y="14">{}月</text>', at, first.month))
    return _svg(18, shapes)


def list_months(begins: datetime, ends: datetime) -> list[datetime]:
    """The first instants of the months from that of `begins` to before `ends`, in Beijing time."""
    local = begins.astimezone(SHANGHAI)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = []
    while first < ends:
        months.append(first)
        first = (first + timedelta(days=32)).replace(day=1)
    return months


def find_largest_loss(steps: Sequence[tuple[str, int]]) -> tuple[str, int] | None:
    """The step of a funnel that loses most, with the number of persons; None when no one is lost."""
    losses = [(after[0], before[1] - after[1]) for before, after in pairwise(steps)]
    label, persons = max(losses, key=lambda loss: loss[1], default=("", 0))
    return (label, persons) if persons > 0 else None


def find_median(rates: Iterable[float | None]) -> float | None:
    """The median of the known rates; None without any."""
    known = [rate for rate in rates if rate is not None]
    return median(known) if known else None


def _svg(height: int, shapes: Iterable[SafeString]) -> SafeString:
    return format_html(
        "{}{}</svg>", format_html(_OPENING, height), format_html_join("", "{}", ((one,) for one in shapes))
    )


def _rectangle(left: float, width: float, fill: str) -> SafeString:
    values = (fill, _percent(left), _percent(width))
    return format_html('<rect class="fill-{}" x="{}" width="{}" y="1" height="12" rx="2"></rect>', *values)


def _percent(share: float) -> str:
    return f"{100 * max(0.0, min(1.0, share)):.2f}%"
