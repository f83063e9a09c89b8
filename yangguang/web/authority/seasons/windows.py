"""All windows of a season, and setting one by two people. (S23-5.06, R2.05, F-H1)"""

from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.seasons import windows as acts
from yangguang.models import Round, Season, Window
from yangguang.queries.publicity.public_home import list_season_windows
from yangguang.queries.seasons.seasons import rounds_of, window_of
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import SHANGHAI, WindowKind, WindowStatus, format_instant, format_span, until
from yangguang.web.authority.base.layout import confirmation, page, season_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import confirm, redirect_to, submitted_data
from yangguang.web.kit.displayed import FIELD, DisplayedForm, read_displayed, whole_form_values
from yangguang.web.kit.forms import DayField, InstantField, add_refusal

_MINUTE = "%Y-%m-%dT%H:%M"


class WindowChoiceForm(forms.Form):
    """Which window; read from the address, so that a link may name it."""

    round = forms.ChoiceField(label="批次", required=False)
    kind = forms.ChoiceField(label="事项", choices=WindowKind.choices())

    def __init__(self, rounds: list[Round], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.number), one.name) for one in rounds]
        self.fields["round"].choices = [("", "整个招生季"), *choices]  # type: ignore[attr-defined]
        self.rounds = rounds

    @property
    def choice(self) -> tuple[Round | None, WindowKind]:
        """The round (None: the whole season) and the kind."""
        number, kind = self.cleaned_data["round"], self.cleaned_data["kind"]
        return next((one for one in self.rounds if str(one.number) == number), None), WindowKind(kind)


