"""What an officer's act on a round or a run requires; the page checks it first, the act again. (F-D1, F-D5, F-D6)"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from yangguang.models import AdmissionRun, LotterySeed, Round
from yangguang.postgres.sql import fetch_one
from yangguang.queries.runs.preconditions import RANKED, get_publication_time
from yangguang.queries.runs.runs import find_last_run
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.queries.seasons.windows import effective_span
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.dual_approval import require_second_person
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.runs import run_states
from yangguang.rules.runs.rounds import ONLY_WITHOUT_SEAT, RANKING, RoundKind
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.windows import WindowKind, format_closing, format_instant

_TWO = "公布录取须由两人分别用各自的优盾办理"
_UNPUBLISHED = """
SELECT r.name FROM yangguang_round AS r
WHERE r.season_id = %s AND r.number < %s AND r.kind = ANY(%s) AND r.opened_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM yangguang_choiceversion AS v WHERE v.round_id = r.id)
  AND NOT EXISTS (SELECT 1 FROM yangguang_admissionrun AS run WHERE run.round_id = r.id AND run.state = 'PUBLISHED')
ORDER BY r.number LIMIT 1
"""


def require_unopened(round: Round) -> None:
    """Raise IllegalMove if the round's programmes and seats are fixed already."""
    if round.opened_at is not None:
        raise IllegalMove(
            f"“{round.name}”已经开设", why="批次的计划行和名额在开设时已经确定", now="新的剩余名额请放入下一个批次"
        )


def require_earlier_published(round: Round, kind: str) -> None:
    """Raise Refused for a supplementary round if an earlier round with choices is not published.

    Args:
        kind: of the round, as it is to be opened.
    """
    if kind not in ONLY_WITHOUT_SEAT:
        return
    row = fetch_one(_UNPUBLISHED, (round.season_id, round.number, sorted(RANKING)))
    if row is not None:
        raise Refused(
            f"“{row.name}”的结果还没有公布，不能开设补录",
            why="补录只面向没有名额的学生，只用剩余的名额；这两样都要等它公布才知道",
            now="请先公布它的结果",
        )


def require_main_round_allowed(round: Round, kind: str, at: datetime) -> None:
    """Raise Refused when the season has as many opened rounds of 集中录取 as the rule allows."""
    if kind != RoundKind.RANKED:
        return
    rule = rule_at(at, policy_keys.MAIN_ROUNDS)
    opened = Round.objects.filter(season=round.season_id, kind=RoundKind.RANKED).exclude(opened_at=None)
    if opened.exclude(pk=round.pk).count() >= rule.value:
        raise Refused("这个招生季不能再开设集中录取", why=rule.sentence, now="请开设补录", clause=rule.citation)


def require_seed_part(by: Actor, round: Round, at: datetime) -> LotterySeed | None:
    """The seed of the round with its first part, None before, if the officer may submit a part now.

    Raises:
        Refused: a round without lottery, choices that are final, a third part, or the same officer twice.
    """
    if round.kind not in RANKED:
        raise Refused(f"“{round.name}”不按志愿排名录取，不需要抽签", now="请选择按志愿录取的批次")
    window = effective_span(WindowKind.CHOICES, round)
    if window is not None and window[1] is not None and at >= window[1]:
        raise Refused(
            f"志愿填报已经截止（{format_closing(window[1])}），不能再承诺抽签种子",
            why="种子的承诺值必须在截止前公开，截止后谁也不能挑选种子",
            now="确有需要的，请先按程序延长志愿填报时间",
        )
    seed: LotterySeed | None = LotterySeed.objects.filter(round=round).first()
    if seed is not None and seed.second_by_id is not None:
        raise Refused("本批次的抽签种子已经由两人承诺", why="承诺公开后不能更改", now="无需再提交")
    require_second_person(
        by,
        first=None if seed is None else seed.first_by_id,
        what="您已经提交过第一份种子",
        why="两份种子须由两人各自提交，谁也不能单独决定抽签",
        now="请另一位同事提交第二份",
    )
    return seed


def require_transition(name: str, by: Actor, run: AdmissionRun) -> str:
    """The next state of the run, if the officer may make this transition now.

    Args:
        name: of the transition in `rules.runs.run_states`.
    Raises:
        IllegalMove: the transition does not start from the run's state.
        Refused: a trial, the same officer again, an unread difference, or another run under way.
    """
    state = run_states.TRANSITIONS.next_state(name, run.state)
    if name in _RULES:
        _RULES[name](by, run)
    return state


def require_publication_time(round: Round, at: datetime) -> None:
    """Raise Refused before the instant at which all students get the results."""
    opens = get_publication_time(round)
    if opens is not None and at < opens:
        raise Refused(
            f"统一公布时间是{format_instant(opens)}，现在还不能公布",
            why="所有学生在同一时刻知道结果",
            now="请到时再点“公布录取”",
        )


def _require_proposable(by: Actor, run: AdmissionRun) -> None:
    if run.is_what_if:
        raise Refused("试算的结果不能公布", why="试算不是正式录取", now="请在志愿填报截止后发起正式运算")
    if len(run.report["held_back"]) == run.counts["programmes"] > 0:
        raise Refused("核验发现问题，全部计划行都被扣下", now="请查看核验报告，改正后重新运算")
    before = find_last_run(run)
    if before is not None and (run.compared_by_id, run.compared_with_id) != (by.account, before.pk):
        raise Refused(
            f"本次运算与第{before.number}次运算的差异，您还没有核对",
            why="重新运算的结果，提请人须先看过谁的结果变了",
            now="请打开“与上次运算的差异”，逐项看过后按“已核对”",
            where="difference",
        )


def _require_approver(by: Actor, run: AdmissionRun) -> None:
    what, now = "本次运算由您发起或提请，须由另一个人批准", "请通知有同样岗位的另一位同事登录批准"
    require_second_person(by, first=(run.started_by_id, run.proposed_by_id), what=what, why=_TWO, now=now)


def _require_publisher(by: Actor, run: AdmissionRun, act: str = "公布") -> None:
    """Another officer than the approver; and no run that may replace this result is under way."""
    what, now = "本次公布由您批准，须由另一个人执行公布", "请提请公布的同事登录公布"
    require_second_person(by, first=run.approved_by_id, what=what, why=_TWO, now=now)
    if run.round.runs.filter(state__in=run_states.COMPUTING, is_what_if=False).exists():
        raise Refused(f"本批次正在重新运算，不能{act}", now="请等它结束，或先取消它")


def _require_one_of_the_two(by: Actor, run: AdmissionRun) -> None:
    if by.account not in (run.approved_by_id, run.published_by_id):
        raise Refused(
            "定时公布只能由决定它的两人之一撤销",
            why=f"本次由{run.approved_by}批准、{run.published_by}设定",
            now="请联系其中一位",
        )


_RULES: dict[str, Callable[[Actor, AdmissionRun], None]] = {
    "propose": _require_proposable,
    "approve": _require_approver,
    "publish": _require_publisher,
    "time": partial(_require_publisher, act="定时公布"),
    "call_off": _require_one_of_the_two,
}
