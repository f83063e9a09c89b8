"""Two officers do the same act at the same second: one of them does it, the other reads a sentence. (T3.21, F-I6)

Every act of two people has a proposal that two others complete at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace

import pytest

from tests.actions.choices.test_disputes import disputed, looked_into, submitted
from tests.actions.plans.test_plan_changes import ask
from tests.support.builders.crowd import at_once
from tests.support.builders.enrolment import Enrolled, id_number
from tests.support.builders.plans import published, ready
from tests.support.builders.ranked_round import Ranked
from tests.support.clients import OfficerClient
from tests.support.personas import Personas, officer
from yangguang import clock
from yangguang.actions.accounts import keys, proposals
from yangguang.actions.admissions import check_ins, exam_board_results
from yangguang.actions.admissions.exam_board_results import ImportedRow
from yangguang.actions.applicants import aptitude_tests, exam_results
from yangguang.actions.applicants.exam_results import ExamRow
from yangguang.actions.base import action, dual_approval
from yangguang.actions.base.action import ACTIONS
from yangguang.actions.base.dual_approval import AwaitingSecond, Done
from yangguang.actions.choices import disputes
from yangguang.actions.organisation import directory
from yangguang.actions.plans import plan_changes, plans
from yangguang.actions.reporting import reports
from yangguang.actions.runs import rounds
from yangguang.actions.seasons import windows
from yangguang.actions.supervision import sanctions
from yangguang.models import (
    AuditEntry,
    ChoiceDispute,
    ChoiceVersion,
    ImportDecision,
    MonthlyReport,
    Plan,
    Programme,
    Proposal,
    Round,
    RoundProgramme,
    Sanction,
    Season,
    ViolationKind,
    Window,
)
from yangguang.queries.applicants.aptitude_tests import AptitudeTestRow
from yangguang.queries.audit.log_chain import find_broken_links
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.seasons.windows import WindowKind
from yangguang.rules.supervision.sanctions import Measure

DIGEST = "1" * 64


@dataclass
class Act:
    """An act that several officers try.

    Args:
        arguments: of the act. version: that their pages displayed, None where the act has none.
    """

    action: action.Action[..., object]
    arguments: dict[str, object]
    version: int | None = None

    def sign(self, who: OfficerClient) -> object:
        more = {} if self.version is None else {"seen_version": self.version}
        return who.sign(self.action, **self.arguments, **more)


def set_window(personas: Personas) -> Act:
    now = clock.now()
    span = {"opens_at": now, "closes_at": now + timedelta(days=9)}
    season = {"season": personas.season, "round": None, "kind": WindowKind.PLAN_ENTRY}
    return Act(windows.set_window, season | span | {"source": "测试文件", "seen": "0"})


def open_round(personas: Personas) -> Act:
    laid = Ranked.lay(personas, number=2)
    laid.programme("A", 4)
    RoundProgramme.objects.all().delete()
    Round.objects.update(opened_at=None)
    return Act(rounds.open_round, {"season": personas.season, "number": 2})


def change_plan(personas: Personas) -> Act:
    laid = Ranked.lay(personas)
    laid.programme("A", 4)
    plan = Plan.objects.get()
    changes = {"programme": laid.programmes["A"], "seats": {"general": 3}, "reason": "测试"}
    return Act(plans.change_after_open, {"plan": plan} | changes, plan.version)


def load_points(personas: Personas) -> Act:
    laid = Ranked.lay(personas)
    laid.programme("A", 4)
    Programme.objects.update(aptitude_test_max=30)
    application = laid.apply(600, "A")
    laid.window(WindowKind.CHOICES, -1, 1)
    rows = [AptitudeTestRow(2, application.number, 9)]
    chosen = Programme.objects.select_related("plan").get()
    return Act(aptitude_tests.load, {"programme": chosen, "rows": rows, "digest": DIGEST})


def load_scores(personas: Personas) -> Act:
    rows = [ExamRow(id_number(1), (500, 90, 90, 90))]
    return Act(exam_results.load, {"year": personas.season.year, "rows": rows, "digest": DIGEST})


def publish_list(personas: Personas) -> Act:
    listed = {"year": personas.season.year, "basis": "测试文件", "schools": [personas.school]}
    return Act(directory.publish_list, listed)


def issue_keys(personas: Personas) -> Act:
    return Act(keys.issue, {"unit": personas.school, "serials": ["K1", "K2"]})


def load_results(personas: Personas) -> Act:
    laid = Ranked.lay(personas, number=1, kind="imported", programme_types=("five_year",))
    laid.programme("B", 1, programme_type="five_year", major="学前教育")
    rows = [ImportedRow(2, id_number(1), "某甲", personas.school.name, "学前教育")]
    return Act(exam_board_results.load, {"round": laid.round, "rows": rows, "digest": DIGEST})


def decide_row(personas: Personas) -> Act:
    loaded = load_results(personas)
    loaded.sign(personas.pe1)
    loaded.sign(personas.pe2)
    row = {"round": loaded.arguments["round"], "digest": DIGEST, "row": 2}
    return Act(exam_board_results.decide, row | {"verdict": ImportDecision.Verdict.DISMISSED, "reason": "没有报名"})


def release_absent(personas: Personas) -> Act:
    enrolled = Enrolled.lay(personas)
    enrolled.admit("某乙")
    now = clock.now()
    span = {"opens_at": now - timedelta(days=9), "closes_at": now - timedelta(minutes=1)}
    Window.objects.create(season=personas.season, kind=WindowKind.CHECK_IN.value, **span)
    return Act(check_ins.release_absent, {"round": enrolled.round})


DUAL: list[Callable[[Personas], Act]] = [
    set_window,
    open_round,
    change_plan,
    load_points,
    load_scores,
    publish_list,
    issue_keys,
    load_results,
    decide_row,
    release_absent,
]


def three_of(personas: Personas, act: Act) -> list[OfficerClient]:
    """The first person and two colleagues of the same post."""
    if act.action is aptitude_tests.load:
        schools = [officer(f"teacher{n}", Role.VOCATIONAL_SCHOOL, personas.school) for n in (2, 3)]
        return [personas.teacher, *schools]
    return [personas.pe1, personas.pe2, officer("pe3", Role.PROVINCE_EDUCATION, personas.province)]


def test_every_act_of_two_people_is_tried() -> None:
    dual = [spec.name for spec in ACTIONS.values() if spec.is_dual and not spec.name.startswith("test.")]

    assert len(DUAL) == len(dual)


def complete_together(personas: Personas, act: Act) -> list[object]:
    """One proposes, two others sign the same at once."""
    first, *others = three_of(personas, act)
    assert isinstance(act.sign(first), AwaitingSecond)
    return at_once([lambda who=who: act.sign(who) for who in others], 2)  # type: ignore[misc]


@pytest.mark.parametrize("lay", DUAL)
def test_of_two_who_complete_a_proposal_at_once_one_does_it(personas: Personas, lay: Callable[[Personas], Act]) -> None:
    act = lay(personas)
    done = AuditEntry.objects.filter(action=act.action.spec.name, outcome="DONE")
    before = done.count()
    answers = complete_together(personas, act)

    assert sum(isinstance(answer, Done) for answer in answers) == 1, answers
    assert sum(isinstance(answer, Refused) for answer in answers) == 1, answers
    assert done.count() == before + 2, "the proposal and the act"
    assert not Proposal.objects.filter(done_at=None, ended_at=None).exists()
    assert list(find_broken_links()) == []


@pytest.fixture
def without_rules(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> Act:
    """An act of two people that refuses nothing itself, so that its proposal alone decides who does it."""
    act = issue_keys(personas)
    monkeypatch.setattr(act.action, "rules", None)
    monkeypatch.setattr(act.action, "verb", lambda entry, **_: entry.at)
    return act


def test_of_two_who_sign_a_proposal_at_once_the_later_proposes_anew(personas: Personas, without_rules: Act) -> None:
    answers = complete_together(personas, without_rules)

    assert sorted(type(answer).__name__ for answer in answers) == ["AwaitingSecond", "Done"], answers


def test_without_the_locks_both_complete_the_proposal(
    personas: Personas, without_rules: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Barrier(2)
    unlocked = SimpleNamespace(select_for_update=Proposal.objects.all, create=Proposal.objects.create)
    monkeypatch.setattr(dual_approval, "take_lock", lambda *_: None)
    monkeypatch.setattr(dual_approval, "Proposal", SimpleNamespace(objects=unlocked))
    monkeypatch.setattr(dual_approval, "require_second_person", lambda *_, **__: both.wait(timeout=30))

    assert [type(answer) for answer in complete_together(personas, without_rules)] == [Done, Done]


def sanction(personas: Personas) -> Sanction:
    kind = ViolationKind.objects.create(year=2023, position=4, text="严禁虚假宣传", source="测试", clause="二")
    proposed = {"unit": personas.school, "violation": kind, "sentence": "虚假宣传", "starts_at": clock.now()}
    row: Sanction = personas.ce.sign(sanctions.propose, measure=Measure.WARN, **proposed)
    return row


def approve_together(personas: Personas, row: Sanction) -> list[object]:
    officers = (personas.pe1, personas.pe2)
    return at_once([lambda who=who: who.sign(sanctions.approve, sanction=row) for who in officers], 2)  # type: ignore[misc]


def test_of_two_who_approve_a_measure_at_once_one_does_it(personas: Personas) -> None:
    answers = approve_together(personas, sanction(personas))

    assert sorted(type(answer).__name__ for answer in answers) == ["IllegalMove", "Sanction"], answers
    assert Sanction.objects.get().version == 2
    assert AuditEntry.objects.filter(action="sanction.approve", outcome="DONE").count() == 1


def test_without_the_locked_row_both_approve_the_measure(personas: Personas, request: pytest.FixtureRequest) -> None:
    row = sanction(personas)
    request.getfixturevalue("unlocked")

    assert [type(answer) for answer in approve_together(personas, row)] == [Sanction, Sanction]


def proposed_verdict(personas: Personas) -> ChoiceDispute:
    laid = Ranked.lay(personas)
    for code in "ABC":
        laid.programme(code, 5, school=laid.school(f"学校{code}"))
    return looked_into(personas, disputed(laid, submitted(laid, "AB", "C")))


def decide_together(personas: Personas, row: ChoiceDispute) -> list[object]:
    officers = [personas.me, officer("me2", Role.CITY_EDUCATION, personas.city)]
    return at_once([lambda who=who: who.sign(disputes.decide, dispute=row) for who in officers], 2)  # type: ignore[misc]


def test_of_two_who_decide_a_dispute_at_once_one_does_it(personas: Personas) -> None:
    answers = decide_together(personas, proposed_verdict(personas))

    assert sorted(type(answer).__name__ for answer in answers) == ["ChoiceDispute", "IllegalMove"], answers
    assert ChoiceVersion.objects.count() == 3


def test_without_the_locked_row_only_the_trigger_stops_the_later_decision(
    personas: Personas, request: pytest.FixtureRequest
) -> None:
    row = proposed_verdict(personas)
    request.getfixturevalue("unlocked")

    answers = decide_together(personas, row)

    assert sorted(type(answer).__name__ for answer in answers) == ["ChoiceDispute", "IntegrityError"], answers


def reviewed_month(personas: Personas) -> MonthlyReport:
    Season.objects.filter(pk=personas.season.pk).update(year=2024)
    by = {"unit": personas.county, "form": "CITY", "year": 2024, "month": 7}
    report: MonthlyReport = personas.ce.sign(reports.compute, **by)
    personas.ce.sign(reports.review, report=report)
    return report


def seal_together(personas: Personas, report: MonthlyReport) -> list[object]:
    officers = [officer(f"ce{n}", Role.COUNTY_EDUCATION, personas.county) for n in (2, 3)]
    return at_once([lambda who=who: who.sign(reports.seal, report=report) for who in officers], 2)  # type: ignore[misc]


def test_of_two_who_seal_a_month_at_once_one_does_it(personas: Personas) -> None:
    answers = seal_together(personas, reviewed_month(personas))

    assert sorted(type(answer).__name__ for answer in answers) == ["IllegalMove", "MonthlyReport"], answers
    assert MonthlyReport.objects.get().state == "SEALED"


def test_without_the_locked_row_only_the_trigger_stops_the_later_seal(
    personas: Personas, request: pytest.FixtureRequest
) -> None:
    report = reviewed_month(personas)
    request.getfixturevalue("unlocked")
    answers = seal_together(personas, report)

    assert sorted(type(answer).__name__ for answer in answers) == ["MonthlyReport", "ProgrammingError"], answers


def test_of_a_school_that_withdraws_and_a_bureau_that_refuses_at_once_one_does_it(personas: Personas) -> None:
    row = ask(personas, published(ready(personas)))
    acts = [
        lambda: personas.teacher.sign(plan_changes.withdraw, change=row, reason="算错了"),
        lambda: personas.pe1.sign(plan_changes.refuse, change=row, answer="没有校舍"),
    ]
    answers = at_once(acts, 2)
    row.refresh_from_db()

    assert sorted(type(one) for one in answers if isinstance(one, Exception)) == [IllegalMove]
    assert row.state in ("WITHDRAWN", "REFUSED")
    assert row.version == 2


def test_of_one_who_withdraws_a_proposal_and_one_who_completes_it_at_once_one_does_it(personas: Personas) -> None:
    act = set_window(personas)
    act.sign(personas.pe1)
    proposal = Proposal.objects.get()
    at_once(
        [
            lambda: personas.pe1.sign(proposals.withdraw, proposal=proposal, reason="写错了"),
            lambda: act.sign(personas.pe2),
        ],
        2,
    )
    proposal.refresh_from_db()

    assert (proposal.done_at is None) != (proposal.ended_at is None)
    assert Window.objects.filter(kind=WindowKind.PLAN_ENTRY).count() == (proposal.done_at is not None)
