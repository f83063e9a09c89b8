"""A run whose worker is killed anywhere, cancelled or overtaken by a change: one published result, one message each."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections

from tests.faults.watch import ANYWHERE, PHASES, Nursery, nursery_of
from tests.support.builders.plans import qualify
from tests.support.builders.ranked_round import Ranked
from tests.support.builders.seat_seekers import seekers
from tests.support.personas import SHELL, Personas
from yangguang import clock
from yangguang.actions.organisation import directory
from yangguang.actions.plans import plans
from yangguang.actions.runs import phases, runs
from yangguang.jobs import run_steps
from yangguang.jobs.run_steps import carry_out
from yangguang.models import Admission, AdmissionRun, AuditEntry, ChoiceVersion, Message, Quota, RunProgress, SeatClaim
from yangguang.postgres.sql import execute
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.queries.audit.log_chain import find_broken_links
from yangguang.reference import rows
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states

KILLS, PEOPLE, CROWD, PROGRAMMES = 20, 60, 3000, 20
Death = tuple[str, bool, str]
"""How a run was found after its worker's death: its state, whether its input is frozen, the phase it was in."""
LEFT = {
    "freeze": ("DRAFTED", False),
    "compute": ("DRAFTED", True),
    "store": ("DRAFTED", True),
    "check": ("COMPUTED", True),
}
_FORGOTTEN = "DELETE FROM procrastinate_jobs"
_CHOSEN = """
UPDATE yangguang_application AS a SET track = 'CHOOSES', state = 'CHOSEN', choices_version = 1,
       programmes = v.programmes,
       scores = ARRAY[400 + a.id * 7919 %% 200]
FROM yangguang_choiceversion AS v WHERE v.application_id = a.id
"""


