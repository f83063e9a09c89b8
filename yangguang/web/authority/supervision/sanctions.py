"""处理措施: proposed by a bureau, decided by another officer at the province or withdrawn, every effect named.
(S23-2.02, S23-2.03, S24-4.05, R10.02)
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.supervision import sanctions as acts
from yangguang.models import Sanction, Unit, ViolationKind
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import format_instant
from yangguang.rules.supervision.sanctions import Measure
from yangguang.web.authority.base.layout import confirmation, page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.approval_strip import ApprovalStep
from yangguang.web.kit.confirmation import (
    Confirmation,
    Effects,
    confirm,
    confirm_or_refuse,
    redirect_to,
    submitted_data,
)
from yangguang.web.kit.forms import InstantField, add_refusal
from yangguang.web.kit.paging import page_of

_MINUTE = "%Y-%m-%dT%H:%M"
EFFECTS: dict[Measure, list[tuple[str, bool]]] = {
    Measure.WARN: [],
    Measure.CAP: [("填报这所学校的考生到 {number} 人以后，不再接受新的填报；先前填报的不受影响。", True)],
    Measure.SHRINK: [("已公布的计划按比例压缩到 {number} 人；已被学生占用的名额一个也不动。", True)],
    Measure.STOP: [
        ("学校不再接受新的填报、注册和计划；已经取得名额的学生不受影响。", True),
        ("填报了这所学校的学生收到短信；志愿已截止的，另给时间改报。", False),
    ],
}


class SanctionForm(forms.Form):
    """A proposed measure."""

    unit = forms.ChoiceField(label="学校")
    measure = forms.ChoiceField(label="处理措施", choices=Measure.choices)
    violation = forms.ChoiceField(label="违规情形")
    sentence = forms.CharField(
        label="公示内容",
        max_length=200,
        help_text="一句话写明事实和依据；在首页、名录、学校主页、招生计划、填报志愿和应答的页面公开",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    number = forms.IntegerField(
        label="上限人数", required=False, min_value=0, max_value=99_999, help_text="只有限制报名人数、压缩招生计划要填"
    )
    starts_at = InstantField(label="起始", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTE))
    ends_at = InstantField(
        label="终止",
        required=False,
        help_text="不填表示另行通知",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTE),
    )

    def __init__(self, by: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.for_actor(by, Right.SANCTION_PROPOSE).filter(level=Unit.Level.SCHOOL).order_by("code")
        self.units = {str(unit.public_id): unit for unit in units}
        kinds = ViolationKind.objects.for_actor(by, Right.SANCTION_READ_PUBLIC_MARK)
        self.violations = {f"{kind.year}-{kind.position}": kind for kind in kinds}
        schools = [(key, f"{unit.name}（{unit.code}）") for key, unit in self.units.items()]
        self.fields["unit"].choices = schools  # type: ignore[attr-defined]
        texts = [(key, f"{kind.year}年：{kind.text}") for key, kind in self.violations.items()]
        self.fields["violation"].choices = texts  # type: ignore[attr-defined]

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of the act."""
        data = self.cleaned_data
        return data | {
            "unit": self.units[data["unit"]],
            "measure": Measure(data["measure"]),
            "violation": self.violations[data["violation"]],
            "sentence": data["sentence"].strip(),
        }


