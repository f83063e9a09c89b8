"""The phases of a run: each may be tried again, either program gives one list, and nothing wrong gets through."""

import pytest
from django.db import connection

from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.runs import phases, setup, verification
from yangguang.models import AdmissionRun, Application, Cutoff, Placement
from yangguang.queries.runs import input_format
from yangguang.rules.runs.published_properties import Property

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranked(personas: Personas) -> Ranked:
    """Two programmes with a dedicated class and a tied group, nine applicants, choices final."""
    laid = Ranked.lay(personas)
    laid.programme("A", 2, dedicated=2, flows=True)
    laid.programme("B专业", 1)
    laid.programme("C", 1, tie="all_wait")
    for score in (600, 590, 590, 570):
        laid.apply(score, "A", "B专业", "C")
    laid.apply(650, "B专业")
    laid.apply(500, "C", "A", dedicated=True)
    laid.apply(400, "A", dedicated=True)
    laid.apply(None, "C", "B专业")
    laid.apply(None, "C")
    laid.close()
    return laid


def frozen(ranked: Ranked, *, trial: bool = False) -> AdmissionRun:
    run = setup.create_run(ranked.round, started_by_id=ranked.personas.pe1.actor.account, is_what_if=trial)
    phases.freeze(run, clock.now(), trial=trial)
    return run


def rows(run: AdmissionRun) -> list[tuple[object, ...]]:
    stored = run.placements.order_by("application").values_list(
        "application", "rank", "programme", "quota", "programmes", "codes", "places"
    )
    cuts = Cutoff.objects.filter(run=run).order_by("quota")
    return [*stored, *cuts.values_list("quota", "seats", "applicants", "admitted", "last_place", "last_score")]


def test_the_reference_and_the_engine_store_the_same_rows_and_say_who_computed(ranked: Ranked) -> None:
    runs = []
    for engine in (setup.FAST, setup.REFERENCE):
        run = frozen(ranked, trial=True)
        phases.compute(run, engine=engine)
        phases.check(run)
        runs.append(AdmissionRun.objects.get(pk=run.pk))
    fast, reference = runs

    assert rows(fast) == rows(reference)
    assert len(rows(fast)) == 9 + 4
    assert (fast.input_hash, fast.output_hash) == (reference.input_hash, reference.output_hash)
    assert (fast.counts, fast.report) == (reference.counts, reference.report)
    assert fast.state == reference.state == "CHECKED"
    assert fast.program.startswith("engine ")
    assert reference.program.startswith("rules.runs.matching ")


def test_a_phase_that_is_done_changes_nothing_when_it_is_called_again(ranked: Ranked) -> None:
    run = frozen(ranked)
    phases.compute(run)
    phases.check(run)
    stored = (run.input_hash, run.output_hash, rows(run))
    ranked.choose(Application.objects.get(number="N0001"), "C")
    run = AdmissionRun.objects.get(pk=run.pk)
    phases.freeze(run, clock.now(), trial=False)
    phases.compute(run)
    phases.check(run)

    assert (run.input_hash, run.output_hash, rows(run)) == stored


def test_what_a_try_that_was_cut_off_left_is_removed(ranked: Ranked) -> None:
    run = frozen(ranked)
    stray = Application.objects.get(number="N0001")
    Placement.objects.create(run=run, application=stray, programmes=[1], codes=["outranked"], places=[77])
    phases.compute(run)

    assert run.placements.count() == 9
    assert run.placements.get(application=stray).places[0] == 1


def test_progress_is_reported_between_the_statements(ranked: Ranked) -> None:
    heard = []

    def tell(phase: str, done: int, total: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        heard.append((phase, done, total))

    run = setup.create_run(ranked.round, started_by_id=ranked.personas.pe1.actor.account, is_what_if=False)
    phases.freeze(run, clock.now(), trial=False, tell=tell)
    phases.compute(run, tell=tell)
    phases.check(run, tell=tell)

    assert [phase for phase, _, _ in heard] == ["freeze"] * 3 + ["compute", "store", "store", "check", "check"]
    assert heard[-1] == ("check", 9, 9)


def test_rows_that_were_changed_after_the_matching_are_named_and_withheld(ranked: Ranked) -> None:
    run = frozen(ranked)
    phases.compute(run)
    lost = run.placements.get(application__number="N0005")
    run.placements.filter(pk=lost.pk).update(rank=None, programme=None, quota=None)
    phases.check(run)

    assert run.state == "CHECKED"
    broken = {v["property"]: v["count"] for v in run.report["verdicts"] if v["state"] == "broken"}

    assert broken == {"P2": 1}
    sentence = "计划行B专业“general”还有1个名额空着，报名号N0005符合条件却没有录取"

    assert [v["says"] for v in run.report["violations"]] == [sentence]
    assert "B专业" in run.report["held_back"]


def test_verifiers_that_disagree_end_the_run(ranked: Ranked, monkeypatch: pytest.MonkeyPatch) -> None:
    run = frozen(ranked)
    phases.compute(run)
    wrong = dict.fromkeys(Property, 0) | {Property.P3: 2}
    monkeypatch.setattr(verification, "count_violations", lambda *args, **kwargs: wrong)
    phases.check(run)

    assert run.state == "FAILED"
    assert run.report["failed"].startswith("两套核验程序的结论不一致（P3：2与0）")


def test_a_row_on_a_programme_of_another_round_ends_the_run(ranked: Ranked) -> None:
    run = frozen(ranked)
    phases.compute(run)
    other = Ranked.lay(ranked.personas, number=3).programme("Z", 1)
    run.placements.filter(application__number="N0005").update(programme=other)
    phases.check(run)

    assert run.state == "FAILED"
    assert run.report["failed"].startswith("所存结果中有本批次没有的计划行")


def test_a_snapshot_of_many_pieces_comes_back_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_format, "PIECE", 7)
    packed, digest = input_format.pack("一二三四五六七八九十".encode())

    assert (
        input_format.unpack(AdmissionRun(pk=1, snapshot=packed, input_hash=digest)).decode() == "一二三四五六七八九十"
    )
