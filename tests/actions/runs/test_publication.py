"""Publishing a run: two people, at its hour, all of it or a sentence; no applicant twice and no seat too many."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.actions.runs.test_runs import ranked, refused, sanction
from tests.support.builders.ranked_round import SECRETS, Ranked
from tests.support.clients import approve_by_two
from tests.support.owner import without_triggers
from tests.support.personas import Personas, officer
from yangguang import clock
from yangguang.actions.runs import runs
from yangguang.actions.runs.rounds import open_round
from yangguang.actions.runs.verification import _hash_stored
from yangguang.actions.seasons import practice_clock
from yangguang.gateways.ciphers import sm3
from yangguang.models import (
    Admission,
    AdmissionRun,
    Application,
    LotterySeed,
    Message,
    Placement,
    Quota,
    Round,
    RoundProgramme,
    SeatClaim,
    SeatEvent,
)
from yangguang.models.audit.audit import AuditEntry
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import Denied, IllegalMove, NotFound, Refused
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.lottery import joint_seed
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import WindowKind

__all__ = ["ranked"]
pytestmark = pytest.mark.django_db
SHELL = Actor(role=Role.OPERATOR, name="命令行")


# Two people


def test_the_one_who_proposed_does_not_approve_and_the_one_who_approved_does_not_publish(ranked: Ranked) -> None:
    run = ranked.run()
    one, other = ranked.personas.pe1, ranked.personas.pe2
    one.sign(runs.propose, run=run)
    with pytest.raises(Refused, match="须由另一个人批准"):
        one.sign(runs.approve, run=run)
    other.sign(runs.approve, run=run)
    with pytest.raises(Refused, match="须由另一个人执行公布"):
        other.sign(runs.publish, run=run)

    assert one.sign(runs.publish, run=run).state == "PUBLISHED"


def test_a_city_publishes_what_it_governs_whole_and_a_school_nothing(ranked: Ranked) -> None:
    run = ranked.approved()
    far = officer("me2", Role.CITY_EDUCATION, ranked.personas.other_city)
    with pytest.raises(NotFound):
        far.sign(runs.publish, run=run)
    with pytest.raises(Denied):
        ranked.personas.teacher.act(runs.publish, run=run)

    assert ranked.personas.me.sign(runs.publish, run=run).state == "PUBLISHED"


def test_an_unapproved_run_is_not_published(ranked: Ranked) -> None:
    with pytest.raises(IllegalMove):
        ranked.personas.pe1.sign(runs.publish, run=ranked.run())


def test_a_newer_run_supersedes_the_one_before(ranked: Ranked) -> None:
    first, second = ranked.approved(), ranked.run()

    assert AdmissionRun.objects.get(pk=first.pk).state == "SUPERSEDED"
    with pytest.raises(IllegalMove):
        ranked.personas.pe1.sign(runs.publish, run=first)

    assert second.number == 2


# Publication


def test_publication_makes_admissions_claims_counts_messages_and_opens_the_seed(ranked: Ranked) -> None:
    ranked.window(WindowKind.ANSWER, -1, 5)
    before = AuditEntry.objects.filter(action="run.publish").count()
    run = ranked.published()
    admitted = {a.application.number: a for a in Admission.objects.filter(run=run)}

    assert {n: (a.programme.code, a.rank, a.state, a.version) for n, a in admitted.items()} == {
        "N0001": ("A", 1, "OFFERED", 1),
        "N0002": ("A", 1, "OFFERED", 1),
        "N0005": ("B", 1, "OFFERED", 1),
    }
    assert all(a.answer_by and a.answer_by > run.published_at + timedelta(days=4) for a in admitted.values())
    claims = SeatClaim.objects.filter(admission__run=run)

    assert sorted(claims.values_list("state", "intake_year")) == [("HELD", ranked.personas.season.year)] * 3
    assert SeatEvent.objects.filter(claim__in=claims, state="HELD", cause="SYSTEM").count() == 3
    assert dict(Quota.objects.values_list("programme__code", "taken")) == {"A": 2, "B": 1}
    texts = dict(Message.objects.filter(event="run.publish").values_list("person__applications__number", "text"))

    assert sorted(texts) == ["N0001", "N0002", "N0003", "N0004", "N0005"]
    assert texts["N0001"].startswith("【阳光招生】第2批结果已公布：您被甲市第一职业学校专业A专业录取，请于")
    assert "未被录取" in texts["N0004"]
    assert LotterySeed.objects.get().revealed == joint_seed(*SECRETS, sm3).hex()
    assert (run.counts["admitted"], run.counts["skipped"]) == (3, 0)
    assert AuditEntry.objects.filter(action="run.publish").count() == before + 1


@pytest.mark.parametrize("field", ["person", "school", "round", "run", "programme", "quota"])
def test_an_admission_must_say_what_its_sources_say(ranked: Ranked, field: str) -> None:
    ranked.published()
    admission = Admission.objects.filter(programme=ranked.programmes["A"]).first()

    assert admission is not None
    free = Application.objects.exclude(admissions__isnull=False).first()
    programme = ranked.programmes["B"]
    other_round = Round.objects.create(
        season=ranked.personas.season, number=9, name="另一批", kind="ranked", programme_types=[], opened_at=clock.now()
    )
    other_run = AdmissionRun.objects.create(round=other_round, number=1, is_what_if=True)
    others = {
        "person": admission.person_id,
        "school": ranked.personas.county.pk,
        "round": other_round.pk,
        "run": other_run.pk,
        "programme": programme.pk,
        "quota": Quota.objects.get(programme=programme).pk,
    }
    same = {
        "application": free,
        "person_id": free.person_id,
        "school_id": admission.school_id,
        "round_id": admission.round_id,
        "run_id": admission.run_id,
        "programme_id": admission.programme_id,
        "quota_id": admission.quota_id,
        "published_at": clock.now(),
    }
    with pytest.raises(IntegrityError, match="must say"), transaction.atomic():
        Admission.objects.create(**same | {f"{field}_id": others[field]})
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        Admission.objects.filter(pk=admission.pk).update(
            **{field: others[field] if field != "person" else free.person_id}
        )
    Admission.objects.create(**same)


def test_a_published_round_is_not_computed_again(ranked: Ranked) -> None:
    run = ranked.published()

    assert refused(ranked) == "本批次的结果已经公布，公布后的结果不再改动"
    with pytest.raises(IllegalMove):
        ranked.personas.pe1.sign(runs.publish, run=run)

    assert Message.objects.filter(event="run.publish").count() == 5


def test_nothing_is_published_before_its_hour(ranked: Ranked) -> None:
    run = ranked.approved()
    ranked.window(WindowKind.PUBLICATION, 1, 9)
    with pytest.raises(Refused, match="统一公布时间是"):
        ranked.personas.pe1.sign(runs.publish, run=run)

    assert Admission.objects.count() == 0


def test_an_applicant_who_took_a_seat_meanwhile_is_skipped_and_listed(ranked: Ranked) -> None:
    run = ranked.approved()
    person = Application.objects.get(number="N0002").person
    elsewhere = ranked.programme("S", 1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    ranked.seated_elsewhere(person.applications.get(), elsewhere)
    run = ranked.personas.pe1.sign(runs.publish, run=run)

    assert run.report["skipped"] == ["N0002"]
    assert Quota.objects.get(programme__code="A").taken == 1
    assert Message.objects.get(event="run.publish", person=person).text.endswith("本批次不再录取。")


@pytest.mark.parametrize("change", ["taken", "seats"])
def test_seats_that_went_meanwhile_end_the_publication_before_anything_is_oversold(ranked: Ranked, change: str) -> None:
    run = ranked.approved()
    Quota.objects.filter(programme__code="A").update(**{change: 1})
    with pytest.raises(Refused, match="计划行A的名额减少了"):
        ranked.personas.pe1.sign(runs.publish, run=run)

    assert (Admission.objects.count(), Message.objects.filter(event="run.publish").count()) == (0, 0)


def test_a_school_stopped_meanwhile_gets_no_one(ranked: Ranked) -> None:
    run = ranked.approved()
    sanction(ranked, "STOP")
    with pytest.raises(Refused, match="有学校被停止招生，涉及计划行A、B"):
        ranked.personas.pe1.sign(runs.publish, run=run)


def test_a_programme_withheld_by_the_verifier_stays_unpublished(ranked: Ranked) -> None:
    run = ranked.approved()
    AdmissionRun.objects.filter(pk=run.pk).update(report=run.report | {"held_back": ["B"]})
    ranked.personas.pe1.sign(runs.publish, run=run)

    assert sorted(Admission.objects.values_list("application__number", flat=True)) == ["N0001", "N0002"]
    receivers = Message.objects.filter(event="run.publish").values_list("person__applications__number", flat=True)

    assert "N0005" in set(receivers)
    said = Message.objects.get(event="run.publish", person__applications__number="N0005").text

    assert "还在复核，结果暂缓公布" in said
    assert RoundProgramme.objects.get(programme=ranked.programmes["B"]).withheld


def test_the_seats_of_a_withheld_programme_wait_for_a_round_by_rank(ranked: Ranked) -> None:
    run = ranked.approved()
    AdmissionRun.objects.filter(pk=run.pk).update(report=run.report | {"held_back": ["B"]})
    ranked.personas.pe1.sign(runs.publish, run=run)
    terms = {"season": ranked.personas.season, "programme_types": [ProgrammeType.THREE_YEAR], "name": "补录"}
    with pytest.raises(Refused, match="没有一行可以招生"):
        approve_by_two(
            ranked.personas.pe1, ranked.personas.pe2, open_round, number=7, kind=RoundKind.SUPPLEMENTARY_DIRECT, **terms
        )
    approve_by_two(
        ranked.personas.pe1, ranked.personas.pe2, open_round, number=8, kind=RoundKind.SUPPLEMENTARY_RANKED, **terms
    )
    later = Ranked(ranked.personas, Round.objects.get(number=8), programmes=ranked.programmes, count=20)

    assert [programme.programme.code for programme in later.round.programmes.all()] == ["B"]
    again = Application.objects.get(number="N0005")
    later.choose(again, "B")
    later.close()
    later.published()

    assert Admission.objects.get(application=again).programme.code == "B"
    assert not RoundProgramme.objects.filter(withheld=True).exists()


def test_a_run_whose_every_programme_is_withheld_is_not_proposed(ranked: Ranked) -> None:
    run = ranked.run()
    AdmissionRun.objects.filter(pk=run.pk).update(report=run.report | {"held_back": ["A", "B"]})
    with pytest.raises(Refused, match="全部计划行都被扣下"):
        ranked.personas.pe1.sign(runs.propose, run=run)


def test_seats_that_flowed_are_moved_in_the_plan_too(personas: Personas) -> None:
    laid = Ranked.lay(personas)
    laid.programme("A", 1, dedicated=2, flows=True)
    for score in (600, 590, 580, 570):
        laid.apply(score, "A")
    laid.apply(300, "A", dedicated=True)
    laid.close()
    run = laid.published()

    assert run.report["flows"] == [["A", "dedicated", "general", 1]]
    assert dict(Quota.objects.values_list("code", "seats")) == {"dedicated": 1, "general": 2}
    assert dict(Quota.objects.values_list("code", "taken")) == {"dedicated": 1, "general": 2}


def test_a_supplementary_round_gives_the_seats_left_to_people_without_one(ranked: Ranked) -> None:
    ranked.programme("C", 2, school=ranked.school("丙校"))
    ranked.published()
    extra = Ranked.lay(ranked.personas, number=3, kind="supplementary_ranked")
    extra.programmes = ranked.programmes
    for code, seats in (("A", 0), ("C", 1)):
        RoundProgramme.objects.create(round=extra.round, programme=ranked.programmes[code], seats=seats)
    for number in ("N0001", "N0003", "N0004"):
        extra.choose(Application.objects.get(number=number), "A", "C")
    extra.close()
    run = extra.published()

    assert extra.placed(run) == {"N0001": None, "N0003": "C", "N0004": None}
    codes = {p.application.number: p.codes for p in Placement.objects.filter(run=run)}

    assert codes["N0003"] == ["no_seats", "admitted"]
    assert codes["N0001"] == ["barred:has_seat"] * 2
    # Seats fixed at opening bind, although the quota has one more.
    assert Quota.objects.get(programme__code="C").taken == 1
    assert not Message.objects.filter(subject=f"run:{run.public_id}", person__applications__number="N0001").exists()


def test_a_result_without_somebodys_newest_choices_is_not_published(ranked: Ranked) -> None:
    run = ranked.approved()
    practice_clock.set_clock(by=SHELL, to=clock.now() + timedelta(seconds=1))
    again = Application.objects.filter(versions__round=ranked.round).first()

    assert again is not None
    ranked.choose(again, *ranked.programmes)
    with pytest.raises(Refused, match="又有1人的志愿有了变化"):
        ranked.personas.pe1.sign(runs.publish, run=run)

    assert AdmissionRun.objects.get(pk=run.pk).state == "APPROVED"


# What was verified is what is published


def move_a_person(run: AdmissionRun) -> None:
    """What a person with the database could do: give the seat of a person to another who was not admitted."""
    winner = Placement.objects.filter(run=run, rank__isnull=False).order_by("application__number").first()
    loser = Placement.objects.filter(run=run, rank=None).order_by("application__number").first()

    assert winner is not None
    assert loser is not None
    with without_triggers("yangguang_placement"):
        Placement.objects.filter(pk=loser.pk).update(
            rank=1, programme=loser.programmes[0], quota=winner.quota, codes=["admitted", *loser.codes[1:]]
        )
        Placement.objects.filter(pk=winner.pk).update(rank=None, programme=None, quota=None)


@pytest.mark.parametrize("state", ["proposed", "approved"])
def test_a_list_that_was_changed_after_its_verification_goes_no_further(ranked: Ranked, state: str) -> None:
    run = ranked.run()
    ranked.personas.pe1.sign(runs.propose, run=run)
    if state == "approved":
        ranked.personas.pe2.sign(runs.approve, run=run)
    move_a_person(run)
    act, officer_ = (runs.publish, ranked.personas.pe1) if state == "approved" else (runs.approve, ranked.personas.pe2)
    with pytest.raises(Refused, match="结果与核验时不一致，不能公布"):
        officer_.sign(act, run=run)

    assert not Admission.objects.exists()


def test_a_list_that_was_changed_together_with_its_hash_is_caught_by_the_verifier(ranked: Ranked) -> None:
    run = ranked.approved()
    move_a_person(run)
    AdmissionRun.objects.filter(pk=run.pk).update(output_hash=_hash_stored(run))
    with pytest.raises(Refused, match="结果与核验时不一致，不能公布"):
        ranked.personas.pe1.sign(runs.publish, run=AdmissionRun.objects.get(pk=run.pk))

    assert not Admission.objects.exists()


def test_the_nightly_check_names_a_checked_run_whose_list_was_changed(ranked: Ranked) -> None:
    run = ranked.approved()

    assert check_invariants([18]).broken == []

    move_a_person(run)
    (broken,) = check_invariants([18]).broken

    assert broken.rows == (f"run:{run.pk} 所存结果与摘要不符", f"run:{run.pk} 核验 P1 未通过")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE yangguang_placement SET rank = 1 WHERE run_id = %s",
        "DELETE FROM yangguang_placement WHERE run_id = %s",
        "INSERT INTO yangguang_placement (run_id, application_id, programmes, codes, places)"
        " SELECT run_id, -application_id, '{}', '{}', '{}' FROM yangguang_placement WHERE run_id = %s",
        "UPDATE yangguang_cutoff SET admitted = 0 WHERE run_id = %s",
        "DELETE FROM yangguang_cutoff WHERE run_id = %s",
    ],
)
def test_the_database_refuses_to_change_the_results_of_a_checked_run(ranked: Ranked, statement: str) -> None:
    run = ranked.run()
    with (
        pytest.raises(IntegrityError, match="results of a checked run never change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, (run.pk,))
