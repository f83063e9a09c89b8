"""A random season: the database beside a model of it, and the invariants after every step.

The model (`tests.stateful.model`) also says of each try whether it must succeed; a refusal where the rules allow the
act fails as much as an act that the rules forbid.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from tests.stateful.model import Model, Offer, Round
from tests.stateful.setup import ANSWER_DAYS, CHOICES_DAYS, LATE, SCORES, SEATS, STUDENTS, WAITING_DAYS, Setup
from tests.support.personas import SHELL
from yangguang import clock
from yangguang.actions.seasons import practice_clock
from yangguang.gateways.ciphers import sm3
from yangguang.jobs import tasks
from yangguang.models import Admission, AdmissionRun, AuditEntry, Quota, SeatClaim, WaitingOffer, Window
from yangguang.queries.audit.invariants.catalogue import INVARIANTS, check_invariants
from yangguang.rules.admissions.admission_states import LIVE
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs.lottery import draw, joint_seed

SLOW = {13, 25}
"""Invariants that read every row there is; checked at every eighth step only."""
SETUP_ACTIONS = ("clock.shift", "key.challenge")
QUICK = tuple(one.number for one in INVARIANTS if one.number not in SLOW)
PROGRAMMES = tuple(SEATS)
OFFICERS = st.sampled_from(["pe1", "pe2"])
CHOICES = st.sampled_from(["ABC", "BAC", "CAB", "ACB", "BCA", "CBA", "ABCD", "CA", "BC", "AB", "DA", "B"]).map(list)
"""Mostly after the same three seats, so that students wait for freed seats; D often stays free."""


def secrets(name: str) -> tuple[bytes, bytes]:
    return sm3(f"{name} 1".encode()), sm3(f"{name} 2".encode())


class SeasonMachine(RuleBasedStateMachine):
    """One random season, rolled back at its end; `log` counts the acts of all seasons by name and outcome."""

    def __init__(self, setup: Setup, log: Counter[str]) -> None:
        super().__init__()
        self.log = log
        self.stack = ExitStack()
        self.setup = self.stack.enter_context(setup.example())
        self.steps = 0
        self.runs: dict[str, AdmissionRun] = {}
        self.model = Model(
            now=clock.now(),
            seats={code: seats for code, (_, _, seats) in SEATS.items()},
            school={code: school for code, (school, _, _) in SEATS.items()},
            scores=dict(zip(STUDENTS, SCORES, strict=True)),
            draw=lambda name, who: draw(joint_seed(*secrets(name), sm3), self.setup.people[who].number, sm3),
            registered=[name for name in STUDENTS if name not in LATE],
        )
        closes = Window.objects.get(round=setup.rounds["main"], kind="choices").closes_at
        assert closes is not None
        self._opened("main", "hold", closes, keeps_list=True, programmes=dict(self.model.seats))

    def teardown(self) -> None:
        """Count the acts in the log, which is rolled back with the season."""
        acts = AuditEntry.objects.exclude(action__in=SETUP_ACTIONS).values_list("action", "outcome")
        self.log.update(f"{action} {outcome}" for action, outcome in acts)
        self.stack.close()

    # What every step needs

    def _opened(
        self, name: str, silence: str, closes: datetime, *, keeps_list: bool, programmes: dict[str, int]
    ) -> None:
        since = closes - timedelta(days=CHOICES_DAYS)  # A round of registration has neither answers nor a list.
        self.model.rounds[name] = Round(
            name,
            silence,
            keeps_list,
            closes,
            programmes,
            answers_close=since + timedelta(days=ANSWER_DAYS),
            list_closes=since + timedelta(days=WAITING_DAYS),
        )

    def _at(self, to: datetime) -> None:
        """Set the clock; every act has a different instant."""
        self.model.now = max(to, self.model.now + timedelta(minutes=1))
        practice_clock.set_clock(by=SHELL, to=self.model.now)
        # The nightly job, for every night that passed.
        tasks.publish_daily_root(0)

    def _tick(self) -> None:
        self._at(self.model.now)

    def _tries(self, allowed: bool, act: Callable[[], Any]) -> Any:
        try:
            done = act()
        except Refused as refusal:
            assert not allowed, f"refused: {refusal}"
            return None
        assert allowed, "done, although the rules forbid it"
        return done

    def _one(self, data: st.DataObject, of: Any, label: str) -> Any:
        return data.draw(st.sampled_from(sorted(of)), label=label)

    def _admission(self, who: str) -> Admission:
        return Admission.objects.get(application=self.setup.people[who], state__in=LIVE)

    def _offer(self, who: str, offer: Offer) -> WaitingOffer:
        return WaitingOffer.objects.get(
            application=self.setup.people[who], state="OPEN", round__name=offer.round, rank=offer.rank
        )

    def _ranked(self) -> list[str]:
        return [name for name in ("main", "second") if name in self.model.rounds]

    def _unpublished(self) -> list[str]:
        return [name for name in self._ranked() if self.model.rounds[name].published is None]

    # Invariants

    def _names(self) -> dict[str, str]:
        return {application.number: name for name, application in self.setup.people.items()}

    def _codes(self) -> dict[int, str]:
        return {programme.pk: code for code, programme in self.setup.programmes.items()}

    @invariant()
    def the_database_equals_the_model(self) -> None:
        names, codes, model = self._names(), self._codes(), self.model
        live = Admission.objects.filter(state__in=LIVE)
        rows = live.values_list("application__number", "round__name", "programme", "rank", "state", "answer_by")
        rows = {names[number]: (round, codes[programme], *rest) for number, round, programme, *rest in rows}
        assert rows == {
            who: (seat.round, seat.programme, seat.rank, seat.state, seat.answer_by)
            for who, seat in model.seat_of.items()
        }
        claims = SeatClaim.objects.filter(state__in=["HELD", "CONFIRMED"])
        rows = claims.values_list("admission__application__number", "quota__programme", "state")
        assert {names[number]: (codes[programme], state) for number, programme, state in rows} == {
            who: (seat.programme, "CONFIRMED" if seat.state == "CHECKED_IN" else "HELD")
            for who, seat in model.seat_of.items()
        }
        rows = WaitingOffer.objects.filter(state="OPEN").values_list("application__number", "programme", "rank")
        assert sorted((names[number], codes[programme], rank) for number, programme, rank in rows) == sorted(
            (who, offer.programme, offer.rank) for who, many in model.offers.items() for offer in many
        )
        rows = Quota.objects.values_list("programme", "seats", "taken")
        assert {codes[programme]: (seats, taken) for programme, seats, taken in rows} == {
            programme: (model.seats[programme], model.taken(programme)) for programme in PROGRAMMES
        }

    @invariant()
    def no_offer_is_worse_than_the_seat(self) -> None:
        for who, many in self.model.offers.items():
            seat = self.model.seat_of.get(who)
            for offer in many:
                assert seat is None or seat.round != offer.round or offer.rank < seat.rank

    @invariant()
    def every_invariant_holds(self) -> None:
        connection.check_constraints()
        self.steps += 1
        numbers = QUICK if self.steps % 8 else (*QUICK, *SLOW)
        assert [(one.number, one.rows) for one in check_invariants(numbers).broken] == []
