"""What families answer, and the waiting list that gives freed seats away by the hour."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.stateful.actions import CHOICES
from tests.stateful.season import RunsMachine
from tests.support.personas import SHELL
from yangguang.actions.admissions import answers, waiting_list_actions, withdrawals
from yangguang.actions.supervision import sanctions
from yangguang.jobs import tasks
from yangguang.queries.admissions.waiting_list import list_open_lists

Act = Callable[[st.DataObject], None]


class AnswersMachine(RunsMachine):
    """Answers, silence, offers."""

    def _rare_acts(self) -> dict[str, Act]:
        return super()._rare_acts() | {"silence": self._silence, "standing answer": self._sets_standing_answer}

    @initialize(
        choices=st.lists(CHOICES, min_size=6, max_size=6),
        first_answers=st.permutations(["wait", "decline", "wait", "accept", ""]),
        goes_on=st.sampled_from([True, True, False]),
        direct=st.booleans(),
    )
    def begin(self, choices: list[list[str]], first_answers: list[str], goes_on: bool, direct: bool) -> None:
        """Most choose on the first day; two seasons of three begin with published results and first answers."""
        for who, programmes in zip(self.model.registered, choices, strict=True):
            self._submits(who, "main", programmes)
        if direct:
            self.opens_registration_without_ranking()
        if goes_on:
            self._closes("main")
            self._results("main")
            for who, word in zip(sorted(self.model.seat_of), first_answers, strict=False):
                if word == "decline":
                    self._declines(who)
                elif word:
                    self._accepts(who, wait=word == "wait")
            self.an_hour_passes()

    # Answers

    @precondition(lambda self: self._acts())
    @rule(data=st.data())
    def a_family_acts(self, data: st.DataObject) -> None:
        """One of the acts that are possible now."""
        acts = self._acts()
        self._tick()
        data.draw(st.sampled_from(acts), label="act")(data)

    def _acts(self) -> list[Act]:
        """What may be tried, the more often the more there is to see."""
        return [self._accepts_one, self._declines_one] * bool(self.model.seat_of) + [self._answers_an_offer] * 4 * bool(
            self._open()
        )

    def _accepts_one(self, data: st.DataObject) -> None:
        self._accepts(self._one(data, self.model.seat_of, "who"), data.draw(st.booleans(), label="wait"))

    def _accepts(self, who: str, wait: bool) -> None:
        self._tick()
        allowed, admission = self.model.may_accept(who, wait), self._admission(who)
        self._tries(allowed, lambda: self.setup.act_as_student(who, answers.accept, admission=admission, wait=wait))
        if allowed:
            self.model.accept(who, wait)

    def _declines_one(self, data: st.DataObject) -> None:
        self._declines(self._one(data, self.model.seat_of, "who"))

    def _declines(self, who: str) -> None:
        self._tick()
        allowed, admission = self.model.may_decline(who), self._admission(who)
        self._tries(allowed, lambda: self.setup.act_as_student(who, answers.decline, admission=admission))
        if allowed:
            self.model.decline(who)

    def _sets_standing_answer(self, data: st.DataObject) -> None:
        who, up_to = (self._one(data, self.model.registered, "who"), data.draw(st.integers(0, 3), label="up to"))
        self.setup.act_as_student(who, answers.set_standing_answer, application=self.setup.people[who], up_to=up_to)
        self.model.auto[who] = up_to

    def _silence(self, data: st.DataObject) -> None:
        name = self._one(data, self._ranked(), "round")
        self.setup.personas.pe1.sign(answers.lapse_due, round=self.setup.rounds[name])
        self.model.silence(name)

    # The list

    @rule()
    def an_hour_passes(self) -> None:
        """What runs by itself: lists, offers of lists that are over, silence, releases, measures."""
        self._at(self.model.now + timedelta(hours=1))
        assert {round.name for round in list_open_lists()} == {n for n in self._ranked() if self.model.list_is_open(n)}
        for name in self._ranked():
            self._works(name)
        tasks.lapse_answers(0)
        for name in self._ranked():
            self.model.silence(name)
        assert withdrawals.carry_out(by=SHELL) == self.model.releases_due()
        assert sanctions.carry_out_due(by=SHELL) == 0

    def _works(self, name: str) -> None:
        round = self.setup.rounds[name]
        allowed = self.model.list_is_open(name)
        created = self._tries(allowed, lambda: waiting_list_actions.offer_due(by=SHELL, round=round))
        if allowed:
            assert created == self.model.work_list(name)
        elif self.model.rounds[name].keeps_list:
            waiting_list_actions.lapse_offers(by=SHELL, round=round)
            self.model.lapse_offers(name)

    def _open(self) -> list[tuple[str, int]]:
        return [(who, n) for who, many in self.model.offers.items() for n in range(len(many))]

    def _answers_an_offer(self, data: st.DataObject) -> None:
        word = data.draw(st.sampled_from(["take", "take and wait", "refuse"]), label="word")
        who, nth = self._one(data, self._open(), "offer")
        offer = self.model.offers[who][nth]
        row, wait = self._offer(who, offer), word == "take and wait"
        if word == "refuse":
            allowed = self.model.now < offer.answer_by
            self._tries(allowed, lambda: self.setup.act_as_student(who, waiting_list_actions.decline, offer=row))
            if allowed:
                self.model.offers[who].remove(offer)
            return
        allowed = self.model.may_take(who, offer)
        self._tries(allowed, lambda: self.setup.act_as_student(who, waiting_list_actions.accept, offer=row, wait=wait))
        if allowed:
            self.model.take(who, offer, wait)
