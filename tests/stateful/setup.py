"""The setup of a small season, and the officers and families in it: every act through its action, by its role.

Units, officers and the yearly list of schools are laid as the personas of the other tests lays them; of a family's
telephone only the code it shows is laid. Everything else, from the plan to the last seat, is done by acts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tests.support.builders.consent import CODE
from tests.support.builders.enrolment import id_number
from tests.support.builders.plans import programme, qualify
from tests.support.builders.policy import add_working_calendar, set_rule
from tests.support.clients import OfficerClient, approve_by_two
from tests.support.personas import SHELL, Personas, called, officer, unit
from yangguang import clock
from yangguang.actions.applicants import exam_results
from yangguang.actions.applicants import registration as people
from yangguang.actions.applicants.exam_results import ExamRow
from yangguang.actions.applicants.registration import Registration
from yangguang.actions.base.audit_record import content_of
from yangguang.actions.base.step_up import code_hash
from yangguang.actions.organisation import directory
from yangguang.actions.plans import plans
from yangguang.actions.runs import rounds
from yangguang.actions.seasons import practice_clock, windows
from yangguang.models import Account, Application, OneTimeCode, Programme, Round, Unit, ViolationKind
from yangguang.reference import rows
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.quotas import Tie
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import SHANGHAI, WindowKind

DAWN = datetime(2024, 7, 1, 9, tzinfo=SHANGHAI)
"""A Monday; nothing in the season depends on the day on which the tests are run."""
SEATS = {"A": ("X", "护理", 1), "B": ("X", "会计事务", 1), "C": ("Y", "护理", 1), "D": ("Y", "汽修", 2)}
"""Code of a programme → school, major, seats."""
SCORES = (
    (600, 100, 90, 80),
    (600, 100, 90, 80),
    (590, 95, 90, 80),
    (590, 90, 95, 80),
    (580, 90, 90, 90),
    (570, 90, 90, 80),
    (570, 90, 90, 80),
    (500, 80, 80, 80),
)
"""Total and subjects, by student: two pairs that only the lottery can tell apart."""
STUDENTS = tuple(f"S{n}" for n in range(len(SCORES)))
LATE = STUDENTS[-2:]
"""They register in the middle of the season."""
CHOICES_DAYS, ANSWER_DAYS, WAITING_DAYS, DIRECT_DAYS, CHECK_IN_DAYS = 3, 8, 12, 25, (5, 25)


@dataclass
class Setup:
    """The personas with schools, programmes and rounds by name; students by the names of `STUDENTS`."""

    personas: Personas
    schools: dict[str, Unit] = field(default_factory=dict)
    teachers: dict[str, OfficerClient] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)
    accounts: dict[str, Actor] = field(default_factory=dict)
    people: dict[str, Application] = field(default_factory=dict)

    @classmethod
    def lay(cls) -> "Setup":
        """The season on the morning of the first day: plans public, the main round open, six students registered."""
        practice_clock.set_clock(by=SHELL, to=DAWN)
        created = cls(called())
        created._create_schools()
        created._plan()
        created._register()
        created.rounds["main"] = created.opens("main", RoundKind.RANKED, keeps_list=True)
        return created

    def _create_schools(self) -> None:
        other = unit(
            "甲市第二职业学校", "SCHOOL", self.personas.county, sector=Sector.EDUCATION.value, governed_by="COUNTY"
        )
        self.schools = {"X": self.personas.school, "Y": other}
        self.teachers = {"X": self.personas.teacher, "Y": officer("teacher2", Role.VOCATIONAL_SCHOOL, other)}
        directory.load(by=SHELL, rules=rows("policy_rules"))
        add_working_calendar()
        set_rule("round.edge_tie", Tie.LOTTERY)
        ViolationKind.objects.create(year=2023, position=1, text="严禁", source="测试", clause="一")
        for school in self.schools.values():
            qualify(school, self.personas.season.year)

    def _plan(self) -> None:
        personas = self.personas
        self._window(None, WindowKind.PLAN_ENTRY, DAWN, DAWN + timedelta(days=90))
        for name, school in self.schools.items():
            offered = [programme(major, seats) for at, major, seats in SEATS.values() if at == name]
            head = self.teachers[name]
            plan = head.act(plans.draft, school=school, season=personas.season, capacity=300, programmes=offered)
            head.act(plans.submit, plan=plan, season=personas.season)
            for desk in (personas.ce, personas.me, personas.pe1):
                desk.sign(plans.pass_on, plan=plan)
        personas.pe1.sign(plans.publish, season=personas.season)
        for code, (at, major, _) in SEATS.items():
            self.programmes[code] = Programme.objects.get(plan__school=self.schools[at], major=major)

    def _register(self) -> None:
        params = {"year": self.personas.season.year, "digest": "0" * 64}
        listed = [ExamRow(_number(n), scores) for n, scores in enumerate(SCORES)]
        self.personas.pe1.sign(exam_results.load, rows=iter(()), **params)
        self.personas.pe2.sign(exam_results.load, rows=iter(listed), **params)
        self._window(None, WindowKind.REGISTRATION, DAWN, DAWN + timedelta(days=60))
        opens, closes = (DAWN + timedelta(days=days) for days in CHECK_IN_DAYS)
        self._window(None, WindowKind.CHECK_IN, opens, closes)
        for n, name in enumerate(STUDENTS):
            self.accounts[name] = self.personas.family(f"1540000{n:04d}")
            if name not in LATE:
                self.registers(name)

    def _window(self, round: Round | None, kind: WindowKind, opens: datetime, closes: datetime) -> None:
        approve_by_two(
            self.personas.pe1,
            self.personas.pe2,
            windows.set_window,
            season=self.personas.season,
            round=round,
            kind=kind,
            opens_at=opens,
            closes_at=closes,
            source="测试",
        )

    @contextmanager
    def example(self) -> Iterator["Setup"]:
        """One season, rolled back at its end."""
        rounds, people = dict(self.rounds), dict(self.people)
        with transaction.atomic():
            try:
                yield self
            finally:
                transaction.set_rollback(True)
                self.rounds, self.people = rounds, people

    # Acts

    def opens(self, name: str, kind: RoundKind, *, keeps_list: bool) -> Round:
        """A round with its windows, from now on."""
        now = clock.now()
        created: Round = self.two(
            rounds.open_round,
            season=self.personas.season,
            number=len(self.rounds) + 2,
            name=name,
            kind=kind,
            programme_types=[ProgrammeType.THREE_YEAR],
            keeps_waiting_list=keeps_list,
        )
        spans = {WindowKind.CHOICES: CHOICES_DAYS, WindowKind.ANSWER: ANSWER_DAYS, WindowKind.WAITING: WAITING_DAYS}
        if kind is RoundKind.DIRECT:
            spans = {WindowKind.CHOICES: DIRECT_DAYS}
        for window, days in spans.items():
            self._window(created, window, now, now + timedelta(days=days))
        self.rounds[name] = created
        return created

    def registers(self, name: str) -> Application:
        """The family fills the registration in."""
        form = Registration(
            name="某小满",
            id_number=_number(STUDENTS.index(name)),
            origin="junior_this_year",
            home=self.personas.county.pk,
            consent_text="测试",
            guardian_name="某大满",
            guardian_relation="父亲",
            guardian_phone="15450000001",
            consent_by="guardian",
        )
        created = people.register(by=self.accounts[name], season=self.personas.season, form=form)
        self.people[name] = Application.objects.select_related("person").get(pk=created.pk)
        return self.people[name]

    def act_as_student(self, name: str, act: Any, /, **kwargs: Any) -> Any:
        """The student does the act with a code displayed for exactly this content."""
        person = self.people[name].person
        who = Actor(role=Role.STUDENT, account=person.account_id, people=(person.pk,))
        content = content_of(act.spec.name, kwargs)
        OneTimeCode.objects.create(
            account_id=who.account,
            phone_hash=Account.objects.get(pk=who.account).phone_hash,
            content=content,
            code_hash=code_hash(CODE, content),
            expires_at=clock.now() + timedelta(minutes=5),
        )
        return act(by=who.with_step_up(code=CODE), **kwargs)

    def two(self, act: Any, **kwargs: Any) -> Any:
        """An act of two officers; an earlier proposal of the first one is still valid after a refusal."""
        try:
            self.personas.pe1.sign(act, **kwargs)
        except Refused as refusal:
            if "您已经提请" not in refusal.what:
                raise
        return self.personas.pe2.sign(act, **kwargs).result

    def officer(self, name: str) -> OfficerClient:
        return {"pe1": self.personas.pe1, "pe2": self.personas.pe2}[name]


def _number(n: int) -> str:
    # Two digits apart from everyone else's, so that no number looks like another one mistyped.
    return id_number(n, "20090305", f"9999{n:02d}")
