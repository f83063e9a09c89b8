"""A run: what stands against it, what is frozen, what comes out, and what its publication makes of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import Cast
from tests.ranked import SECRETS, Ranked
from yangguang import clock
from yangguang.actions import run_phases, runs
from yangguang.gateways.ciphers import sm3
from yangguang.models import (
    Admission,
    AdmissionRun,
    Application,
    IdentityCase,
    LotterySeed,
    Message,
    Placement,
    Plan,
    PlanBucket,
    RoundLine,
    Sanction,
    SeatClaim,
    SeatEvent,
    ViolationKind,
)
from yangguang.models.audit import AuditEntry
from yangguang.queries import snapshots
from yangguang.rules.actors import Actor
from yangguang.rules.lottery import draw, joint_seed
from yangguang.rules.matching import match
from yangguang.rules.refusals import Denied, IllegalMove, NotHere, Refused
from yangguang.rules.roles import Role
from yangguang.rules.rounds import WindowKind

pytestmark = pytest.mark.django_db
SHELL = Actor(role=Role.OPERATOR, name="命令行")


@pytest.fixture
def ranked(cast: Cast) -> Ranked:
    """Two lines of two and one seats, five applicants, choices final, seed committed."""
    laid = Ranked.lay(cast)
    laid.line("A", 2)
    laid.line("B", 1)
    for score in (600, 590, 580, 570):
        laid.apply(score, "A", "B")
    laid.apply(650, "B")
    laid.close()
    return laid


def sanction(ranked: Ranked, kind: str, cap: int | None = None, unit: object = None) -> Sanction:
    violation, _ = ViolationKind.objects.get_or_create(
        year=2023, position=1, defaults={"text": "测试", "source": "测试", "clause": "一"}
    )
    account = ranked.cast.pe1.actor.account
    other = ranked.cast.pe2.actor.account
    return Sanction.objects.create(
        unit=unit or ranked.cast.school, kind=kind, violation=violation, says="测试", cap=cap,
        starts_at=clock.now() - timedelta(days=1), proposed_by_id=account, decided_by_id=other,
        decided_at=clock.now(),
    )  # fmt: skip


# Start


def test_the_better_score_comes_first_and_every_choice_has_its_reason(ranked: Ranked) -> None:
    run = ranked.run()
    assert run.state == "CHECKED"
    assert ranked.placed(run) == {"N0001": "A", "N0002": "A", "N0003": None, "N0004": None, "N0005": "B"}
    rows = {row.application.number: (row.codes, row.places) for row in run.placements.all()}
    assert rows == {
        "N0001": (["admitted", "higher_choice_admitted"], [1, 2]),
        "N0002": (["admitted", "higher_choice_admitted"], [2, 3]),
        "N0003": (["outranked", "outranked"], [3, 4]),
        "N0004": (["outranked", "outranked"], [4, 5]),
        "N0005": (["admitted"], [1]),
    }
    assert run.counts == {
        "persons": 5, "choices": 9, "lines": 2, "seats": 3, "placed": 3, "by_choice": {"1": 3},
    }  # fmt: skip
    assert [verdict["state"] for verdict in run.report["verdicts"]] == ["held"] * 10
    assert run.report["held_back"] == []


def test_the_stored_input_gives_the_stored_list_again(ranked: Ranked) -> None:
    run = AdmissionRun.objects.get(pk=ranked.run().pk)
    frozen = snapshots.read(snapshots.unpack(run))
    outcome = match(frozen.applicants, frozen.seats)
    assert run_phases.output_hash(outcome.placements, frozen.codes) == run.output_hash
    seed = joint_seed(*SECRETS, sm3)
    drawn = {one.number: {wish.lottery for wish in one.wishes} for one in frozen.applicants}
    assert drawn == {number: {draw(seed, number, sm3)} for number in ranked.placed(run)}


def test_equal_input_gives_equal_hashes_whatever_the_rows_are_called(cast: Cast) -> None:
    """The same season laid twice, in opposite orders and with other row ids."""
    hashes, keys = [], []
    people = [(600, "N1", ("A", "B")), (590, "N2", ("B", "A")), (590, "N3", ("B", "A")), (580, "N4", ("A",))]
    for order in (1, -1):
        with transaction.atomic():
            laid = Ranked.lay(cast)
            for code in ("A", "B")[::order]:
                laid.line(code, 1)
            for score, number, codes in people[::order]:
                laid.apply(score, *codes, number=number)
            laid.close()
            run = laid.run()
            hashes.append((run.input_hash, run.output_hash))
            keys.append(sorted(run.placements.values_list("application_id", flat=True)))
            transaction.set_rollback(True)
    assert hashes[0] == hashes[1]
    assert set(keys[0]).isdisjoint(keys[1])


def test_only_the_last_choices_submitted_in_this_round_count(ranked: Ranked) -> None:
    first = Application.objects.get(number="N0001")
    ranked.choose(first, "B")
    Application.objects.filter(number="N0002").update(state="WITHDRAWN")
    run = ranked.run()
    assert ranked.placed(run) == {"N0001": None, "N0003": "A", "N0004": "A", "N0005": "B"}


def refused(ranked: Ranked) -> str:
    with pytest.raises(Refused) as refusal:
        ranked.run()
    assert (
        not AdmissionRun.objects.filter(round=ranked.round, state="DRAFTED", pk__gt=0)
        .exclude(number=99)
        .exists()
    )
    return refusal.value.what


def test_no_run_while_choices_can_change(ranked: Ranked) -> None:
    ranked.window(WindowKind.CHOICES, -10, 1)
    assert refused(ranked).startswith("志愿填报还没有截止（")


def test_no_run_while_the_end_of_the_choices_is_unknown(ranked: Ranked) -> None:
    ranked.window(WindowKind.CHOICES, -10, None)
    assert refused(ranked) == "志愿填报还没有截止（截止时间待定）"


def test_no_run_inside_the_review_period(ranked: Ranked) -> None:
    ranked.window(WindowKind.REVIEW, -1, 1)
    assert refused(ranked).startswith("志愿复核期还没有结束（")


def test_no_run_without_a_committed_seed(ranked: Ranked) -> None:
    LotterySeed.objects.filter(round=ranked.round).update(commitment="", second_by=None)
    assert refused(ranked) == "抽签种子还没有由两人承诺"


def test_no_run_while_a_plan_is_under_review(ranked: Ranked) -> None:
    Plan.objects.create(
        school=ranked.school("乙校"), season=ranked.cast.season, capacity=10, state="CITY_PASSED"
    )
    assert refused(ranked) == "本招生季还有1所学校的招生计划在审核中"


def test_no_run_while_another_one_computes(ranked: Ranked) -> None:
    AdmissionRun.objects.create(round=ranked.round, number=99, started_by_id=ranked.cast.pe1.actor.account)
    assert refused(ranked) == "本批次正在运算"


def test_no_run_after_a_line_of_the_last_run_vanished(ranked: Ranked) -> None:
    ranked.run()
    for application in Application.objects.exclude(number="N0005"):
        ranked.choose(application, "A")
    Application.objects.filter(number="N0005").update(state="WITHDRAWN")
    RoundLine.objects.filter(plan_line__code="B").delete()
    assert refused(ranked) == "上次运算中的1个计划行不见了：B"


def test_no_run_over_choices_of_lines_that_do_not_take_part(ranked: Ranked) -> None:
    RoundLine.objects.filter(plan_line__code="B").delete()
    assert refused(ranked) == "有5个志愿填报了不在本批次的计划行"


def test_no_run_while_a_participant_is_in_an_open_case(ranked: Ranked) -> None:
    person, other = (Application.objects.get(number=n).person for n in ("N0001", "N0002"))
    case = IdentityCase.objects.create(
        season_year=2024,
        person=ranked.person("X1"),
        other=other,
        unit=ranked.cast.county,
        score=80,
        reasons=["测试"],
    )
    assert refused(ranked) == "参加本批次的学生中有1项身份查重还没有裁定"
    IdentityCase.objects.filter(pk=case.pk).update(state="SETTLED")
    assert person and ranked.run().state == "CHECKED"


def test_no_run_of_a_round_that_ranks_nobody(cast: Cast) -> None:
    laid = Ranked.lay(cast, kind="direct")
    assert refused(laid) == "“第2批”不按志愿排名录取，不需要运算"


def test_a_city_does_not_compute_a_round_with_schools_outside_its_area(ranked: Ranked) -> None:
    far = ranked.school("外市学校")
    far.path = f"{ranked.cast.other_city.path}{far.pk}/"
    far.save(update_fields=["path"])
    assert ranked.cast.me.signs(runs.start, round=ranked.round, what_if=True).state == "CHECKED"
    ranked.line("Z", 1, school=far)
    with pytest.raises(NotHere):
        ranked.cast.me.signs(runs.start, round=ranked.round, what_if=True)


def test_people_with_a_seat_this_year_are_out_and_told_why(ranked: Ranked) -> None:
    best = Application.objects.get(number="N0001")
    bucket = ranked.line("S", 1).buckets.get()
    admission = Admission.objects.create(
        application=best, person=best.person, school=ranked.cast.school, round=Ranked.lay(ranked.cast, number=1).round,
        plan_line=bucket.plan_line, bucket=bucket, published_at=clock.now(),
    )  # fmt: skip
    SeatClaim.objects.create(
        person_root=best.person, intake_year=ranked.cast.season.year, bucket=bucket, admission=admission
    )
    run = ranked.run()
    assert ranked.placed(run)["N0001"] is None
    assert run.placements.get(application=best).codes == ["barred:has_seat", "barred:has_seat"]
    assert ranked.placed(run)["N0003"] == "A"


def test_of_two_linked_persons_only_the_root_takes_part(ranked: Ranked) -> None:
    root = Application.objects.get(number="N0004").person
    linked = Application.objects.get(number="N0001").person
    linked.root = root
    linked.save(update_fields=["root"])
    run = ranked.run()
    assert run.placements.get(application__number="N0001").codes == ["barred:quarantine"] * 2
    assert run.placements.get(application__number="N0004").codes == ["outranked", "outranked"]


def test_a_stopped_school_admits_nobody(ranked: Ranked) -> None:
    other = ranked.line("C", 1, school=ranked.school("丙校"))
    ranked.choose(Application.objects.get(number="N0004"), "A", "C")
    sanction(ranked, "STOP")
    run = ranked.run()
    assert {line for line in ranked.placed(run).values() if line} == {other.code}
    assert run.placements.get(application__number="N0001").codes == ["barred:stopped"] * 2


def test_a_capped_school_shares_its_cap_over_its_lines_less_what_is_taken(ranked: Ranked) -> None:
    sanction(ranked, "CAP", cap=2)
    run = ranked.run()
    assert sorted(filter(None, ranked.placed(run).values())) == ["A", "B"]
    assert [v["state"] for v in run.report["verdicts"] if v["property"] == "P7"] == ["held"]


def test_a_pupil_of_a_dedicated_class_competes_for_its_seats_only(ranked: Ranked) -> None:
    ranked.line("D", 1, dedicated=1)
    ranked.apply(300, "D", dedicated=True, number="N0101")
    ranked.apply(310, "D", number="N0102")
    ranked.apply(320, "D", number="N0103")
    run = ranked.run()
    buckets = dict(run.placements.values_list("application__number", "bucket__code"))
    assert (buckets["N0101"], buckets["N0102"], buckets["N0103"]) == ("dedicated", None, "general")


def test_what_cannot_be_computed_ends_as_failed_with_its_sentence(ranked: Ranked) -> None:
    PlanBucket.objects.filter(plan_line__code="A").update(flows_to="nowhere")
    run = ranked.run()
    assert run.state == "FAILED"
    assert run.report["failed"].startswith("计划行A“general”的剩余名额要流向“nowhere”，但没有这个类别")
    with pytest.raises(IllegalMove):
        ranked.cast.pe1.signs(runs.propose, run=run)


# Trials


def test_a_trial_needs_nothing_ready_and_draws_with_another_seed(cast: Cast) -> None:
    laid = Ranked.lay(cast)
    laid.line("A", 1)
    laid.apply(600, "A")
    laid.window(WindowKind.CHOICES, -1, 1)
    run = runs.what_if(by=SHELL, round=laid.round)
    assert (run.state, run.is_what_if, laid.placed(run)) == ("CHECKED", True, {"N0001": "A"})
    laid.close()
    assert run.seed_commitment != laid.run().seed_commitment


def test_a_trial_is_never_proposed_in_code_or_in_the_database(ranked: Ranked) -> None:
    run = ranked.cast.pe1.signs(runs.start, round=ranked.round, what_if=True)
    with pytest.raises(Refused, match="试算的结果不能公布"):
        ranked.cast.pe1.signs(runs.propose, run=run)
    with pytest.raises(IntegrityError), transaction.atomic():
        AdmissionRun.objects.filter(pk=run.pk).update(state="PROPOSED")


def test_one_school_alone_is_a_trial(ranked: Ranked) -> None:
    other = ranked.school("丙校")
    ranked.line("C", 1, school=other)
    ranked.choose(Application.objects.get(number="N0004"), "A", "C")
    with pytest.raises(Refused, match="单独一所学校只能试算"):
        ranked.cast.pe1.signs(runs.start, round=ranked.round, school=other)
    run = ranked.cast.pe1.signs(runs.start, round=ranked.round, what_if=True, school=other)
    assert ranked.placed(run) == {"N0004": "C"}


# Two people


def test_the_one_who_proposed_does_not_approve_and_the_one_who_approved_does_not_publish(
    ranked: Ranked,
) -> None:
    run = ranked.run()
    one, other = ranked.cast.pe1, ranked.cast.pe2
    one.signs(runs.propose, run=run)
    with pytest.raises(Refused, match="须由另一个人批准"):
        one.signs(runs.approve, run=run)
    other.signs(runs.approve, run=run)
    with pytest.raises(Refused, match="须由另一个人执行公布"):
        other.signs(runs.publish, run=run)
    assert one.signs(runs.publish, run=run).state == "PUBLISHED"


def test_a_city_officer_and_a_school_do_not_publish_a_provincial_run(ranked: Ranked) -> None:
    run = ranked.approved()
    with pytest.raises(NotHere):
        ranked.cast.me.signs(runs.publish, run=run)
    with pytest.raises(Denied):
        ranked.cast.teacher.does(runs.publish, run=run)


def test_an_unapproved_run_is_not_published(ranked: Ranked) -> None:
    with pytest.raises(IllegalMove):
        ranked.cast.pe1.signs(runs.publish, run=ranked.run())


def test_a_newer_run_supersedes_the_one_before(ranked: Ranked) -> None:
    first, second = ranked.approved(), ranked.run()
    assert AdmissionRun.objects.get(pk=first.pk).state == "SUPERSEDED"
    with pytest.raises(IllegalMove):
        ranked.cast.pe1.signs(runs.publish, run=first)
    assert second.number == 2


# Publication


def test_publication_makes_admissions_claims_counts_messages_and_opens_the_seed(ranked: Ranked) -> None:
    ranked.window(WindowKind.ANSWER, -1, 5)
    before = AuditEntry.objects.filter(action="run.publish").count()
    run = ranked.published()
    admitted = {a.application.number: a for a in Admission.objects.filter(run=run)}
    assert {n: (a.plan_line.code, a.rank, a.state, a.version) for n, a in admitted.items()} == {
        "N0001": ("A", 1, "OFFERED", 1), "N0002": ("A", 1, "OFFERED", 1), "N0005": ("B", 1, "OFFERED", 1),
    }  # fmt: skip
    assert all(a.answer_by and a.answer_by > run.published_at + timedelta(days=4) for a in admitted.values())
    claims = SeatClaim.objects.filter(admission__run=run)
    assert sorted(claims.values_list("state", "intake_year")) == [("HELD", ranked.cast.season.year)] * 3
    assert SeatEvent.objects.filter(claim__in=claims, state="HELD", cause="SYSTEM").count() == 3
    assert dict(PlanBucket.objects.values_list("plan_line__code", "taken")) == {"A": 2, "B": 1}
    texts = dict(
        Message.objects.filter(event="run.publish").values_list("person__applications__number", "text")
    )
    assert sorted(texts) == ["N0001", "N0002", "N0003", "N0004", "N0005"]
    assert texts["N0001"].startswith("【阳光招生】第2批结果已公布：您被甲市第一职业学校专业A专业录取，请于")
    assert "未被录取" in texts["N0004"]
    assert LotterySeed.objects.get().revealed == joint_seed(*SECRETS, sm3).hex()
    assert (run.counts["admitted"], run.counts["skipped"]) == (3, 0)
    assert AuditEntry.objects.filter(action="run.publish").count() == before + 1


def test_a_published_round_is_not_computed_again(ranked: Ranked) -> None:
    run = ranked.published()
    assert refused(ranked) == "本批次的结果已经公布，公布后的结果不再改动"
    with pytest.raises(IllegalMove):
        ranked.cast.pe1.signs(runs.publish, run=run)
    assert Message.objects.filter(event="run.publish").count() == 5


def test_nothing_is_published_before_its_hour(ranked: Ranked) -> None:
    run = ranked.approved()
    ranked.window(WindowKind.PUBLICATION, 1, 9)
    with pytest.raises(Refused, match="统一公布时间是"):
        ranked.cast.pe1.signs(runs.publish, run=run)
    assert Admission.objects.count() == 0


def test_whoever_took_a_seat_meanwhile_is_passed_over_and_listed(ranked: Ranked) -> None:
    run = ranked.approved()
    person = Application.objects.get(number="N0002").person
    elsewhere = ranked.line("S", 1).buckets.get()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    other = Admission.objects.create(
        application=person.applications.get(), person=person, school=ranked.cast.school,
        round=Ranked.lay(ranked.cast, number=1).round, plan_line=elsewhere.plan_line, bucket=elsewhere,
        published_at=clock.now(),
    )  # fmt: skip
    SeatClaim.objects.create(
        person_root=person, intake_year=ranked.cast.season.year, bucket=elsewhere, admission=other
    )
    run = ranked.cast.pe1.signs(runs.publish, run=run)
    assert run.report["skipped"] == ["N0002"]
    assert PlanBucket.objects.get(plan_line__code="A").taken == 1
    assert Message.objects.get(event="run.publish", person=person).text.endswith("本批次不再录取。")


@pytest.mark.parametrize("change", ["taken", "seats"])
def test_seats_that_went_meanwhile_end_the_publication_before_anything_is_oversold(
    ranked: Ranked, change: str
) -> None:
    run = ranked.approved()
    PlanBucket.objects.filter(plan_line__code="A").update(**{change: 1})
    with pytest.raises(Refused, match="计划行A的名额减少了"):
        ranked.cast.pe1.signs(runs.publish, run=run)
    assert (Admission.objects.count(), Message.objects.filter(event="run.publish").count()) == (0, 0)


def test_a_school_stopped_meanwhile_gets_nobody(ranked: Ranked) -> None:
    run = ranked.approved()
    sanction(ranked, "STOP")
    with pytest.raises(Refused, match="有学校被停止招生，涉及计划行A、B"):
        ranked.cast.pe1.signs(runs.publish, run=run)


def test_a_line_held_back_by_the_verifier_stays_unpublished(ranked: Ranked) -> None:
    run = ranked.approved()
    AdmissionRun.objects.filter(pk=run.pk).update(report=run.report | {"held_back": ["B"]})
    ranked.cast.pe1.signs(runs.publish, run=run)
    assert sorted(Admission.objects.values_list("application__number", flat=True)) == ["N0001", "N0002"]
    told = Message.objects.filter(event="run.publish").values_list("person__applications__number", flat=True)
    assert "N0005" not in set(told)


def test_a_run_whose_every_line_is_held_back_is_not_proposed(ranked: Ranked) -> None:
    run = ranked.run()
    AdmissionRun.objects.filter(pk=run.pk).update(report=run.report | {"held_back": ["A", "B"]})
    with pytest.raises(Refused, match="全部计划行都被扣下"):
        ranked.cast.pe1.signs(runs.propose, run=run)


def test_seats_that_flowed_are_moved_in_the_plan_too(cast: Cast) -> None:
    laid = Ranked.lay(cast)
    laid.line("A", 1, dedicated=2, flows=True)
    for score in (600, 590, 580, 570):
        laid.apply(score, "A")
    laid.apply(300, "A", dedicated=True)
    laid.close()
    run = laid.published()
    assert run.report["flows"] == [["A", "dedicated", "general", 1]]
    assert dict(PlanBucket.objects.values_list("code", "seats")) == {"dedicated": 1, "general": 2}
    assert dict(PlanBucket.objects.values_list("code", "taken")) == {"dedicated": 1, "general": 2}


def test_a_supplementary_round_gives_the_seats_left_to_people_without_one(ranked: Ranked) -> None:
    ranked.line("C", 2, school=ranked.school("丙校"))
    ranked.published()
    extra = Ranked.lay(ranked.cast, number=3, kind="supplementary_ranked")
    extra.lines = ranked.lines
    for code, seats in (("A", 0), ("C", 1)):
        RoundLine.objects.create(round=extra.round, plan_line=ranked.lines[code], seats=seats)
    for number in ("N0001", "N0003", "N0004"):
        extra.choose(Application.objects.get(number=number), "A", "C")
    extra.close()
    run = extra.published()
    assert extra.placed(run) == {"N0001": None, "N0003": "C", "N0004": None}
    codes = {p.application.number: p.codes for p in Placement.objects.filter(run=run)}
    assert codes["N0003"] == ["no_seats", "admitted"]
    assert codes["N0001"] == ["barred:has_seat"] * 2
    # Seats fixed at opening bind, although the bucket has one more.
    assert PlanBucket.objects.get(plan_line__code="C").taken == 1
    assert not Message.objects.filter(
        subject=f"run:{run.public_id}", person__applications__number="N0001"
    ).exists()
