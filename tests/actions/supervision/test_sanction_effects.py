"""The effects of a measure: registrations stop at the cap, plans are reduced, students choose again."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import F

from tests.actions.supervision.test_sanctions import decide, propose
from tests.support.builders.consent import confirmed
from tests.support.builders.crowd import at_once, committed
from tests.support.builders.plans import programme, published, ready
from tests.support.builders.policy import set_rule
from tests.support.builders.ranked_round import Ranked
from tests.support.builders.seat_seekers import school_only
from tests.support.personas import SHELL, Personas
from yangguang import clock
from yangguang.actions.choices import choices, registration_caps
from yangguang.actions.plans import plans
from yangguang.actions.plans.reductions import reduce_plan
from yangguang.actions.supervision import sanctions
from yangguang.jobs.tasks import carry_out_measures
from yangguang.models import (
    Account,
    Application,
    AuditEntry,
    ChoiceVersion,
    Guardian,
    Message,
    PlanVersion,
    Quota,
    RoundProgramme,
    Sanction,
    ViolationKind,
    WindowException,
)
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.queries.runs.preconditions import list_checks
from yangguang.rules.base.refusals import Refused, WindowClosed
from yangguang.rules.seasons.windows import WindowKind
from yangguang.rules.supervision.sanctions import Measure

__all__ = ["committed"]
db = pytest.mark.django_db


def lay_round(personas: Personas, opens: float = -1, closes: float = 1) -> Ranked:
    ranked = Ranked.lay(personas)
    ranked.programme("A", 30)
    ranked.programme("B", 30, school=ranked.school("另一所学校"))
    ranked.window(WindowKind.CHOICES, opens, closes)
    return ranked


def submit(ranked: Ranked, student: Application, *codes: str) -> None:
    programmes = [ranked.programmes[code].pk for code in codes]
    confirmed(choices.submit, application=student, round=ranked.round, programmes=programmes)


@db
def test_a_capped_school_accepts_no_more_applicants_and_earlier_ones_stay(personas: Personas) -> None:
    ranked = lay_round(personas)
    first, second, third = (ranked.apply(None) for _ in range(3))
    submit(ranked, first, "A")
    decide(personas, Measure.CAP, number=2)
    submit(ranked, second, "A")

    with pytest.raises(Refused, match="报名人数已到限额2人") as refused:
        submit(ranked, third, "B", "A")

    assert refused.value.where == "choice-2"

    submit(ranked, first, "B", "A")  # An applicant who named the school may change its rank.
    submit(ranked, third, "B")
    submit(ranked, second, "B")  # Without the school, the place is free for another applicant.
    submit(ranked, third, "A")

    assert check_invariants([26]).broken == []

    ChoiceVersion.objects.create(
        application=second,
        round=ranked.round,
        number=9,
        programmes=[ranked.programmes["A"].pk],
        submitted_by="SELF",
        by_account=second.person.account,
        receipt="0" * 64,
    )

    assert [one.number for one in check_invariants([26]).broken] == [26]


CAP = 7


def submit_to_capped(students: int) -> Counter[str]:
    """So many students submit at once to a school with a cap; how often each answer was given."""
    ranked = lay_round(school_only())
    one, other = (Account.objects.create(username=name) for name in ("one", "other"))
    kind = ViolationKind.objects.create(year=2023, position=1, text="严禁", source="测试", clause="一")
    now = clock.now()
    Sanction.objects.create(
        unit=ranked.personas.school,
        kind="CAP",
        cap=CAP,
        violation=kind,
        state="DECIDED",
        sentence="限报",
        starts_at=now - timedelta(days=1),
        proposed_by=one,
        decided_by=other,
        decided_at=now,
        carried_out_at=now,
    )
    applications = [ranked.apply(None) for _ in range(students)]
    answers = at_once([lambda s=s: submit(ranked, s, "A") for s in applications], min(students, 20))  # type: ignore[misc]
    return Counter("in" if a is None else a.what if isinstance(a, Refused) else repr(a) for a in answers)


def test_fifty_simultaneous_submissions_do_not_exceed_the_cap(committed: None) -> None:
    outcomes = submit_to_capped(50)

    assert outcomes == {"in": CAP, "第1志愿“甲市第一职业学校·专业A”的学校报名人数已到限额7人": 50 - CAP}


def test_without_the_lock_simultaneous_submissions_exceed_the_cap(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration_caps, "take_lock", lambda *_: None)
    slow = registration_caps._COUNT_APPLICANTS.replace("AS a, of_school", "AS a, of_school, pg_sleep(1)")
    monkeypatch.setattr(registration_caps, "_COUNT_APPLICANTS", slow)

    assert "pg_sleep" in slow
    assert submit_to_capped(20)["in"] > CAP


@db
def test_a_published_plan_is_reduced_in_proportion_and_never_below_the_taken_seats(personas: Personas) -> None:
    plan = published(ready(personas), programme("护理", 50), programme("会计事务", 30))
    Quota.objects.filter(programme__major="会计事务").update(taken=25)
    round = Ranked.lay(personas).round
    for row in plan.programmes.all():
        RoundProgramme.objects.create(round=round, programme=row, seats=row.seats)
    decide(personas, Measure.SHRINK, number=50)
    seats = dict(Quota.objects.values_list("programme__major", "seats"))

    assert seats == {"护理": 23, "会计事务": 27}
    assert dict(plan.programmes.values_list("major", "seats")) == seats
    assert dict(round.programmes.values_list("programme__major", "seats")) == {"护理": 23, "会计事务": 2}

    version = PlanVersion.objects.filter(plan=plan).order_by("-version")[0]

    assert sum(row["seats"] for row in version.programmes) == 50
    assert check_invariants([12, 24, 26]).broken == []

    decide(personas, Measure.SHRINK, number=10)

    assert dict(Quota.objects.values_list("programme__major", "seats")) == {"护理": 0, "会计事务": 25}
    assert check_invariants([24, 26]).broken == []
    assert reduce_plan(plan, 10) == 0, "what is taken is never removed"

    Quota.objects.filter(programme__major="护理").update(seats=9)
    plan.programmes.filter(major="护理").update(seats=9)

    assert [one.number for one in check_invariants([26]).broken] == [26]


@db
def test_a_plan_approved_before_the_measure_is_reduced_when_it_is_published(personas: Personas) -> None:
    from tests.support.builders.plans import drafted

    plan = drafted(ready(personas), programme("护理", 50))
    personas.teacher.act(plans.submit, plan=plan, season=personas.season)
    for desk in (personas.ce, personas.me, personas.pe1):
        desk.sign(plans.pass_on, plan=plan)
    decide(personas, Measure.SHRINK, number=20)
    personas.pe1.sign(plans.publish, season=personas.season)

    assert Quota.objects.get().seats == 20
    assert check_invariants([12, 26]).broken == []


@db
def test_a_stop_in_the_window_sends_a_message_to_exactly_the_students_who_named_the_school(personas: Personas) -> None:
    ranked = lay_round(personas)
    named, other = ranked.apply(None), ranked.apply(None)
    Guardian.objects.create(person=named.person, name="某大甲", relation="父亲", phone="15450000009")
    submit(ranked, named, "B", "A")
    submit(ranked, other, "B")
    decide(personas, Measure.STOP)
    messages = Message.objects.filter(event__startswith="sanction.stop")

    assert sorted(messages.values_list("person", "event")) == [
        (named.person_id, "sanction.stop"),
        (named.person_id, "sanction.stop.guardian"),
    ]
    assert "已被停止招生" in messages[0].text
    assert named.person.name not in messages[0].text
    assert not WindowException.objects.exists()

    with pytest.raises(Refused, match="已停止招生"):
        submit(ranked, named, "A")

    submit(ranked, named, "B")
    # A test has one transaction time; the first submission was before the decision.
    Sanction.objects.update(decided_at=clock.now() + timedelta(seconds=1))

    assert check_invariants([23, 26]).broken == []


@db
def test_a_stop_after_the_window_gives_time_to_exactly_the_students_who_named_it_and_the_run_waits(
    personas: Personas,
) -> None:
    ranked = lay_round(personas, -3, -1)
    named, other = ranked.apply(None, "A", "B"), ranked.apply(None, "B")
    set_rule("sanction.rechoice_hours", 50)
    decide(personas, Measure.STOP)
    given = WindowException.objects.get()

    assert given.until - clock.now() == pytest.approx(timedelta(hours=50), abs=timedelta(minutes=1))
    assert (given.person_id, given.proposed_by_id != given.approved_by_id) == (named.person_id, True)

    waits = [one for one in list_checks(ranked.round, clock.now()) if one.code == "exceptions"]

    assert [one.holds for one in waits] == [False]
    assert "还有1名学生可以填报到" in waits[0].sentence

    submit(ranked, named, "B")
    named.refresh_from_db()

    assert named.programmes == [ranked.programmes["B"].pk]

    with pytest.raises(WindowClosed):
        submit(ranked, other, "B")


@db
def test_a_measure_with_a_later_start_is_carried_out_once_by_the_hourly_job(personas: Personas) -> None:
    ranked = lay_round(personas)
    named = ranked.apply(None)
    submit(ranked, named, "A")
    row = propose(personas, Measure.STOP, starts_at=clock.now() + timedelta(days=1))
    personas.pe1.sign(sanctions.approve, sanction=row)

    assert not Message.objects.filter(event="sanction.stop").exists()
    assert sanctions.carry_out_due(by=SHELL) == 0

    earlier = clock.now() - timedelta(hours=3)
    Sanction.objects.update(starts_at=earlier, decided_at=earlier, version=F("version") + 1)

    assert [one.number for one in check_invariants([26]).broken] == [26]
    assert carry_out_measures(timestamp=0) == 1
    assert carry_out_measures(timestamp=0) == 0
    assert Message.objects.filter(event="sanction.stop").count() == 1

    row.refresh_from_db()

    assert row.carried_out_at is not None
    assert check_invariants([12]).broken == []
    entries = AuditEntry.objects.filter(action="sanction.carry_out_due").order_by("id")
    assert [entry.facts["measures"] for entry in entries] == [0, 1, 0]
