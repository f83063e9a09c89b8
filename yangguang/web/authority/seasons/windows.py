"""When what is open: all windows of a season, and setting one by two people. (S23-5.06, R2.05, F-H1)"""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.seasons import windows as acts
from yangguang.models import Round, Season, Window
from yangguang.queries.publicity.public_home import season_clock
from yangguang.queries.seasons.seasons import rounds_of, seasons, window_of
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.rules.seasons.windows import SHANGHAI, format_span, until
from yangguang.web.authority.base.layout import confirmation, page, season_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import DayField, InstantField, beside

_MINUTE = "%Y-%m-%dT%H:%M"


class PickForm(forms.Form):
    """Which window; read from the address, so that a link may name it."""

    round = forms.ChoiceField(label="批次", required=False)
    kind = forms.ChoiceField(label="事项", choices=WindowKind.choices())

    def __init__(self, rounds: list[Round], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.number), one.name) for one in rounds]
        self.fields["round"].choices = [("", "整个招生季"), *named]  # type: ignore[attr-defined]
        self.rounds = rounds

    @property
    def named(self) -> tuple[Round | None, WindowKind]:
        """The round (None: the whole season) and the kind that were picked."""
        number, kind = self.cleaned_data["round"], self.cleaned_data["kind"]
        return next((one for one in self.rounds if str(one.number) == number), None), WindowKind(kind)


class WindowForm(PickForm):
    """One window; the end is typed as the last day, whose midnight is the end unless a time is typed."""

    opens_at = InstantField(
        label="开始", required=False, help_text="不填为待定，待定期间不开放",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTE),
    )  # fmt: skip
    last_day = DayField(
        label="截止日", required=False, help_text="开放到这一天的24:00（次日00:00）；不填为待定",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    last_time = forms.TimeField(
        label="截止时刻", required=False, help_text="截止日当天24:00以前就截止的才填",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    source = forms.CharField(label="依据文件", max_length=200, help_text="文件名和文号；随开放时间一起公示")

    def __init__(self, rounds: list[Round], *args: Any, picked: bool = True, **kwargs: Any) -> None:
        super().__init__(rounds, *args, **kwargs)
        if picked:
            for name in PickForm.base_fields:
                self.fields[name].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """A time of day is the time of some day."""
        said = super().clean() or {}
        if said.get("last_time") and not said.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", "填写了截止时刻，请同时填写截止日")
        return said

    def closes_at(self) -> datetime | None:
        """The exclusive end in Beijing time."""
        day, time = self.cleaned_data["last_day"], self.cleaned_data["last_time"]
        if day is None or time is None:
            return until(day) if day else None
        return datetime.combine(day, time, SHANGHAI)

    def asked(self, season: Season) -> dict[str, Any]:
        """What the act is called with; an end nobody touched keeps its seconds, which the form does not show."""
        round, kind = self.named
        held = window_of(season, round, kind)
        return {
            "season": season,
            "round": round,
            "kind": kind,
            "opens_at": _untouched(held.opens_at if held else None, self.cleaned_data["opens_at"]),
            "closes_at": _untouched(held.closes_at if held else None, self.closes_at()),
            "source": self.cleaned_data["source"].strip(),
        }


def _untouched(held: datetime | None, typed: datetime | None) -> datetime | None:
    same = held and typed and held.replace(second=0, microsecond=0) == typed
    return held if same else typed


def _shown(held: Window | None) -> dict[str, Any]:
    """The window that is there, as the form types it."""
    if held is None:
        return {}
    end = held.closes_at and held.closes_at.astimezone(SHANGHAI)
    midnight = end is not None and end.time() == time()
    return {
        "opens_at": held.opens_at,
        "last_day": end and (end - timedelta(days=midnight)).date(),
        "last_time": None if midnight else end and end.time(),
        "source": held.source,
    }


@require_safe
def windows(request: Request) -> HttpResponse:
    """Every window of the season with its standing and source."""
    season, at = season_of(request), clock.now()
    values = {"season": season, "seasons": seasons(), "ticks": season_clock(season, at)}
    return page(request, "seasons/windows", values)


@require_http_methods(["GET", "HEAD", "POST"])
def set_window(request: Request) -> HttpResponse:
    """Pick it, type it, read what it does, sign; the second person types the same."""
    season = season_of(request)
    rounds = rounds_of(season)
    back = f"{reverse('authority:windows')}?season={season.public_id}"
    values = {"season": season, "back": back}
    if request.method != "POST":
        return page(
            request, "seasons/window_set", values | _opened(season, PickForm(rounds, request.GET or None))
        )
    said = submitted_data(request)
    form = WindowForm(rounds, said, picked=PickForm(rounds, said).is_valid())
    if form.is_valid():
        try:
            return _confirm(request, season, form, back)
        except Refused as refusal:
            refusal.where = {"closes_at": "last_day"}.get(refusal.where, refusal.where)
            beside(form, refusal)
    return page(request, "seasons/window_set", values | {"form": form}, status=422)


def _opened(season: Season, pick: PickForm) -> dict[str, Any]:
    """The first page without a window named; with one, the form filled with what holds now."""
    if "kind" not in pick.data:
        return {"pick": PickForm(pick.rounds)}
    if not pick.is_valid():
        return {"pick": pick}
    round, kind = pick.named
    held = window_of(season, round, kind)
    form = WindowForm(pick.rounds, initial=pick.cleaned_data | _shown(held))
    return {"form": form, "held": held, "about": f"{round or '整个招生季'}·{kind.label}"}


def _confirm(request: Request, season: Season, form: WindowForm, back: str) -> HttpResponse:
    asked = form.asked(season)
    kind, span = asked["kind"].label, format_span(asked["opens_at"], asked["closes_at"])
    effects = [
        (f"{kind}开放时间为{span}，以平台收到的时间为准。", False),
        ("已经开始的时间段有改动的，平台同时自动发布公告。", False),
        ("两个人填写的内容必须完全相同。", False),
    ]
    title = f"设定{asked['round'] or season}{kind}时间？"
    shown = confirmation(request, title, "设定时间", effects, back)
    prepared = acts.set_window.prepare(by=request.actor, **asked)
    return confirm(request, prepared, lambda: shown, redirect_to(back))
