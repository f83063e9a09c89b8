"""When what is open: all windows of a season, and setting one by two people. ([S23] 五; domain-rules §2)"""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions import windows as acts
from yangguang.models import Round, Season
from yangguang.queries.desk_seasons import rounds_of, seasons
from yangguang.queries.front import season_clock
from yangguang.rules.refusals import Refused
from yangguang.rules.rounds import WindowKind
from yangguang.rules.windows import SHANGHAI, say_span
from yangguang.web.authority.acting import ask
from yangguang.web.authority.frame import page, season_of
from yangguang.web.kit.actor import Request
from yangguang.web.kit.factor import typed
from yangguang.web.kit.forms import DayField, InstantField, beside


class WindowForm(forms.Form):
    """One window; the end is typed as the last day, whose midnight is the end."""

    round = forms.ChoiceField(label="批次", required=False)
    kind = forms.ChoiceField(label="事项", choices=WindowKind.choices())
    opens_at = InstantField(
        label="开始", required=False, help_text="不填为待定，待定期间不开放",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    last_day = DayField(
        label="截止日", required=False, help_text="开放到这一天的24:00（次日00:00）；不填为待定",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    source = forms.CharField(label="依据文件", max_length=200, help_text="文件名和文号；随开放时间一起公示")

    def __init__(self, rounds: list[Round], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.number), one.name) for one in rounds]
        self.fields["round"].choices = [("", "整个招生季"), *named]  # type: ignore[attr-defined]

    def closes_at(self) -> datetime | None:
        """The exclusive end in Beijing time."""
        day = self.cleaned_data["last_day"]
        return (
            None
            if day is None
            else datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1)
        )

    def asked(self, season: Season, rounds: list[Round]) -> dict[str, Any]:
        """What the act is called with."""
        said = self.cleaned_data
        return {
            "season": season,
            "round": next((one for one in rounds if str(one.number) == said["round"]), None),
            "kind": WindowKind(said["kind"]),
            "opens_at": said["opens_at"],
            "closes_at": self.closes_at(),
            "source": said["source"].strip(),
        }


@require_safe
def windows(request: Request) -> HttpResponse:
    """Every window of the season with its standing and source."""
    season, at = season_of(request), clock.now()
    values = {"season": season, "seasons": seasons(), "ticks": season_clock(season, at)}
    return page(request, "windows", values)


@require_http_methods(["GET", "HEAD", "POST"])
def set_window(request: Request) -> HttpResponse:
    """Type it, read what it does, sign; the second person types the same."""
    season = season_of(request)
    rounds = rounds_of(season)
    back = f"{reverse('authority:windows')}?season={season.public_id}"
    if request.method != "POST":
        picked = {name: request.GET.get(name, "") for name in ("round", "kind")}
        return page(
            request,
            "window_set",
            {"season": season, "back": back, "form": WindowForm(rounds, initial=picked)},
        )
    form = WindowForm(rounds, typed(request))
    if form.is_valid():
        try:
            return _confirm(request, season, rounds, form, back)
        except Refused as refusal:
            refusal.where = {"closes_at": "last_day"}.get(refusal.where, refusal.where)
            beside(form, refusal)
    return page(request, "window_set", {"season": season, "back": back, "form": form}, status=422)


def _confirm(
    request: Request, season: Season, rounds: list[Round], form: WindowForm, back: str
) -> HttpResponse:
    asked = form.asked(season, rounds)
    kind, span = asked["kind"].label, say_span(asked["opens_at"], asked["closes_at"])
    effects = [
        (f"{kind}开放时间为{span}，以平台收到的时间为准。", False),
        ("已经开始的时间段有改动的，平台同时自动发布公告。", False),
        ("两个人填写的内容必须完全相同。", False),
    ]
    title = f"设定{asked['round'] or season}{kind}时间？"
    return ask(request, acts.set_window, asked, title=title, act="设定时间", effects=effects, back=back)
