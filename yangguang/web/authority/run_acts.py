"""Propose, approve, publish a run: three signatures of two people, over exactly this run. (D4, D5)"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.actions import runs as acts
from yangguang.queries.desk_rounds import run_named
from yangguang.rules.refusals import NotHere
from yangguang.web.authority.acting import Effects, sign
from yangguang.web.authority.rounds import strip
from yangguang.web.kit.actor import Request

two_ways = require_http_methods(["GET", "HEAD", "POST"])


@two_ways
def propose(request: Request, run: UUID) -> HttpResponse:
    """Ask for the publication."""
    return _act(
        request, run, acts.propose, "提请公布", [("由另一个人核对后批准；提请人不能批准自己的提请。", False)]
    )


@two_ways
def approve(request: Request, run: UUID) -> HttpResponse:
    """Approve it; the results are still unseen by families."""
    effects = [
        ("批准后由另一个人在统一公布时间执行公布；学生此时还看不到结果。", False),
        ("您确认已经看过核验报告。", False),
    ]
    return _act(request, run, acts.approve, "批准公布", effects)


@two_ways
def publish(request: Request, run: UUID) -> HttpResponse:
    """Make the results official."""
    effects = [
        ("全体参加者同时看到结果和每个志愿的理由，并收到短信；公布后不能改动。", True),
        ("录取生效，学位占用；抽签种子公开，任何人都能复算。", False),
        ("核验扣下的计划行不公布；此前已另有学位的学生跳过并列出。", False),
    ]
    return _act(request, run, acts.publish, "公布录取", effects)


def _act(request: Request, public_id: UUID, verb: Any, act: str, effects: Effects) -> HttpResponse:
    found = run_named(request.actor, public_id)
    if found is None:
        raise NotHere("没有找到这条信息", why="它不存在，或者不在您的岗位范围内", now="请从批次页面重新进入")
    placed = found.counts.get("placed", 0)
    return sign(
        request, verb, {"run": found, "seen_version": found.version},
        title=f"{act}：{found.round.name}第{found.number}次运算（拟录取 {placed:,} 人）？", act=act, effects=effects,
        back=reverse("authority:run", args=[public_id]), more={"two": strip(found)},
    )  # fmt: skip