@require_safe
def sanctions(request: Request) -> HttpResponse:
    """Proposed and decided measures against the schools of the actor's area, the newest first."""
    rows = Sanction.objects.for_actor(request.actor, Right.SANCTION_PROPOSE)
    rows = rows.select_related("unit", "violation", "proposed_by", "decided_by")
    values = {
        "list": page_of(request, rows, ("-recorded_at", "-public_id")),
        "at": clock.now(),
        "may_approve": request.actor.may(Right.SANCTION_APPROVE),
        "own": request.actor.account,
    }
    return page(request, "supervision/sanctions", values)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Request) -> HttpResponse:
    """The form, then the effects, then the signature; nothing is public before the province decides."""
    data = submitted_data(request) if request.method == "POST" else None
    form = SanctionForm(request.actor, data, initial={"starts_at": clock.now()})
    if form.is_valid():
        prepared = acts.propose.prepare(by=request.actor, **form.arguments)
        back = reverse("authority:sanctions")
        try:
            return confirm(request, prepared, lambda: _ask_proposal(request, form.arguments, back), redirect_to(back))
        except Refused as refusal:
            add_refusal(form, refusal)
    trail = [("处理措施", reverse("authority:sanctions")), ("提出处理措施", "")]
    values = {"form": form, "trail": trail}
    return page(request, "supervision/sanction_new", values, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: Request, sanction: UUID) -> HttpResponse:
    """The province decides what another officer proposed."""
    rows = Sanction.objects.for_actor(request.actor, Right.SANCTION_APPROVE)
    rows = rows.select_related("unit", "violation", "proposed_by")
    row: Sanction = rows.get_or_not_found(public_id=sanction)
    prepared = acts.approve.prepare(by=request.actor, sanction=row)
    return confirm_or_refuse(request, prepared, lambda: _ask_approval(request, row))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, sanction: UUID) -> HttpResponse:
    """The proposer withdraws what the province has not decided."""
    rows = Sanction.objects.for_actor(request.actor, Right.SANCTION_PROPOSE)
    row: Sanction = rows.select_related("unit", "violation").get_or_not_found(public_id=sanction)
    prepared = acts.withdraw.prepare(by=request.actor, sanction=row)
    return confirm_or_refuse(request, prepared, lambda: _ask_withdrawal(request, row))


def _ask_proposal(request: Request, arguments: dict[str, Any], back: str) -> Confirmation:
    unit, measure, number = arguments["unit"], arguments["measure"], arguments["number"]
    effects = [
        ("现在什么都不公开；省级另一个人批准以后才生效。", False),
        *_describe_effects(measure, number, arguments["sentence"]),
    ]
    title = f"对{unit.name}提出“{measure.label}”？"
    ask = confirmation(request, title, "提出处理措施", effects, back, sanction=Sanction(**_as_row(arguments)))
    return replace(ask, template="authority/supervision/sanction_confirm.html", is_danger=True)


def _as_row(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments of the act as the columns of its row, to show what will be stored."""
    columns = ("unit", "violation", "sentence", "starts_at", "ends_at")
    return {name: arguments[name] for name in columns} | {"kind": arguments["measure"], "cap": arguments["number"]}


def _ask_approval(request: Request, row: Sanction) -> Confirmation:
    measure = Measure(row.kind)
    effects = [
        (f"从{format_instant(row.starts_at)}起生效；起始已过的，批准后立即生效。", False),
        *_describe_effects(measure, row.cap, row.sentence),
        ("学校登录后，在工作台上看到这项措施。", False),
    ]
    steps = [
        ApprovalStep("提出", "done", who=str(row.proposed_by), at=row.recorded_at, key="优盾已签名"),
        ApprovalStep("批准", "now", note="您签名后，按起始时间生效"),
    ]
    title, back = f"批准对{row.unit.name}“{measure.label}”？", reverse("authority:sanctions")
    ask = confirmation(request, title, "批准", effects, back, approvals=steps, sanction=row)
    return replace(ask, template="authority/supervision/sanction_confirm.html", is_danger=True)


def _ask_withdrawal(request: Request, row: Sanction) -> Confirmation:
    effects: Effects = [
        ("省级不能再批准这项措施；它没有公开过，也没有生效过。", False),
        ("记录留在列表里，注明已撤回；同样的内容可以重新提出。", False),
    ]
    title, back = f"撤回对{row.unit.name}提出的“{row.get_kind_display()}”？", reverse("authority:sanctions")
    ask = confirmation(request, title, "撤回", effects, back, sanction=row)
    return replace(ask, template="authority/supervision/sanction_confirm.html")


def _describe_effects(measure: Measure, number: int | None, sentence: str) -> Effects:
    mark = (
        f"首页、招生学校名录、学校主页、招生计划、填报志愿和应答的页面都公开警示标注：“{measure.label}：{sentence}”。",
        True,
    )
    return [mark, *((text.format(number=number), is_loss) for text, is_loss in EFFECTS[measure])]
