"""The windows of a season along the year, in the shape of `components/gantt.html`. (X2.01)"""

from collections.abc import Iterable

from yangguang import clock
from yangguang.queries.publicity.public_home import SeasonWindow
from yangguang.web.kit.charts import Span, list_months


def draw_windows(windows: Iterable[SeasonWindow]) -> dict[str, object]:
    """One row a round, and one for each kind of window without a round; windows without a day are left out."""
    rows: dict[str, list[Span]] = {}
    for one in windows:
        if one.opens_at is not None:
            span = Span(f"{one.round}{one.kind.label}", one.opens_at, one.closes_at, one.status)
            rows.setdefault(one.round or one.kind.label, []).append(span)
    spans = [span for row in rows.values() for span in row]
    if not spans:
        return {"rows": []}
    now, first = clock.now(), min(span.opens_at for span in spans)
    ends = max([now, *(span.closes_at or span.opens_at for span in spans)])
    return {"rows": list(rows.items()), "begins": list_months(first, ends)[0], "ends": ends}
