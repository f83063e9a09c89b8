"""The steps of a round for the officers who run it, in the shape of `components/steps.html`. (X2.01, F-D1)"""

from collections.abc import Mapping
from datetime import datetime

from yangguang.models import AdmissionRun, LotterySeed, Round
from yangguang.queries.runs.runs import RoundPage
from yangguang.rules.runs import run_states
from yangguang.rules.seasons.windows import WindowKind, WindowStatus, format_short_day, window_status

Ends = tuple[datetime | None, datetime | None]
_BEFORE_RUN = (WindowKind.CHOICES, WindowKind.REVIEW)
_AFTER_RUN = (WindowKind.ANSWER, WindowKind.WAITING, WindowKind.CHECK_IN)


def list_round_steps(
    round: Round,
    facts: RoundPage,
    check_in: tuple[datetime | None, datetime | None],
    at: datetime,
    seed: LotterySeed | None,
) -> list[tuple[str, str, str]]:
    """Every step with the day it ended or begins; the present one is the first after the last that is done.

    Args:
        check_in: when the schools of the round check students in.
        seed: of the lottery; None before its first part.
    """
    spans = {kind: (opens, closes) for kind, opens, closes in [*facts.windows, (WindowKind.CHECK_IN, *check_in)]}
    official = next((run for run in facts.runs if not run.is_what_if), None)
    steps = [("开设", round.opened_at is not None, _day(round.opened_at))]
    if seed is not None or official is None:
        steps.append(("承诺种子", bool(seed and seed.commitment), _day(seed.committed_at if seed else None)))
    steps += [_window(kind, spans, at) for kind in _BEFORE_RUN if kind in spans]
    steps += _list_run_steps(official)
    steps += [_window(kind, spans, at) for kind in _AFTER_RUN if kind in spans]
    # A window that was never set stays open in the table; the round has gone past it.
    present = 1 + max((place for place, (_, is_done, _) in enumerate(steps) if is_done), default=-1)
    return [
        (label, "done" if is_done else "now" if place == present else "next", note)
        for place, (label, is_done, note) in enumerate(steps)
    ]


def _list_run_steps(run: AdmissionRun | None) -> list[tuple[str, bool, str]]:
    state = run.state if run is not None else ""
    computed = bool(run) and state not in (*run_states.WITHOUT_RESULT, *run_states.COMPUTING)
    published = state == run_states.PUBLISHED
    return [
        ("运算和核验", computed, _day(run.recorded_at) if run and computed else ""),
        ("提请公布", state in run_states.OFFICIAL, ""),
        ("批准", state in (run_states.APPROVED, run_states.TIMED, run_states.PUBLISHED), ""),
        ("公布", published, _day(run.published_at) if run and published else ""),
    ]


def _window(kind: WindowKind, spans: Mapping[WindowKind, Ends], at: datetime) -> tuple[str, bool, str]:
    opens, closes = spans[kind]
    status = window_status(opens, closes, at)
    is_over = status is WindowStatus.AFTER
    note = f"{_day(opens)}起" if status is WindowStatus.BEFORE else f"到{_day(closes)}" if closes else ""
    return kind.label, is_over, "待定" if opens is None else note


def _day(at: datetime | None) -> str:
    return format_short_day(at) if at else ""