@pytest.fixture
def laid(personas: Personas) -> Iterator[Ranked]:
    execute(_FORGOTTEN)
    laid = Ranked.lay(personas)
    laid.programme("A", 20)
    laid.programme("B", 15, dedicated=5, flows=True)
    for nth in range(PEOPLE):
        laid.apply(600 - nth // 3, *("AB" if nth % 2 else "BA"))
    laid.close()
    yield laid
    execute(_FORGOTTEN)


@pytest.fixture
def crowded(personas: Personas) -> Iterator[Ranked]:
    """So many people that every phase takes long enough to die in it."""
    execute(_FORGOTTEN)
    laid, chance = Ranked.lay(personas), Random(60)
    for nth in range(PROGRAMMES):
        laid.programme(f"L{nth:02d}", CROWD // PROGRAMMES // 2, dedicated=5, flows=nth % 2 == 0)
    programmes = [programme.pk for programme in laid.programmes.values()]
    ChoiceVersion.objects.bulk_create(
        ChoiceVersion(
            application=one,
            round=laid.round,
            number=1,
            programmes=chance.sample(programmes, 6),
            by_account_id=one.person.account_id,
            submitted_by="SELF",
            receipt="0" * 64,
        )
        for one in seekers(laid, CROWD)
    )
    execute(_CHOSEN)
    laid.close()
    yield laid
    execute(_FORGOTTEN)


@pytest.fixture
def nursery(crowded: Ranked) -> Iterator[Nursery]:
    with nursery_of(crowded.personas.pe1.sign(runs.start, round=crowded.round)) as run:
        yield run


def killed(nursery: Nursery, run: AdmissionRun, aims: Sequence[str], chance: Random) -> Counter[Death]:
    """One worker after the other is to die where `aims` says; how those that died left the run."""
    deaths: Counter[Death] = Counter()
    for aim in aims:
        after = chance.uniform(0.02, 0.4) if aim == ANYWHERE else chance.choice((0, chance.uniform(0, 0.03)))
        phase = nursery.rears(run, aim, after)
        run.refresh_from_db()
        if phase is not None:
            deaths[run.state, bool(run.input_hash), phase] += 1
            _nothing_half(run)
        if run.state not in run_states.COMPUTING and run.state != run_states.TIMED:
            break
    return deaths


def _nothing_half(run: AdmissionRun) -> None:
    """What a step writes is there with the state that it leads to, or not at all."""
    assert run.placements.count() == (0 if run.state == run_states.DRAFTED else CROWD)
    receivers = CROWD if run.state == run_states.PUBLISHED else 0
    assert Message.objects.filter(event="run.publish").count() == receivers
    seated = run.counts["placed"] if receivers else 0
    taken = sum(Quota.objects.values_list("taken", flat=True))
    assert (Admission.objects.count(), SeatClaim.objects.count(), taken) == (seated, seated, seated)


def within(deaths: Counter[Death]) -> int:
    """Those that fell into a phase, and not between two."""
    return sum(times for (*_, phase), times in deaths.items() if phase)


@pytest.mark.slow
def test_a_worker_killed_twenty_times_in_every_phase_leaves_one_result_published_once(
    crowded: Ranked, nursery: Nursery
) -> None:
    undisturbed = AdmissionRun.objects.get(state="CHECKED")
    pe1, pe2, chance = crowded.personas.pe1, crowded.personas.pe2, Random(2024)
    deaths: Counter[Death] = Counter()
    while within(deaths) < KILLS or not LEFT.keys() <= {phase for *_, phase in deaths}:
        run = pe1.sign(runs.start, round=crowded.round)
        deaths += killed(nursery, run, [*PHASES, ANYWHERE], chance)
        assert nursery.rears(run) is None
        run.refresh_from_db()
        assert (run.state, run.input_hash) == ("CHECKED", undisturbed.input_hash), run.report
        assert run.output_hash == undisturbed.output_hash
        assert run.placements.count() == CROWD
        assert run.number <= KILLS, f"they do not die where they should: {deaths}"
    pe1.act(_compare(), run=run)
    pe1.sign(runs.propose, run=run)
    pe2.sign(runs.approve, run=run)
    pe1.sign(runs.time, run=run, at=clock.now() + timedelta(hours=1))
    AdmissionRun.objects.filter(pk=run.pk).update(publish_at=clock.now())
    published = killed(nursery, run, ["seats", "messages", "seats", "messages"], chance)

    assert published.keys() & {("TIMED", True, "seats"), ("TIMED", True, "messages")}, published
    # A phase that did not end has left nothing: the run stands as it stood before.
    assert all((state, frozen) == LEFT[phase] for state, frozen, phase in deaths if phase), deaths
    for _ in range(3):
        assert nursery.rears(run) is None
    run.refresh_from_db()

    assert (run.state, run.output_hash) == ("PUBLISHED", undisturbed.output_hash)
    assert AdmissionRun.objects.filter(state="PUBLISHED").count() == 1
    assert Admission.objects.count() == undisturbed.counts["placed"] > CROWD // 3
    messages = Message.objects.filter(event="run.publish")

    assert messages.count() == messages.values("person").distinct().count() == CROWD
    ends = AuditEntry.objects.filter(subject=f"admissionrun:{run.public_id}").values_list("action", flat=True)

    assert sorted(ends).count("run.finish") == 1
    assert sorted(ends).count("run.publish_due") == 1
    assert list(find_broken_links()) == []


def _compare() -> Callable[..., Any]:
    from yangguang.actions.runs import inspection

    return inspection.compare


def elsewhere(act: Callable[[], object]) -> None:
    """Do `act` on a separate connection, and wait for it."""
    errors: list[BaseException] = []

    def alone() -> None:
        try:
            act()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=alone)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive(), "the officer waits for the job"
    if errors:
        raise errors[0]


@pytest.mark.parametrize("phase", ["freeze", "compute", "check"])
def test_an_officer_cancels_inside_a_phase_without_waiting_for_it(
    laid: Ranked, monkeypatch: pytest.MonkeyPatch, phase: str
) -> None:
    run = laid.personas.pe1.sign(runs.start, round=laid.round)
    real = getattr(phases, phase)

    def disturbed(of: AdmissionRun, *args: Any, **kwargs: Any) -> None:
        elsewhere(lambda: laid.personas.pe2.sign(runs.cancel, run=run))
        real(of, *args, **kwargs)

    monkeypatch.setattr(phases, phase, disturbed)
    ended = carry_out(run.pk)

    assert (ended.state, ended.report.get("failed")) == ("CANCELLED", None)
    assert run.placements.count() == (PEOPLE if phase == "check" else 0)
    assert not AuditEntry.objects.filter(action__in=("run.finish", "run.fail")).exists()
    monkeypatch.undo()

    assert laid.run().state == "CHECKED"


def test_progress_is_seen_from_outside_while_a_phase_works(laid: Ranked, monkeypatch: pytest.MonkeyPatch) -> None:
    run = laid.personas.pe1.sign(runs.start, round=laid.round)
    real, seen = phases.check, []

    def watched(of: AdmissionRun, *, tell: Any) -> None:
        def report(phase: str, done: int, total: int) -> None:
            tell(phase, done, total)
            elsewhere(lambda: seen.append(RunProgress.objects.values_list("phase", "done", "total").get(run=run)))

        real(of, tell=report)

    monkeypatch.setattr(phases, "check", watched)

    assert carry_out(run.pk).state == "CHECKED"
    assert seen == [("check", 0, PEOPLE), ("check", PEOPLE, PEOPLE)]


def two_workers(run: AdmissionRun, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two workers who both work on the run; the errors that stopped one of them."""
    errors: list[str] = []
    monkeypatch.setattr(run_steps, "_give_up", lambda _, error: errors.append(type(error).__name__))

    def works() -> None:
        try:
            carry_out(run.pk)
        finally:
            connections.close_all()

    threads = [Thread(target=works) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return errors


def test_two_workers_on_one_run_do_each_step_once(laid: Ranked, monkeypatch: pytest.MonkeyPatch) -> None:
    run = laid.personas.pe1.sign(runs.start, round=laid.round)

    assert two_workers(run, monkeypatch) == []
    assert AdmissionRun.objects.get(pk=run.pk).state == "CHECKED"
    assert AuditEntry.objects.filter(action="run.finish").count() == 1
    assert run.placements.count() == PEOPLE


def test_without_the_lock_two_workers_collide(laid: Ranked, monkeypatch: pytest.MonkeyPatch) -> None:
    real, both = phases.compute, Barrier(2)

    def meeting(*args: Any, **kwargs: Any) -> Any:
        both.wait(timeout=20)
        return real(*args, **kwargs)

    monkeypatch.setattr(phases, "compute", meeting)
    monkeypatch.setattr(run_steps, "take_lock", lambda *_: None)
    run = laid.personas.pe1.sign(runs.start, round=laid.round)

    assert two_workers(run, monkeypatch) != []


@pytest.fixture
def planned(laid: Ranked) -> Ranked:
    """The school is on the year's list, and the rules about plans are there: its plan may also grow."""
    keys = ("aptitude_test.", "permission.", "school.")
    directory.load(by=SHELL, rules=[row for row in rows("policy_rules") if row["key"].startswith(keys)])
    qualify(laid.personas.school, laid.personas.season.year)
    return laid


def changed_by_two(laid: Ranked, quota: Quota, seats: int) -> None:
    """The plan's seats after its publication: one officer asks for it and cannot approve it, another does."""
    programme = quota.programme
    change = {"plan": programme.plan, "programme": programme, "seats": {quota.code: seats}, "reason": "测试"}
    with pytest.raises(Refused, match="另一个人批准"):
        for _ in range(2):
            laid.personas.pe1.sign(plans.change_after_open, **change)
    laid.personas.pe2.sign(plans.change_after_open, **change)
    quota.refresh_from_db()
    assert quota.seats == seats


@pytest.mark.parametrize("phase", ["freeze", "compute", "check"])
@pytest.mark.parametrize("seats", [10, 30], ids=["down", "up"])
def test_a_quota_changed_by_two_people_during_a_run_never_oversells(
    planned: Ranked, monkeypatch: pytest.MonkeyPatch, phase: str, seats: int
) -> None:
    """Before the freeze the run sees it; afterwards a cut ends the publication, and more seats stay free."""
    real, quota = getattr(phases, phase), Quota.objects.get(programme__code="A")
    before = quota.seats

    def disturbed(*args: Any, **kwargs: Any) -> None:
        elsewhere(lambda: changed_by_two(planned, quota, seats))
        real(*args, **kwargs)

    monkeypatch.setattr(phases, phase, disturbed)
    run = planned.approved()
    monkeypatch.undo()
    seen = seats if phase == "freeze" else before

    assert run.placements.filter(programme__code="A").count() == seen
    if seats < seen:
        with pytest.raises(Refused, match="运算之后，计划行A的名额减少了，按这次结果会超计划录取"):
            planned.personas.pe1.sign(runs.publish, run=run)
        # Of the change of the plan the families get a message, of the result none.
        messages = Message.objects.exclude(event__startswith="plan.change_after_open")
        assert (Admission.objects.count(), messages.count()) == (0, 0)
        run, seen = planned.approved(), seats
    planned.personas.pe1.sign(runs.publish, run=run)
    quota.refresh_from_db()

    assert (quota.seats, quota.taken) == (seats, seen)
    assert Admission.objects.filter(programme__code="A").count() == seen
    assert [one.number for one in check_invariants((1, 2, 9, 10, 18, 24)).broken] == []
