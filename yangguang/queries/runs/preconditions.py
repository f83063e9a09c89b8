"""The conditions of a run, with the sentences for page and refusal. (R3.05)"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from yangguang.models import ChoiceDispute, LotterySeed, Round
from yangguang.postgres.sql import fetch_all
from yangguang.queries.choices.choice_history import running_exceptions
from yangguang.queries.seasons.windows import effective_span
from yangguang.rules.base.refusals import Refused
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.choices import dispute_states
from yangguang.rules.plans import plan_states
from yangguang.rules.runs import run_states
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import WindowKind, format_closing, format_instant

RANKED = frozenset({RoundKind.RANKED.value, RoundKind.SUPPLEMENTARY_RANKED.value})
DIRECT = frozenset({RoundKind.DIRECT.value, RoundKind.SUPPLEMENTARY_DIRECT.value})


@dataclass(frozen=True, slots=True)
class Check:
    """One condition; if it does not hold, `sentence` is why, `now` what to do, `subject` the row to correct."""

    code: str
    label: str
    holds: bool
    sentence: str = ""
    now: str = ""
    subject: UUID | None = None


_PLANS = f"""
SELECT count(*) FROM yangguang_plan WHERE season_id = %s AND state IN {render_states(plan_states.IN_APPROVAL)}
"""
_VANISHED = f"""
SELECT l.code, own.public_id FROM yangguang_cutoff AS c JOIN yangguang_programme AS l ON l.id = c.programme_id
JOIN yangguang_plan AS own ON own.id = l.plan_id
WHERE c.run_id = (SELECT id FROM yangguang_admissionrun WHERE round_id = %s AND NOT is_what_if
                  AND state NOT IN {render_states(run_states.UNFINISHED)}
                  ORDER BY number DESC LIMIT 1)
  AND NOT EXISTS (SELECT 1 FROM yangguang_roundprogramme AS rl JOIN yangguang_plan AS p ON p.id = l.plan_id
                  WHERE rl.round_id = %s AND rl.programme_id = l.id AND p.state = 'PUBLISHED')
GROUP BY l.code, own.public_id ORDER BY l.code
"""
_JOINING = """
WITH joining AS MATERIALIZED (
    SELECT a.id, a.person_id FROM yangguang_application AS a
    WHERE a.season_id = %s AND a.state = 'CHOSEN'
      AND EXISTS (SELECT 1 FROM yangguang_choiceversion AS v WHERE v.round_id = %s AND v.application_id = a.id)
)
"""
_CASES = f"""
{_JOINING}
SELECT count(*) FROM yangguang_identitycase AS k WHERE k.state = 'OPEN'
  AND (k.person_id IN (SELECT person_id FROM joining) OR k.other_id IN (SELECT person_id FROM joining))
"""
_STRAYS = f"""
{_JOINING}
SELECT count(*) FROM (
    SELECT DISTINCT ON (v.application_id) v.programmes FROM yangguang_choiceversion AS v
    JOIN joining AS j ON j.id = v.application_id
    WHERE v.round_id = %s ORDER BY v.application_id, v.number DESC
) AS last, unnest(last.programmes) AS named(programme)
WHERE NOT EXISTS (
    SELECT 1 FROM yangguang_roundprogramme AS rl JOIN yangguang_programme AS l ON l.id = rl.programme_id
    JOIN yangguang_plan AS p ON p.id = l.plan_id
    WHERE rl.round_id = %s AND rl.programme_id = named.programme AND p.state = 'PUBLISHED')
