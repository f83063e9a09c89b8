"""From the first choices to the published results, the officers' steps in any order by any of them."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.actions import CHOICES, OFFICERS, SeasonMachine, secrets
from tests.stateful.model import Run
from tests.stateful.setup import CHOICES_DAYS, DIRECT_DAYS, STUDENTS
from yangguang.actions.choices import choices
from yangguang.actions.runs import inspection, lottery, runs
from yangguang.jobs.run_steps import carry_out
from yangguang.models import AdmissionRun
from yangguang.queries.runs.runs import find_last_run
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.deadlines import answer_deadline


class RunsMachine(SeasonMachine):
    """Choices, lottery, runs."""

    # The choices

    @precondition(lambda self: len(self.model.registered) < len(STUDENTS))
    @rule()
    def registers(self) -> None:
        self._tick()
        who = STUDENTS[len(self.model.registered)]
        self.setup.registers(who)
        self.model.registered.append(who)

    @precondition(lambda self: self._unpublished())
    @rule(data=st.data(), programmes=CHOICES)
    def submits(self, data: st.DataObject, programmes: list[str]) -> None:
        name = self._one(data, self._unpublished(), "round")
        self._submits(self._one(data, self.model.registered, "who"), name, programmes)

    def _submits(self, who: str, name: str, programmes: list[str]) -> None:
        self._tick()
        params = [self.setup.programmes[programme].pk for programme in programmes]
        done = self._tries(
            self.model.may_submit(who, name, programmes),
            lambda: self.setup.act_as_student(
                who,
                choices.submit,
                application=self.setup.people[who],
                round=self.setup.rounds[name],
                programmes=params,
            ),
        )
        if done is not None:
            self.model.rounds[name].choices[who] = programmes

    # The run

    @rule(data=st.data())
    def a_rare_act(self, data: st.DataObject) -> None:
        """One of the acts that come seldom; together they come as often as each of the others."""
        rare_acts = self._rare_acts()
        self._tick()
        rare_acts[self._one(data, rare_acts, "act")](data)

    def _rare_acts(self) -> dict[str, Callable[[st.DataObject], None]]:
        return {"commit": self._commits_one, "run": self._runs_again} if self._unpublished() else {}

    def _commits_one(self, data: st.DataObject) -> None:
        self._commits(self._one(data, self._unpublished(), "round"), data.draw(OFFICERS, label="who"))

    def _commits(self, name: str, who: str) -> None:
        round = self.model.rounds[name]
        secret = secrets(name)[min(len(round.parts), 1)]
        allowed = self.model.now < round.closes and len(round.parts) < 2 and who not in round.parts
        seed = self._tries(
            allowed, lambda: self.setup.officer(who).sign(lottery.commit, round=self.setup.rounds[name], secret=secret)
        )
        if seed is not None:
            round.parts.append(who)

    @precondition(lambda self: any(self.model.now < self.model.rounds[n].closes for n in self._unpublished()))
    @rule()
    def closes(self) -> None:
        """The clock moves to the end of the choices; the seed is committed before."""
        self._closes(next(n for n in self._unpublished() if self.model.now < self.model.rounds[n].closes))

    def _closes(self, name: str) -> None:
        round = self.model.rounds[name]
        for who in ("pe1", "pe2"):
            if who not in round.parts and len(round.parts) < 2:
                self._tick()
                self._commits(name, who)
        self._at(round.closes)

    @precondition(lambda self: self._unpublished())
    @rule(data=st.data(), who=OFFICERS)
    def officers_take_the_next_step(self, data: st.DataObject, who: str) -> None:
        """The next step of the newest run by this officer, or a run."""
        name = self._one(data, self._unpublished(), "round")
        run = self.model.newest(name)
        self._tick()
        if run is None or run.state not in ("CHECKED", "PROPOSED", "APPROVED"):
            self._runs(name, who)
        else:
            {"CHECKED": self._proposes, "PROPOSED": self._approves, "APPROVED": self._publishes}[run.state](name, who)

    def _runs_again(self, data: st.DataObject) -> None:
        self._runs(self._one(data, self._unpublished(), "round"), data.draw(OFFICERS, label="who"))

    @precondition(lambda self: any(self.model.may_run(name) for name in self._unpublished()))
    @rule()
    def results(self) -> None:
        """A run computed, proposed, approved and published by two officers."""
        self._results(next(name for name in self._unpublished() if self.model.may_run(name)))

    def _results(self, name: str) -> None:
        for act, who in (
            (self._runs, "pe1"),
            (self._proposes, "pe1"),
            (self._approves, "pe2"),
            (self._publishes, "pe1"),
        ):
            self._tick()
            act(name, who)

    def _runs(self, name: str, who: str) -> None:
        started = self._tries(
            self.model.may_run(name), lambda: self.setup.officer(who).sign(runs.start, round=self.setup.rounds[name])
        )
        if started is None:
            return
        run = self.runs[name] = carry_out(started.pk)
        assert (run.state, run.report["held_back"]) == ("CHECKED", []), run.report
        wanted = self.model.run(name, who)
        rows = run.placements.filter(programme__isnull=False).values_list("application__number", "programme", "rank")
        names, codes = self._names(), self._codes()
        assert {names[number]: (codes[programme], rank) for number, programme, rank in rows} == wanted.placed

    def _proposes(self, name: str, who: str) -> None:
        run, known = self._newest(name)
        officer = self.setup.officer(who)
        if find_last_run(run) is not None:
            officer.act(inspection.compare, run=run)
        officer.sign(runs.propose, run=run)
        known.state, known.proposer = "PROPOSED", who

    def _approves(self, name: str, who: str) -> None:
        run, known = self._newest(name)
        allowed = who not in (known.starter, known.proposer)
        if self._tries(allowed, lambda: self.setup.officer(who).sign(runs.approve, run=run)):
            known.state, known.approver = "APPROVED", who

    def _publishes(self, name: str, who: str) -> None:
        run, _ = self._newest(name)
        allowed = self.model.may_publish(name, who)
        if self._tries(allowed, lambda: self.setup.officer(who).sign(runs.publish, run=run)):
            general = self.model.rounds[name].answers_close
            assert general is not None
            self.model.publish(name, answer_deadline(self.model.now, general, 3))

    def _newest(self, name: str) -> tuple[AdmissionRun, Run]:
        known = self.model.newest(name)
        assert known is not None
        return AdmissionRun.objects.get(pk=self.runs[name].pk), known

    # Rounds

    @precondition(lambda self: "walk_in" not in self.model.rounds)
    @rule()
    def opens_registration_without_ranking(self) -> None:
        self._opens("walk_in", RoundKind.DIRECT, False)

    def _opens(self, name: str, kind: RoundKind, keeps_list: bool) -> None:
        self._tick()
        model = self.model
        programmes = model.programmes_for_a_new_round()
        if opened := self._tries(bool(programmes), lambda: self.setup.opens(name, kind, keeps_list=keeps_list)):
            closes = model.now + timedelta(days=DIRECT_DAYS if kind is RoundKind.DIRECT else CHOICES_DAYS)
            self._opened(name, opened.silence, closes, keeps_list=keeps_list, programmes=programmes)
