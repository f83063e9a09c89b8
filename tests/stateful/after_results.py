"""The rest of a season's life: releases, registration, transfer, check-in, supplements, measures, new plans, time."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.actions import OFFICERS, PROGRAMMES
from tests.stateful.answering import Act, AnswersMachine
from tests.stateful.model import ANSWERED, COMING
from tests.stateful.setup import CHECK_IN_DAYS, DAWN
from yangguang.actions.admissions import (
    answers,
    check_ins,
    direct_enrolment,
    transfers,
    waiting_list_actions,
    withdrawals,
)
from yangguang.actions.plans import plans
from yangguang.actions.supervision import sanctions
from yangguang.models import Admission, Plan, ViolationKind, WaitingOffer, Withdrawal
from yangguang.rules.admissions.withdrawals import WithdrawalReason
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.rules.supervision.sanctions import Measure

HOURS = st.sampled_from([2, 6, 24, 24, 73, 24 * 7])


class WholeSeasonMachine(AnswersMachine):
    """A season that may continue to its last day."""

    def _acts(self) -> list[Act]:
        here = self.model.now >= DAWN + timedelta(days=CHECK_IN_DAYS[0] - 1)
        more = {
            self._asks_to_leave: bool(self.model.seat_of),
            self._comments_on_withdrawal: 4 * bool(self._leaving()),
            self._registers_for_a_seat: 2 * ("walk_in" in self.model.rounds),
            self._checks_in: bool(self.model.seat_of) and here,
            self._tries_what_is_over: bool(self._over()),
        }
        return super()._acts() + [act for act, times in more.items() for _ in range(times)]

    # Releases

    def _asks_to_leave(self, data: st.DataObject) -> None:
        who = self._one(data, self.model.seat_of, "who")
        seat, admission = self.model.seat_of[who], self._admission(who)
        allowed = seat.state in ANSWERED and seat.leaves_at is None
        withdrawal = self._tries(
            allowed,
            lambda: self.setup.act_as_student(
                who, withdrawals.ask, admission=admission, reason=WithdrawalReason.FAMILY, note=""
            ),
        )
        if withdrawal is not None:
            # Three working days of which the day of asking is none: at least three times twenty-four hours.
            assert withdrawal.due_at > self.model.now + timedelta(days=3)
            seat.leaves_at = withdrawal.due_at

    def _leaving(self) -> list[str]:
        return [who for who, seat in self.model.seat_of.items() if seat.leaves_at is not None]

    def _release(self, who: str) -> Withdrawal:
        return Withdrawal.objects.get(admission=self._admission(who), state__in=["REQUESTED", "COMMENTED"])

    def _comments_on_withdrawal(self, data: st.DataObject) -> None:
        """The school says its word, once; or the student stays after all."""
        word = data.draw(st.sampled_from(["no objection", "objection", "objection", "stays"]), label="word")
        who = self._one(data, self._leaving(), "who")
        seat, release = self.model.seat_of[who], self._release(who)
        if word == "stays":
            self.setup.act_as_student(who, withdrawals.take_back, withdrawal=release)
            seat.leaves_at, seat.spoken = None, False
            return
        head, allowed = self.setup.teachers[self.model.school[seat.programme]], not seat.spoken
        comment = {"withdrawal": release, "agrees": word == "no objection", "text": "请再考虑"}
        self._tries(allowed, lambda: head.sign(withdrawals.comment, **comment))
        if allowed and comment["agrees"]:
            self.model.release(who)
        seat.spoken = True

    # Supplements

    @precondition(lambda self: "second" not in self.model.rounds and self.model.rounds["main"].published)
    @rule(keeps_list=st.booleans())
    def opens_a_ranked_supplement(self, keeps_list: bool) -> None:
        self._opens("second", RoundKind.SUPPLEMENTARY_RANKED, keeps_list)

    def _registers_for_a_seat(self, data: st.DataObject) -> None:
        """By registration, or by transfer when a seat is held; mostly where it can be had."""
        moves = data.draw(st.booleans(), label="moves")
        able = [who for who in self.model.registered if (who in self.model.seat_of) is moves]
        who = self._one(data, able or self.model.registered, "who")
        free = [one for one in PROGRAMMES if self.model.open_to_all(one, "walk_in") and self.model.free(one) > 0]
        programme = self._one(data, free or PROGRAMMES, "programme")
        params = {"application": self.setup.people[who], "round": self.setup.rounds["walk_in"]}
        params |= {"programme": self.setup.programmes[programme]}
        allowed = (self.model.may_transfer if moves else self.model.may_claim)(who, "walk_in", programme)
        act = transfers.transfer if moves else direct_enrolment.enrol
        if self._tries(allowed, lambda: self.setup.act_as_student(who, act, **params)):
            self.model.seat(who, "walk_in", programme)

    # Check-in

    def _checks_in(self, data: st.DataObject) -> None:
        who = self._one(data, self.model.seat_of, "who")
        seat = self.model.seat_of[who]
        name = self.model.school[seat.programme]
        opens, closes = (DAWN + timedelta(days=days) for days in CHECK_IN_DAYS)
        allowed = opens <= self.model.now < closes
        done = self._tries(
            allowed or seat.state == "CHECKED_IN",
            lambda: self.setup.teachers[name].sign(
                check_ins.check_in_students,
                school=self.setup.schools[name],
                numbers=[self.setup.people[who].number],
                arrived_on=self.model.now.astimezone(SHANGHAI).date(),
            ),
        )
        if done is not None:
            assert bool(done.checked_in) is (seat.state in COMING)
            seat.state = "CHECKED_IN"

    def _rare_acts(self) -> dict[str, Act]:
        acts = super()._rare_acts() | {"plan": self._changes_the_plan, "absent": self._gives_up_on_the_absent}
        return acts | ({} if self.model.stopped else {"stop": self._stops_a_school})

    def _gives_up_on_the_absent(self, data: st.DataObject) -> None:
        name = self._one(data, self.model.rounds, "round")
        allowed = self.model.now >= DAWN + timedelta(days=CHECK_IN_DAYS[1])
        gone = self._tries(allowed, lambda: self.setup.two(check_ins.release_absent, round=self.setup.rounds[name]))
        if allowed:
            assert gone == self.model.absent(name)

    # Supervision and plans

    def _stops_a_school(self, data: st.DataObject) -> None:
        school, first = self._one(data, self.setup.schools, "school"), data.draw(OFFICERS, label="first")
        second = {"pe1": "pe2", "pe2": "pe1"}[first]
        proposed = self.setup.officer(first).sign(
            sanctions.propose,
            unit=self.setup.schools[school],
            measure=Measure.STOP,
            violation=ViolationKind.objects.get(year=2023, position=1),
            sentence="测试",
            starts_at=self.model.now,
        )
        self.setup.officer(second).sign(sanctions.approve, sanction=proposed)
        self.model.stop(school)

    def _changes_the_plan(self, data: st.DataObject) -> None:
        programme, seats = (self._one(data, PROGRAMMES, "programme"), data.draw(st.integers(0, 3), label="seats"))
        row = self.setup.programmes[programme]
        plan = Plan.objects.get(pk=row.plan_id)
        params = {"plan": plan, "programme": row, "seats": {"general": seats}, "reason": "测试"}
        allowed = self.model.may_change_plan(programme, seats)
        if self._tries(allowed, lambda: self.setup.two(plans.change_after_open, **params)):
            self.model.change_plan(programme, seats)

    # Time, and acts that come too late

    @rule(hours=HOURS)
    def time_passes(self, hours: int) -> None:
        """Not over the end of choices whose lottery is not committed."""
        to = self.model.now + timedelta(hours=hours)
        for name in self._unpublished():
            round = self.model.rounds[name]
            if len(round.parts) < 2 and self.model.now < round.closes:
                to = min(to, round.closes - timedelta(hours=1))
        self._at(to)

    def _over(self) -> list[WaitingOffer | Admission]:
        gone = Admission.objects.filter(ended_at__isnull=False).order_by("pk")
        return [*WaitingOffer.objects.exclude(state="OPEN").order_by("pk"), *gone]

    def _tries_what_is_over(self, data: st.DataObject) -> None:
        """An offer or a seat that has ended stays so, whatever its student tries."""
        row = data.draw(st.sampled_from(self._over()), label="row")
        offered = isinstance(row, WaitingOffer)
        acts = (
            (waiting_list_actions.accept, waiting_list_actions.decline)
            if offered
            else (answers.accept, answers.decline, withdrawals.ask)
        )
        act = data.draw(st.sampled_from(acts), label="act")
        params = {"offer" if offered else "admission": row} | (
            {"reason": WithdrawalReason.OTHER} if act is withdrawals.ask else {}
        )
        self._tries(False, lambda: self.setup.act_as_student(self._names()[row.application.number], act, **params))
