"""Answers and offer runs at once: never one seat too many; without the reservation, too many. (T1.01, T1.03)"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from tests.support.builders.crowd import at_once, committed
from tests.support.builders.seat_seekers import school_only
from tests.support.builders.waiting_list import LIVE, Waited, says
from yangguang import clock
from yangguang.actions.admissions import answers, waiting_list_actions, waiting_list_offers
from yangguang.actions.admissions import seats as seating
from yangguang.actions.base.action import ACTIONS
from yangguang.models import (
    Account,
    Admission,
    AdmissionRun,
    ChoiceVersion,
    LotterySeed,
    Message,
    Placement,
    Quota,
    SeatClaim,
    WaitingOffer,
)
from yangguang.models.base.fields import blind
from yangguang.postgres.sql import fetch_one
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.rules.base.refusals import Refused

__all__ = ["committed"]
SEATED, WAITING, THREADS = 12, 24, 12
SYSTEM = "waiting.offer_due"


@pytest.fixture
def waited(committed: None) -> Waited:
    """Twelve sit in B and wait for A; twelve sit in A; twelve have nothing and wait for both. As rows, published."""
    assert SYSTEM in ACTIONS
    waited = Waited.lay(school_only())
    waited.laid.programme("A", SEATED)
    waited.laid.programme("B", SEATED)
    with transaction.atomic():
        for nth in range(SEATED + WAITING):
            waited.apply(f"P{nth:02d}", 600 - nth, "A", "B")
        _published(waited)
    return waited


def _published(waited: Waited) -> None:
    """What a run and its publication leave, without the officers who sign it."""
    officers = [Account.objects.create(username=name, phone_hash=blind(name)) for name in ("one", "two")]
    run = AdmissionRun.objects.create(
        round=waited.laid.round,
        number=1,
        started_by=officers[0],
        proposed_by=officers[0],
        approved_by=officers[1],
        report={"held_back": [], "flows": [], "verdicts": []},
        counts={"persons": len(waited.people)},
    )
    programmes = [waited.laid.programmes[code] for code in "AB"]
    LotterySeed.objects.create(round=waited.laid.round, first_by=officers[0], first_secret=b"1")
    for nth, application in enumerate(waited.people.values()):
        rank = nth // SEATED + 1 if nth < 2 * SEATED else None
        codes = {1: ["admitted", "higher_choice_admitted"], 2: ["outranked", "admitted"]}
        Placement.objects.create(
            run=run,
            application=application,
            rank=rank,
            programme=programmes[rank - 1] if rank else None,
            quota=programmes[rank - 1].quotas.get() if rank else None,
            programmes=[programme.pk for programme in programmes],
            codes=codes.get(rank or 0, ["outranked", "outranked"]),
            places=[nth + 1, nth + 1],
        )
        if rank:
            _seated(waited, run, application, programmes[rank - 1], rank)
    for state in ("COMPUTED", "CHECKED", "PROPOSED", "APPROVED", "PUBLISHED"):
        AdmissionRun.objects.filter(pk=run.pk).update(state=state)
    assert ChoiceVersion.objects.count() == len(waited.people)


def _seated(waited: Waited, run: AdmissionRun, application: Any, programme: Any, rank: int) -> None:
    quota = programme.quotas.get()
    admission = Admission.objects.create(
        application=application,
        person=application.person,
        school=waited.laid.personas.school,
        round=waited.laid.round,
        run=run,
        programme=programme,
        quota=quota,
        rank=rank,
        published_at=clock.now(),
        state="WAITING" if rank == 2 else "OFFERED",
    )
    SeatClaim.objects.create(
        person_root_id=application.person_id,
        intake_year=waited.laid.personas.season.year,
        quota=quota,
        admission=admission,
        state="HELD",
    )
    Quota.objects.filter(pk=quota.pk).update(taken=quota.taken + 1)


def taken() -> dict[str, int]:
    return dict(Quota.objects.values_list("programme__code", "taken"))


def counted() -> dict[str, int]:
    """What `taken` must be: live claims and open offers."""
    rows = Counter(SeatClaim.objects.filter(state__in=("HELD", "CONFIRMED")).values_list("quota__programme__code"))
    rows += Counter(WaitingOffer.objects.filter(state="OPEN").values_list("programme__code"))
    return {code: count for (code,), count in rows.items()}


def runs_list(waited: Waited) -> Callable[[], Any]:
    return lambda: waited.offer_due()


def declines(waited: Waited, number: str) -> Callable[[], Any]:
    admission = waited.held(number)
    return lambda: says(waited.people[number], answers.decline, admission=admission)


def takes(waited: Waited, offer: WaitingOffer) -> Callable[[], Any]:
    who = waited.people[offer.application.number]
    return lambda: says(who, waiting_list_actions.accept, offer=offer, wait=offer.rank > 1)


def strangers(said: list[Any]) -> list[Any]:
    """Whatever is neither an answer nor a sentence: a deadlock, a broken constraint."""
    return [one for one in said if isinstance(one, BaseException) and not isinstance(one, Refused)]


def test_answers_and_runs_at_once_never_oversell_and_never_deadlock(waited: Waited) -> None:
    first = [declines(waited, f"P{nth:02d}") for nth in range(8)]
    said = at_once([act for pair in zip(first, [runs_list(waited)] * 8, strict=True) for act in pair], THREADS)

    assert strangers(said) == []
    waited.offer_due()

    assert len(waited.offers()) == 8
    assert taken() == counted()
    for _ in range(4):
        pending = list(WaitingOffer.objects.filter(state="OPEN").select_related("application"))
        mixed = [takes(waited, offer) for offer in pending for _ in range(2)] + [runs_list(waited)] * 3
        said = at_once(mixed, min(THREADS, len(mixed)))
        assert strangers(said) == []
        assert taken() == counted()
        assert max(taken().values()) <= SEATED
    waited.offer_due()
    seats = waited.seats()

    assert sum(code == "A" for code in seats.values()) == SEATED
    assert (
        len(seats) == Admission.objects.filter(state__in=LIVE).count() == SeatClaim.objects.filter(state="HELD").count()
    )
    assert [one.number for one in check_invariants((1, 2, 4, 23)).broken] == []


def test_the_best_in_rank_have_the_seats_whoever_pressed_first(waited: Waited) -> None:
    for nth in (3, 7):
        declines(waited, f"P{nth:02d}")()
    at_once([runs_list(waited)] * THREADS, THREADS)

    assert waited.offers() == {"P12": "A", "P13": "A"}
    assert Message.objects.filter(event="waiting.offer").count() == 2
    pending = list(WaitingOffer.objects.filter(state="OPEN").select_related("application"))
    said = at_once([takes(waited, offer) for offer in pending for _ in range(THREADS)], THREADS)

    assert sum(isinstance(one, Admission) for one in said) == 2
    assert strangers(said) == []
    assert {number for number, code in waited.seats().items() if code == "A"} == {
        *(f"P{nth:02d}" for nth in range(SEATED) if nth not in (3, 7)),
        "P12",
        "P13",
    }


def test_without_the_reservation_a_seat_is_promised_twice(waited: Waited, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: offers that do not count as taken, and a quota that does not refuse."""
    monkeypatch.setattr(waiting_list_offers, "_MAKE", waiting_list_offers._MAKE.replace("b.taken + n.seats", "b.taken"))
    monkeypatch.setattr(seating, "lock_quotas", lambda *_: None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE yangguang_quota DROP CONSTRAINT quota_never_over")
    try:
        declines(waited, "P00")()
        for _ in range(3):
            waited.offer_due()
            WaitingOffer.objects.filter(state="OPEN").update(rank=1)
        promised = WaitingOffer.objects.filter(state="OPEN", programme__code="A").count()
    finally:
        row = fetch_one("SELECT count(*) FROM yangguang_quota WHERE taken > seats")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE yangguang_quota ADD CONSTRAINT quota_never_over CHECK (taken <= seats)")

    assert row is not None
    assert promised > 1
    assert taken() != counted()
