"""What must hold before a round may be computed: the same sentences on page and refusal. (R3.05)"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yangguang.models import AdmissionRun, ChoiceDispute, LotterySeed, Round
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.queries.choices.choice_history import running_exceptions
from yangguang.queries.seasons.windows import effective_span
from yangguang.rules.base.refusals import Refused
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.choices import dispute_states
from yangguang.rules.plans import plan_states
from yangguang.rules.runs import run_states
from yangguang.rules.seasons.rounds import RoundKind, WindowKind
from yangguang.rules.seasons.windows import format_closing, format_instant

RANKED = frozenset({RoundKind.RANKED.value, RoundKind.SUPPLEMENTARY_RANKED.value})
DIRECT = frozenset({RoundKind.DIRECT.value, RoundKind.SUPPLEMENTARY_DIRECT.value})


@dataclass(frozen=True, slots=True)
class Check:
    """One condition; when it does not hold, `says` is why, `now` what to do about it, `about` the row to mend."""

    code: str
    label: str
    holds: bool
    says: str = ""
    now: str = ""
    about: UUID | None = None


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


def earliest_start(round: Round) -> datetime | None:
    """From when an official run can be: choices and review are over. None while an end is 待定."""
    ends = [effective_span(kind, round) for kind in (WindowKind.CHOICES, WindowKind.REVIEW)]
    if ends[0] is None:
        return None
    closes = [window[1] for window in ends if window is not None]
    return None if None in closes else max(at for at in closes if at is not None)


def publication_opens(round: Round) -> datetime | None:
    """The instant of publication that is the same for everybody, or None where there is none."""
    window = effective_span(WindowKind.PUBLICATION, round)
    return window[0] if window is not None else None


def checks(round: Round, at: datetime, own: int = 0) -> list[Check]:
    """Every condition of an official run, in the order in which they are refused.

    Args:
        own: row id of the run that asks about itself; it does not stand in its own way.
    """
    return [
        _kind(round),
        _computing(round, own),
        _scheduled(round, own),
        _timed(round),
        _published(round),
        *_windows(round, at),
        _disputes(round),
        _seed(round),
        _plans(round),
        _vanished(round),
        _strays(round),
        _cases(round),
    ]


def require_ready(round: Round, at: datetime, *, trial: bool = False, scheduling: bool = False, own: int = 0) -> None:
    """Let the run start.

    Args:
        trial: nothing can be published from it, so only its kind and a run under way stand against it.
        scheduling: it starts later, and everything else is asked again then.
        own: see `checks`.
    Raises:
        Refused: the first condition that does not hold; `where` is its code.
    """
    if trial:
        asked = [_kind(round), _computing(round, own)]
    elif scheduling:
        asked = [_kind(round), _scheduled(round), _timed(round), _published(round)]
    else:
        asked = checks(round, at, own)
    for check in asked:
        if not check.holds:
            raise Refused(check.says, why=f"运算前须满足：{check.label}", now=check.now, where=check.code)


def _kind(round: Round) -> Check:
    says = f"“{round.name}”不按志愿排名录取，不需要运算"
    return Check("kind", "按志愿排名的批次", round.kind in RANKED, says, "请选择集中录取或按志愿补录的批次")


def _computing(round: Round, own: int = 0) -> Check:
    run = _other(round, run_states.COMPUTING, own)
    return Check(
        "computing",
        "没有正在进行的运算",
        run is None,
        "本批次正在运算",
        "请等它结束；可查看进度或取消它",
        None if run is None else run.public_id,
    )


def _scheduled(round: Round, own: int = 0) -> Check:
    run = _other(round, (run_states.SCHEDULED,), own)
    when = format_instant(run.starts_at) if run is not None and run.starts_at is not None else ""
    return Check(
        "scheduled",
        "没有预约的运算",
        run is None,
        f"本批次已经预约在{when}运算",
        "请等它开始，或先取消预约",
        None if run is None else run.public_id,
    )


def _timed(round: Round) -> Check:
    run = _other(round, (run_states.TIMED,))
    when = format_instant(run.publish_at) if run is not None and run.publish_at is not None else ""
    says = f"上次运算的结果已定于{when}公布"
    now = "如要重新运算，请先撤销定时公布"
    return Check("timed", "没有等待公布的结果", run is None, says, now, None if run is None else run.public_id)


def _other(round: Round, states: tuple[str, ...], own: int = 0) -> AdmissionRun | None:
    found: AdmissionRun | None = (
        round.runs.filter(state__in=states).exclude(pk=own).only("public_id", "starts_at", "publish_at").first()
    )
    return found


def _published(round: Round) -> Check:
    holds = not round.runs.filter(state="PUBLISHED").exists()
    says = "本批次的结果已经公布，公布后的结果不再改动"
    return Check("published", "结果还没有公布", holds, says, "剩余名额请另开补录批次")


def _windows(round: Round, at: datetime) -> Iterator[Check]:
    choices = effective_span(WindowKind.CHOICES, round)
    closes = choices[1] if choices else None
    says = f"志愿填报还没有截止（{format_closing(closes)}）"
    holds = closes is not None and at >= closes
    yield Check("choices", "志愿填报已截止", holds, says, "请在截止后再运算；现在可以试算")
    if (review := effective_span(WindowKind.REVIEW, round)) is not None:
        says = f"志愿复核期还没有结束（{format_closing(review[1])}）"
        holds = review[1] is not None and at >= review[1]
        yield Check("review", "志愿复核期已结束", holds, says, "复核期内学生还可以申请恢复志愿，请等结束后再运算")
    late, until = running_exceptions(round, at)
    says = f"还有{late}名学生可以填报到{format_instant(until)}"
    yield Check("exceptions", "没有未到期的个别延期", not late, says, "请等到期后再运算")


def _disputes(round: Round) -> Check:
    count = ChoiceDispute.objects.filter(round=round, state__in=dispute_states.WAITING).count()
    says = f"还有{count}项“不是我改的”没有核查完"
    return Check("disputes", "没有待核查的志愿异议", not count, says, "请先核查、批准这些异议")


def _seed(round: Round) -> Check:
    seed = LotterySeed.objects.filter(round=round).first()
    holds = seed is not None and bool(seed.commitment)
    when = f"（{format_instant(seed.committed_at)}公布）" if seed and seed.committed_at else ""
    says = "抽签种子还没有由两人承诺"
    return Check("seed", f"抽签种子已承诺{when}", holds, says, "请两名工作人员分别提交种子，承诺值随即公开")


def _plans(round: Round) -> Check:
    count = _count(_PLANS, round.season_id)
    says = f"本招生季还有{count}所学校的招生计划在审核中"
    return Check("plans", "没有在审的招生计划", not count, says, "请先审核完毕并公布，或退回学校")


def _vanished(round: Round) -> Check:
    gone = fetch_all(_VANISHED, (round.pk, round.pk))
    named = "、".join(code for code, _ in gone[:5]) + ("等" if len(gone) > 5 else "")
    says = f"上次运算中的{len(gone)}个计划行不见了：{named}"
    plan = gone[0][1] if gone else None
    return Check("programmes", "上次运算的计划行都还在", not gone, says, "请查明原因，恢复这些计划行后再运算", plan)


def _strays(round: Round) -> Check:
    count = _count(_STRAYS, round.season_id, round.pk, round.pk, round.pk)
    says = f"有{count}个志愿填报了不在本批次的计划行"
    return Check("strays", "志愿都在本批次的计划行内", not count, says, "请核对本批次的计划行后再运算")


def _cases(round: Round) -> Check:
    count = _count(_CASES, round.season_id, round.pk)
    says = f"参加本批次的学生中有{count}项身份查重还没有裁定"
    return Check("cases", "参加者没有待裁定的身份查重", not count, says, "请先裁定这些查重事项")


def _count(sql: str, *params: object) -> int:
    row = fetch_one(sql, params)
    assert row is not None
    return int(row[0])
