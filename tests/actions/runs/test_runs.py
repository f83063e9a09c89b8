"""A run: what stands against it, what is frozen, and what comes out."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.engine.frozen import output_hash
from tests.support.builders.ranked_round import SECRETS, Ranked
from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.runs import runs
from yangguang.gateways.ciphers import sm3
from yangguang.jobs.run_steps import carry_out
from yangguang.models import (
    AdmissionRun,
    Application,
    IdentityCase,
    LotterySeed,
    Plan,
    Quota,
    RoundProgramme,
    Sanction,
    ViolationKind,
)
from yangguang.queries.runs import input_format
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import IllegalMove, NotFound, Refused
from yangguang.rules.runs.lottery import draw, joint_seed
from yangguang.rules.runs.ranked_round import match_round
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db
SHELL = Actor(role=Role.OPERATOR, name="命令行")


@pytest.fixture
def ranked(personas: Personas) -> Ranked:
    """Two programmes of two and one seats, five applicants, choices final, seed committed."""
    laid = Ranked.lay(personas)
    laid.programme("A", 2)
    laid.programme("B", 1)
    for score in (600, 590, 580, 570):
        laid.apply(score, "A", "B")
    laid.apply(650, "B")
    laid.close()
    return laid


def sanction(ranked: Ranked, kind: str, cap: int | None = None, unit: object = None) -> Sanction:
    violation, _ = ViolationKind.objects.get_or_create(
        year=2023, position=1, defaults={"text": "测试", "source": "测试", "clause": "一"}
    )
    account = ranked.personas.pe1.actor.account
    other = ranked.personas.pe2.actor.account
    return Sanction.objects.create(
        unit=unit or ranked.personas.school,
        kind=kind,
        violation=violation,
        state="DECIDED",
        sentence="测试",
        cap=cap,
        starts_at=clock.now() - timedelta(days=1),
        proposed_by_id=account,
        decided_by_id=other,
        decided_at=clock.now(),
    )


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
        "persons": 5,
        "choices": 9,
        "programmes": 2,
        "seats": 3,
        "placed": 3,
        "by_choice": {"1": 3},
        "open": {"persons": 5, "placed": 3, "by_choice": {"1": 3}},
    }
    assert [verdict["state"] for verdict in run.report["verdicts"]] == ["held"] * 10
    assert run.report["held_back"] == []


def test_the_stored_input_gives_the_stored_list_again(ranked: Ranked) -> None:
    run = AdmissionRun.objects.get(pk=ranked.run().pk)
    frozen = input_format.read_frozen(input_format.unpack(run).decode())
    outcome = match_round(frozen.applicants, frozen.seats)

    assert output_hash(outcome.placements, frozen.codes) == run.output_hash
    seed = joint_seed(*SECRETS, sm3)
    drawn = {one.number: {choice.lottery for choice in one.choices} for one in frozen.applicants}

    assert drawn == {number: {draw(seed, number, sm3)} for number in ranked.placed(run)}


def test_equal_input_gives_equal_hashes_whatever_the_rows_are_called(personas: Personas) -> None:
    """The same season laid twice, in opposite orders and with other row ids."""
    hashes, keys = [], []
    people = [(600, "N1", ("A", "B")), (590, "N2", ("B", "A")), (590, "N3", ("B", "A")), (580, "N4", ("A",))]
    for order in (1, -1):
        with transaction.atomic():
            laid = Ranked.lay(personas)
            for code in ("A", "B")[::order]:
                laid.programme(code, 1)
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
    assert not AdmissionRun.objects.filter(round=ranked.round, state="DRAFTED").exclude(number=99).exists()
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
    Plan.objects.create(school=ranked.school("乙校"), season=ranked.personas.season, capacity=10, state="CITY_PASSED")
    assert refused(ranked) == "本招生季还有1所学校的招生计划在审核中"


def test_no_run_while_another_one_computes(ranked: Ranked) -> None:
    AdmissionRun.objects.create(round=ranked.round, number=99, started_by_id=ranked.personas.pe1.actor.account)
    assert refused(ranked) == "本批次正在运算"


def test_no_run_after_a_programme_of_the_last_run_vanished(ranked: Ranked) -> None:
    ranked.run()
    for application in Application.objects.exclude(number="N0005"):
        ranked.choose(application, "A")
    Application.objects.filter(number="N0005").update(state="WITHDRAWN")
    RoundProgramme.objects.filter(programme__code="B").delete()

    assert refused(ranked) == "上次运算中的1个计划行不见了：B"


def test_no_run_over_choices_of_programmes_that_do_not_take_part(ranked: Ranked) -> None:
    RoundProgramme.objects.filter(programme__code="B").delete()
    assert refused(ranked) == "有5个志愿填报了不在本批次的计划行"


def test_no_run_while_a_participant_is_in_an_open_case(ranked: Ranked) -> None:
    person, other = (Application.objects.get(number=n).person for n in ("N0001", "N0002"))
    case = IdentityCase.objects.create(
        season_year=2024,
        person=ranked.person("X1"),
        other=other,
        unit=ranked.personas.county,
        score=80,
        reasons=["测试"],
    )

    assert refused(ranked) == "参加本批次的学生中有1项身份查重还没有裁定"
    IdentityCase.objects.filter(pk=case.pk).update(state="SETTLED")

    assert person
    assert ranked.run().state == "CHECKED"


def test_no_run_of_a_round_without_ranking(personas: Personas) -> None:
    laid = Ranked.lay(personas, kind="direct")
    assert refused(laid) == "“第2批”不按志愿排名录取，不需要运算"


def test_a_city_does_not_compute_a_round_with_schools_outside_its_area(ranked: Ranked) -> None:
    far = ranked.school("外市学校")
    far.path = f"{ranked.personas.other_city.path}{far.pk}/"
    far.save(update_fields=["path"])

    assert ranked.personas.me.sign(runs.start, round=ranked.round).state == "DRAFTED"
    ranked.programme("Z", 1, school=far)
    with pytest.raises(NotFound):
        ranked.personas.me.act(runs.what_if, round=ranked.round)


def test_people_with_a_seat_this_year_are_barred_with_the_reason(ranked: Ranked) -> None:
    best = Application.objects.get(number="N0001")
    ranked.seated_elsewhere(best, ranked.programme("S", 1))
    run = ranked.run()

    assert ranked.placed(run)["N0001"] is None
    assert run.placements.get(application=best).codes == ["barred:has_seat", "barred:has_seat"]
    assert ranked.placed(run)["N0003"] == "A"


def test_of_two_linked_persons_only_the_root_takes_part(ranked: Ranked) -> None:
    root = Application.objects.get(number="N0004").person
    linked = Application.objects.get(number="N0001").person
    linked.merged_into = root
    linked.save(update_fields=["merged_into"])
    run = ranked.run()

    assert run.placements.get(application__number="N0001").codes == ["barred:quarantine"] * 2
    assert run.placements.get(application__number="N0004").codes == ["outranked", "outranked"]


def test_a_stopped_school_admits_no_one(ranked: Ranked) -> None:
    other = ranked.programme("C", 1, school=ranked.school("丙校"))
    ranked.choose(Application.objects.get(number="N0004"), "A", "C")
    sanction(ranked, "STOP")
    run = ranked.run()

    assert {programme for programme in ranked.placed(run).values() if programme} == {other.code}
    assert run.placements.get(application__number="N0001").codes == ["barred:stopped"] * 2


def test_a_capped_school_shares_its_cap_over_its_programmes_less_what_is_taken(ranked: Ranked) -> None:
    sanction(ranked, "CAP", cap=2)
    run = ranked.run()

    assert sorted(filter(None, ranked.placed(run).values())) == ["A", "B"]
    assert [v["state"] for v in run.report["verdicts"] if v["property"] == "P7"] == ["held"]


def test_a_pupil_of_a_dedicated_class_competes_for_its_seats_only(ranked: Ranked) -> None:
    ranked.programme("D", 1, dedicated=1)
    ranked.apply(300, "D", dedicated=True, number="N0101")
    ranked.apply(310, "D", number="N0102")
    ranked.apply(320, "D", number="N0103")
    run = ranked.run()
    quotas = dict(run.placements.values_list("application__number", "quota__code"))

    assert (quotas["N0101"], quotas["N0102"], quotas["N0103"]) == ("dedicated", None, "general")


def test_what_cannot_be_computed_ends_as_failed_with_its_sentence(ranked: Ranked) -> None:
    Quota.objects.filter(programme__code="A").update(flows_to="nowhere")
    run = ranked.run()

    assert run.state == "FAILED"
    assert run.report["failed"].startswith("计划行A“general”的剩余名额要流向“nowhere”，但没有这个类别")
    with pytest.raises(IllegalMove):
        ranked.personas.pe1.sign(runs.propose, run=run)


# Trials


def test_a_trial_needs_nothing_ready_and_draws_with_another_seed(personas: Personas) -> None:
    laid = Ranked.lay(personas)
    laid.programme("A", 1)
    laid.apply(600, "A")
    laid.window(WindowKind.CHOICES, -1, 1)
    run = carry_out(runs.what_if(by=SHELL, round=laid.round).pk)

    assert (run.state, run.is_what_if, laid.placed(run)) == ("CHECKED", True, {"N0001": "A"})
    laid.close()

    assert run.seed_commitment != laid.run().seed_commitment


def test_a_trial_is_never_proposed_in_code_or_in_the_database(ranked: Ranked) -> None:
    run = ranked.trial()
    with pytest.raises(Refused, match="试算的结果不能公布"):
        ranked.personas.pe1.sign(runs.propose, run=run)
    with pytest.raises(IntegrityError), transaction.atomic():
        AdmissionRun.objects.filter(pk=run.pk).update(state="PROPOSED")


def test_one_school_alone_is_a_trial(ranked: Ranked) -> None:
    other = ranked.school("丙校")
    ranked.programme("C", 1, school=other)
    ranked.choose(Application.objects.get(number="N0004"), "A", "C")
    run = ranked.trial(other)

    assert (ranked.placed(run), run.school) == ({"N0004": "C"}, other)
    with pytest.raises(IntegrityError), transaction.atomic():
        AdmissionRun.objects.filter(pk=ranked.run().pk).update(school=other)