class WindowForm(WindowChoiceForm):
    """One window; the end is typed as the last day, whose midnight is the end unless a time is typed."""

    opens_at = InstantField(
        label="开始",
        required=False,
        help_text="不填为待定，待定期间不开放",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTE),
    )
    last_day = DayField(
        label="截止日",
        required=False,
        help_text="开放到这一天的24:00（次日00:00）；不填为待定",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last_time = forms.TimeField(
        label="截止时刻",
        required=False,
        help_text="截止日当天24:00以前就截止的才填",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    source = forms.CharField(label="依据文件", max_length=200, help_text="文件名和文号；随开放时间一起公示")

    def __init__(self, rounds: list[Round], *args: Any, is_chosen: bool = True, **kwargs: Any) -> None:
        super().__init__(rounds, *args, **kwargs)
        if is_chosen:
            for name in WindowChoiceForm.base_fields:
                self.fields[name].widget = forms.HiddenInput()

    def clean(self) -> dict[str, object]:
        """A time of day needs its day."""
        values = self.cleaned_data
        if values.get("last_time") and not values.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", "填写了截止时刻，请同时填写截止日")
        return values

    def closes_at(self) -> datetime | None:
        """The exclusive end in Beijing time."""
        day, time = self.cleaned_data["last_day"], self.cleaned_data["last_time"]
        if day is None or time is None:
            return until(day) if day else None
        return datetime.combine(day, time, SHANGHAI)

    def arguments(self, season: Season) -> dict[str, Any]:
        """The arguments of the act; an unchanged end keeps its seconds, which the form does not show."""
        round, kind = self.choice
        window = window_of(season, round, kind) or Window()
        return {
            "season": season,
            "round": round,
            "kind": kind,
            "opens_at": _keep_seconds(window.opens_at, self.cleaned_data["opens_at"]),
            "closes_at": _keep_seconds(window.closes_at, self.closes_at()),
            "source": self.cleaned_data["source"].strip(),
        }


def _keep_seconds(stored: datetime | None, typed: datetime | None) -> datetime | None:
    is_same = stored and typed and stored.replace(second=0, microsecond=0) == typed
    return stored if is_same else typed


def _initial_of(window: Window | None) -> dict[str, object]:
    """The stored window as initial values of the form."""
    if window is None:
        return {}
    end = window.closes_at and window.closes_at.astimezone(SHANGHAI)
    midnight = end is not None and end.time() == time()
    return {
        "opens_at": window.opens_at,
        "last_day": end and (end - timedelta(days=midnight)).date(),
        "last_time": None if midnight else end and end.time(),
        "source": window.source,
    }


@require_safe
def windows(request: Request) -> HttpResponse:
    """Every window of the season with its status and source."""
    season, at = season_of(request), clock.now()
    ticks = list_season_windows(season, at)
    past = [tick for tick in ticks if tick.status is WindowStatus.AFTER]
    values = {"season": season, "ticks": ticks, "past": past, "ahead": [tick for tick in ticks if tick not in past]}
    return page(request, "seasons/windows", values)


@require_http_methods(["GET", "HEAD", "POST"])
def set_window(request: Request) -> HttpResponse:
    """Choose the window, enter its times, read the effects, sign; the second person enters the same."""
    rounds = rounds_of(season := season_of(request))
    back = f"{reverse('authority:windows')}?season={season.public_id}"
    values = {"season": season, "back": back}
    if request.method != "POST":
        choice = WindowChoiceForm(rounds, request.GET or None)
        return page(request, "seasons/window_set", values | _start_values(request, season, choice))
    data = submitted_data(request)
    form = WindowForm(rounds, data, is_chosen=WindowChoiceForm(rounds, data).is_valid())
    values |= {"form": form, "displayed": data.get(FIELD, "")}
    try:
        if form.is_valid():
            return _confirm(request, season, form, back)
    except Refused as refusal:
        now, typed = _stored(window_of(season, *form.choice)), partial(_describe, **form.arguments(season))
        again = f"{request.path}?{_query_of(season, form)}"
        values |= whole_form_values(request, now, data, typed, refusal) | {"again": again}
        refusal.where = {"closes_at": "last_day"}.get(refusal.where, refusal.where)
        add_refusal(form, refusal)
        return page(request, "seasons/window_set", values, status=refusal.status)
    return page(request, "seasons/window_set", values, status=422)


def _query_of(season: Season, form: WindowForm) -> str:
    chosen = {name: form.cleaned_data[name] for name in WindowChoiceForm.base_fields}
    return urlencode({"season": season.public_id} | chosen)


def _describe(*, opens_at: datetime | None, closes_at: datetime | None, source: str, **_: object) -> dict[str, str]:
    """A window by label, to be laid beside another one."""
    ends = {"开始": format_instant(opens_at), "截止": format_instant(closes_at, closing=True)}
    return ends | {"依据文件": source}


def _stored(window: Window | None) -> DisplayedForm:
    """What the page shows of the stored window."""
    if window is None:
        return DisplayedForm("0")
    values = _describe(opens_at=window.opens_at, closes_at=window.closes_at, source=window.source)
    return DisplayedForm(str(window.version), values)


def _start_values(request: Request, season: Season, pick: WindowChoiceForm) -> dict[str, object]:
    """The choice of a window; when the address names one, its form with the stored times."""
    if "kind" not in pick.data:
        return {"pick": WindowChoiceForm(pick.rounds)}
    if not pick.is_valid():
        return {"pick": pick}
    round, kind = pick.choice
    window = window_of(season, round, kind)
    form = WindowForm(pick.rounds, initial=pick.cleaned_data | _initial_of(window))
    displayed = whole_form_values(request, _stored(window), None, dict, None)
    return {"form": form, "window": window, "about": f"{round or '整个招生季'}·{kind.label}"} | displayed


def _confirm(request: Request, season: Season, form: WindowForm, back: str) -> HttpResponse:
    arguments = form.arguments(season)
    kind, span = arguments["kind"].label, format_span(arguments["opens_at"], arguments["closes_at"])
    effects = [
        (f"{kind}开放时间为{span}，以平台收到的时间为准。", False),
        ("已经开始的时间段有改动的，平台同时自动发布公告。", False),
        ("两个人填写的内容必须完全相同。", False),
    ]
    title = f"设定{arguments['round'] or season}{kind}时间？"
    confirm_page = confirmation(request, title, "设定时间", effects, back)
    seen = read_displayed(request, submitted_data(request)).version
    prepared = acts.set_window.prepare(by=request.actor, seen=seen, **arguments)
    return confirm(request, prepared, lambda: confirm_page, redirect_to(back))
