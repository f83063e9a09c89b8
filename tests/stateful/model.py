"""The expected state of the season: the rules of seats written again, in memory, without the database.

With one kind of seats and one order of all applicants a run is a queue: one after the other takes the first choice
that has a seat left. So runs and offers are predicted exactly, by nothing that the platform itself uses.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIVE_OFFER_HOURS = timedelta(hours=72)
RECHOICE_HOURS = timedelta(hours=72)
ANSWERED = ("ACCEPTED", "WAITING", "CHECKED_IN")
COMING = ("OFFERED", "ACCEPTED", "WAITING")


@dataclass
class Seat:
    """The one seat of a student; `leaves_at` while a request for release runs."""

    round: str
    programme: str
    rank: int
    state: str
    answer_by: datetime | None = None
    leaves_at: datetime | None = None
    spoken: bool = False


@dataclass
class Offer:
    """One open offer from the list."""

    round: str
    programme: str
    rank: int
    answer_by: datetime


@dataclass
class Run:
    """Input and result of a run; `waits` are the ranks at which an applicant ranked higher took the seat."""

    order: list[str]
    placed: dict[str, tuple[str, int]]
    waits: dict[str, list[int]]
    choices: dict[str, list[str]]
    state: str = "CHECKED"
    starter: str = ""
    proposer: str = ""
    approver: str = ""


@dataclass
class Round:
    """One round; `programmes` are the seats put into it, `places` who waited when the list was last worked through."""

    name: str
    silence: str
    keeps_list: bool
    closes: datetime
    programmes: dict[str, int]
    answers_close: datetime | None = None
    list_closes: datetime | None = None
    parts: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    excused: dict[str, datetime] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    published: Run | None = None
    worked: bool = False
    ended: bool = False
    places: set[tuple[str, int]] = field(default_factory=set)
    best_offer: dict[str, int] = field(default_factory=dict)
    admitted: set[str] = field(default_factory=set)


@dataclass
class Model:
    """The season as it must stand at `now`."""

    now: datetime
    seats: dict[str, int]
    school: dict[str, str]
    scores: dict[str, tuple[int, ...]]
    draw: Callable[[str, str], bytes | str]
    rounds: dict[str, Round] = field(default_factory=dict)
    seat_of: dict[str, Seat] = field(default_factory=dict)
    offers: dict[str, list[Offer]] = field(default_factory=dict)
    auto: dict[str, int] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    registered: list[str] = field(default_factory=list)

    # Seats

    def taken(self, programme: str) -> int:
        offered = sum(one.programme == programme for many in self.offers.values() for one in many)
        return sum(seat.programme == programme for seat in self.seat_of.values()) + offered

    def free(self, programme: str) -> int:
        return self.seats[programme] - self.taken(programme)

    def leaves(self, who: str) -> None:
        """The seat goes back to its programme; it is free until a run, an offer or a registration gives it."""
        del self.seat_of[who]

    def end_offers(self, who: str, round: str | None = None, below: int = 0) -> None:
        remaining = [o for o in self.offers.get(who, []) if (round and o.round != round) or o.rank <= below]
        self.offers[who] = remaining

    # Choices and runs

    def may_submit(self, who: str, name: str, programmes: Sequence[str]) -> bool:
        round = self.rounds[name]
        until = max(round.closes, round.excused.get(who, round.closes))
        per_school = [self.school[programme] for programme in programmes]
        return (
            who not in self.seat_of
            and self.now < until
            and 1 <= len(programmes) <= 4
            and all(one in round.programmes and self.school[one] not in self.stopped for one in programmes)
            and all(per_school.count(one) <= 2 for one in per_school)
        )

    def may_run(self, name: str) -> bool:
        round = self.rounds[name]
        late = any(until > self.now for until in round.excused.values())
        return round.published is None and self.now >= round.closes and len(round.parts) == 2 and not late

    def run(self, name: str, starter: str) -> Run:
        round = self.rounds[name]
        people = [who for who in round.choices if who not in self.seat_of]
        order = sorted(people, key=lambda who: ([-n for n in self.scores[who]], self.draw(name, who)))
        params = {
            who: [
                (n, programme)
                for n, programme in enumerate(round.choices[who], 1)
                if self.school[programme] not in self.stopped
            ]
            for who in order
        }
        room = {programme: min(most, self.free(programme)) for programme, most in round.programmes.items()}
        placed = queue(order, params, room)
        waits = {who: [n for n, _ in params[who] if who not in placed or n < placed[who][1]] for who in order}
        for old in round.runs:
            old.state = "SUPERSEDED"
        round.runs.append(Run(order, placed, waits, dict(round.choices), starter=starter))
        return round.runs[-1]

    def newest(self, name: str) -> Run | None:
        return self.rounds[name].runs[-1] if self.rounds[name].runs else None

    def may_publish(self, name: str, who: str) -> bool:
        run = self.newest(name)
        if run is None or run.state != "APPROVED" or run.approver == who:
            return False
        if any(self.school[programme] in self.stopped for programme, _ in run.placed.values()):
            return False
        seated = [programme for one, (programme, _) in run.placed.items() if one not in self.seat_of]
        return all(seated.count(programme) <= self.free(programme) for programme in self.rounds[name].programmes)

    def publish(self, name: str, answer_by: datetime | None) -> None:
        round, run = self.rounds[name], self.newest(name)
        assert run is not None
        run.state, round.published = "PUBLISHED", run
        for who, (programme, rank) in run.placed.items():
            if who not in self.seat_of:
                self.seat_of[who] = Seat(name, programme, rank, "OFFERED", answer_by)
                round.admitted.add(who)

    # Answers

    def in_time(self, who: str) -> bool:
        by = self.seat_of[who].answer_by
        return by is None or self.now < by

    def may_accept(self, who: str, wait: bool) -> bool:
        seat = self.seat_of.get(who)
        if seat is None:
            return False
        if wait:
            return seat.state == "OFFERED" and self.in_time(who) and self.rounds[seat.round].keeps_list
        return seat.state == "WAITING" or (seat.state == "OFFERED" and self.in_time(who))

    def accept(self, who: str, wait: bool) -> None:
        seat = self.seat_of[who]
        seat.state = "WAITING" if wait else "ACCEPTED"
        if not wait and self.rounds[seat.round].keeps_list:
            self.end_offers(who, seat.round)

    def may_decline(self, who: str) -> bool:
        return who in self.seat_of and self.seat_of[who].state in COMING and self.in_time(who)

    def decline(self, who: str) -> None:
        seat = self.seat_of[who]
        self.leaves(who)
        if self.rounds[seat.round].keeps_list:
            self.end_offers(who, seat.round)

    def silence(self, name: str) -> None:
        rule = self.rounds[name].silence
        for who, seat in list(self.seat_of.items()):
            if seat.round == name and seat.state == "OFFERED" and not self.in_time(who):
                if rule == "accept":
                    seat.state = "ACCEPTED"
                elif rule == "decline":
                    self.leaves(who)

    # The list

    def list_is_open(self, name: str) -> bool:
        round = self.rounds[name]
        return round.keeps_list and round.published is not None and not round.ended

    def waiting(self, name: str) -> dict[str, list[tuple[int, str]]]:
        """Who waits for which choices now, by the order of the published run."""
        round = self.rounds[name]
        run = round.published
        assert run is not None
        rows = {}
        for who in run.order:
            seat, most = self.seat_of.get(who), round.best_offer.get(who, 99)
            if seat is None:
                if who in run.placed or who in round.admitted:
                    continue
            elif (seat.round, seat.state) != (name, "WAITING"):
                continue
            else:
                most = min(most, seat.rank)
            if ranks := [n for n in run.waits[who] if n < most]:
                rows[who] = [(n, run.choices[who][n - 1]) for n in ranks]
        return rows

    def work_list(self, name: str) -> int:
        """Standing choices, silence, places, offers; or the end of the list. Returns how many were offered."""
        round = self.rounds[name]
        assert round.published is not None
        assert round.list_closes is not None
        for who, seat in self.seat_of.items():
            is_own = (seat.round, seat.state) == (name, "OFFERED") and self.in_time(who)
            if is_own and seat.rank <= self.auto.get(who, 0):
                seat.state = "WAITING" if seat.rank > 1 else "ACCEPTED"
        self.lapse_offers(name)
        round.worked = True
        waiting = self.waiting(name)
        round.places = {(programme, n) for many in waiting.values() for n, programme in many}
        if self.now >= round.list_closes:
            round.ended, round.places = True, set()
            for seat in self.seat_of.values():
                if (seat.round, seat.state) == (name, "WAITING"):
                    seat.state = "ACCEPTED"
            return 0
        room = {
            programme: 0 if self.school[programme] in self.stopped else self.free(programme)
            for programme in round.programmes
        }
        created = queue(round.published.order, waiting, room)
        for who, (programme, rank) in created.items():
            self.offers.setdefault(who, []).append(Offer(name, programme, rank, self.now + LIVE_OFFER_HOURS))
            round.best_offer[who] = rank
        round.places = {
            (programme, n)
            for who, many in waiting.items()
            for n, programme in many
            if who not in created or n < created[who][1]
        }
        for who, (_, rank) in created.items():
            offer = next(o for o in self.offers[who] if (o.round, o.rank) == (name, rank))
            if rank <= self.auto.get(who, 0) and self.may_take(who, offer):
                self.take(who, offer, wait=True)
        return len(created)

    def lapse_offers(self, name: str) -> None:
        for who, many in self.offers.items():
            self.offers[who] = [o for o in many if o.round != name or self.now < o.answer_by]

    def may_take(self, who: str, offer: Offer) -> bool:
        seat = self.seat_of.get(who)
        higher = seat is not None and seat.round == offer.round and seat.rank > offer.rank and seat.state in ANSWERED
        return self.now < offer.answer_by and (seat is None or higher)

    def take(self, who: str, offer: Offer, wait: bool) -> None:
        self.offers[who].remove(offer)
        state = "WAITING" if wait and offer.rank > 1 else "ACCEPTED"
        self.seat_of[who] = Seat(offer.round, offer.programme, offer.rank, state)
        self.rounds[offer.round].admitted.add(who)
        self.end_offers(who, offer.round, below=offer.rank if wait else 0)

    # Releases, registration, transfer

    def release(self, who: str) -> None:
        seat = self.seat_of[who]
        self.leaves(who)
        self.end_offers(who, seat.round)

    def releases_due(self) -> int:
        due = [who for who, seat in self.seat_of.items() if seat.leaves_at is not None and seat.leaves_at <= self.now]
        for who in due:
            self.release(who)
        return len(due)

    def open_to_all(self, programme: str, name: str) -> bool:
        """Whether a programme's free seats may be registered for: no run and no list is giving them away."""
        others = [round for round in self.rounds.values() if programme in round.programmes]
        given_away = any(run.state in ("CHECKED", "PROPOSED", "APPROVED") for one in others for run in one.runs)
        listed = any(one.keeps_list and one.published and not one.worked for one in others)
        waited = any(programme in {at for at, _ in one.places} for one in self.rounds.values())
        is_own = programme in self.rounds[name].programmes and self.now < self.rounds[name].closes
        return is_own and self.school[programme] not in self.stopped and not (given_away or listed or waited)

    def programmes_for_a_new_round(self) -> dict[str, int]:
        """Seats that are free, at schools that may admit, and for which no one waits in an earlier round."""
        waited = {programme for one in self.rounds.values() for programme, _ in one.places}
        open_to = [
            programme
            for programme in self.seats
            if self.school[programme] not in self.stopped and programme not in waited
        ]
        return {programme: self.free(programme) for programme in open_to if self.free(programme) > 0}

    def may_claim(self, who: str, name: str, programme: str) -> bool:
        fresh = who not in self.seat_of and who not in self.rounds[name].admitted
        return fresh and self.open_to_all(programme, name) and self.free(programme) > 0

    def may_transfer(self, who: str, name: str, programme: str) -> bool:
        seat = self.seat_of.get(who)
        if seat is None or seat.programme == programme or seat.state not in ANSWERED:
            return False
        return self.open_to_all(programme, name) and self.free(programme) > 0

    def seat(self, who: str, name: str, programme: str) -> None:
        """By one's own consent: a registration, or a transfer, which ends whatever else was open."""
        if who in self.seat_of:
            self.leaves(who)
            self.end_offers(who)
        self.seat_of[who] = Seat(name, programme, 1, "ACCEPTED")
        self.rounds[name].admitted.add(who)

    def absent(self, name: str) -> int:
        gone = [who for who, seat in self.seat_of.items() if seat.round == name and seat.state in COMING]
        for who in gone:
            self.leaves(who)
        return len(gone)

    # Supervision

    def stop(self, school: str) -> None:
        self.stopped.add(school)
        for round in self.rounds.values():
            if round.published is None and self.now >= round.closes:
                for who, programmes in round.choices.items():
                    if school in {self.school[programme] for programme in programmes}:
                        round.excused[who] = self.now + RECHOICE_HOURS

    def may_change_plan(self, programme: str, seats: int) -> bool:
        """Never below what is taken; a stopped school's plan does not grow."""
        grows = seats > self.seats[programme]
        return seats >= self.taken(programme) and not (grows and self.school[programme] in self.stopped)

    def change_plan(self, programme: str, seats: int) -> None:
        self.seats[programme] = seats
        for round in self.rounds.values():
            if programme in round.programmes and round.published is None:
                round.programmes[programme] = self.free(programme)


def queue(
    order: Iterable[str], params: Mapping[str, Sequence[tuple[int, str]]], room: Mapping[str, int]
) -> dict[str, tuple[str, int]]:
    """One after the other takes the first of their choices that has room; student → (programme, rank)."""
    left, rows = dict(room), {}
    for who in order:
        for rank, programme in params.get(who, ()):
            if left.get(programme, 0) > 0:
                left[programme] -= 1
                rows[who] = programme, rank
                break
    return rows