"""


def get_earliest_start(round: Round) -> datetime | None:
    """The end of choices and review, from which on an official run is possible; None while it is 待定."""
    choices, review = (effective_span(kind, round) for kind in (WindowKind.CHOICES, WindowKind.REVIEW))
    closes = None if choices is None else choices[1]
    if closes is None or review is None:
        return closes
    return None if review[1] is None else max(closes, review[1])


def get_publication_time(round: Round) -> datetime | None:
    """The instant of publication, the same for all students, or None where there is none."""
    window = effective_span(WindowKind.PUBLICATION, round)
    return window[0] if window is not None else None


def list_checks(round: Round, at: datetime, own: int = 0) -> list[Check]:
    """Every condition of an official run, in the order in which they are refused.

    Args:
        own: row id of the run itself, which is no obstacle to itself.
    """
    groups = (_check_windows(round, at), _check_data(round))
    return [_check_kind(round), *_check_runs(round, own), *chain.from_iterable(groups)]


def require_ready(round: Round, at: datetime, *, trial: bool = False, scheduling: bool = False, own: int = 0) -> None:
    """Raise Refused unless the run may start.

    Args:
        trial: nothing can be published from it, so only the kind of the round and a run under way count.
        scheduling: it starts later, and all other conditions are checked then.
        own: see `list_checks`.
    Raises:
        Refused: the first condition that does not hold; `where` is its code.
    """
    checks = [_check_kind(round), *_check_runs(round, own)] if trial or scheduling else list_checks(round, at, own)
    ignored = ("scheduled", "timed", "published") if trial else ("computing",) if scheduling else ()
    for check in checks:
        if not check.holds and check.code not in ignored:
            raise Refused(check.sentence, why=f"运算前须满足：{check.label}", now=check.now, where=check.code)


def _check_kind(round: Round) -> Check:
    sentence = f"“{round.name}”不按志愿排名录取，不需要运算"
    return Check("kind", "按志愿排名的批次", round.kind in RANKED, sentence, "请选择集中录取或按志愿补录的批次")


# Code, states of an obstructing run, field of its instant, condition, sentence, what to do.
_RUN_CHECKS = (
    ("computing", run_states.COMPUTING, "", "没有正在进行的运算", "本批次正在运算", "请等它结束；可查看进度或取消它"),
    (
        "scheduled",
        (run_states.SCHEDULED,),
        "starts_at",
        "没有预约的运算",
        "本批次已经预约在{}运算",
        "请等它开始，或先取消预约",
    ),
    (
        "timed",
        (run_states.TIMED,),
        "publish_at",
        "没有等待公布的结果",
        "上次运算的结果已定于{}公布",
        "如要重新运算，请先撤销定时公布",
    ),
    (
        "published",
        (run_states.PUBLISHED,),
        "",
        "结果还没有公布",
        "本批次的结果已经公布，公布后的结果不再改动",
        "剩余名额请另开补录批次",
    ),
)


def _check_runs(round: Round, own: int) -> Iterator[Check]:
    runs = list(round.runs.exclude(pk=own).only("public_id", "round", "state", "starts_at", "publish_at"))
    for code, states, field, label, sentence, now in _RUN_CHECKS:
        run = next((run for run in runs if run.state in states), None)
        when = format_instant(getattr(run, field)) if run is not None and field else ""
        yield Check(code, label, run is None, sentence.format(when), now, None if run is None else run.public_id)


def _check_windows(round: Round, at: datetime) -> Iterator[Check]:
    choices = effective_span(WindowKind.CHOICES, round)
    closes = choices[1] if choices else None
    sentence = f"志愿填报还没有截止（{format_closing(closes)}）"
    holds = closes is not None and at >= closes
    yield Check("choices", "志愿填报已截止", holds, sentence, "请在截止后再运算；现在可以试算")
    if (review := effective_span(WindowKind.REVIEW, round)) is not None:
        sentence = f"志愿复核期还没有结束（{format_closing(review[1])}）"
        holds = review[1] is not None and at >= review[1]
        yield Check("review", "志愿复核期已结束", holds, sentence, "复核期内学生还可以申请恢复志愿，请等结束后再运算")
    late, until = running_exceptions(round, at)
    sentence = f"还有{late}名学生可以填报到{format_instant(until)}"
    yield Check("exceptions", "没有未到期的个别延期", not late, sentence, "请等到期后再运算")


def _check_data(round: Round) -> Iterator[Check]:
    count = ChoiceDispute.objects.filter(round=round, state__in=dispute_states.WAITING).count()
    sentence = f"还有{count}项“不是我改的”没有核查完"
    yield Check("disputes", "没有待核查的志愿异议", not count, sentence, "请先核查、批准这些异议")
    seed = LotterySeed.objects.filter(round=round).first()
    holds = seed is not None and bool(seed.commitment)
    when = f"（{format_instant(seed.committed_at)}公布）" if seed and seed.committed_at else ""
    now = "请两名工作人员分别提交种子，承诺值随即公开"
    yield Check("seed", f"抽签种子已承诺{when}", holds, "抽签种子还没有由两人承诺", now)
    count = _count(_PLANS, round.season_id)
    sentence = f"本招生季还有{count}所学校的招生计划在审核中"
    yield Check("plans", "没有在审的招生计划", not count, sentence, "请先审核完毕并公布，或退回学校")
    gone = fetch_all(_VANISHED, (round.pk, round.pk))
    codes = "、".join(row.code for row in gone[:5]) + ("等" if len(gone) > 5 else "")
    sentence, now = f"上次运算中的{len(gone)}个计划行不见了：{codes}", "请查明原因，恢复这些计划行后再运算"
    plan = gone[0].public_id if gone else None
    yield Check("programmes", "上次运算的计划行都还在", not gone, sentence, now, plan)
    count = _count(_STRAYS, round.season_id, round.pk, round.pk, round.pk)
    sentence = f"有{count}个志愿填报了不在本批次的计划行"
    yield Check("strays", "志愿都在本批次的计划行内", not count, sentence, "请核对本批次的计划行后再运算")
    count = _count(_CASES, round.season_id, round.pk)
    sentence = f"参加本批次的学生中有{count}项身份查重还没有裁定"
    yield Check("cases", "参加者没有待裁定的身份查重", not count, sentence, "请先裁定这些查重事项")


def _count(sql: str, *params: object) -> int:
    [[count]] = fetch_all(sql, params)
    return int(count)
