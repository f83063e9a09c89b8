"""A ranked round laid as rows: programmes with quotas, applicants with choices in force, and its results."""

from dataclasses import dataclass, field
from datetime import timedelta

from tests.support.builders.policy import set_rule
from tests.support.personas import Personas, unit
from yangguang import clock
from yangguang.actions.base.action import update_versioned
from yangguang.actions.runs import inspection, lottery, runs
from yangguang.jobs.run_steps import carry_out
from yangguang.models import (
    Account,
    Admission,
    AdmissionRun,
    Application,
    ChoiceVersion,
    Person,
    Plan,
    Programme,
    Quota,
    Round,
    RoundProgramme,
    SeatClaim,
    SpecialNeeds,
    Unit,
    Window,
)
from yangguang.models.base.fields import blind
from yangguang.queries.runs.runs import find_last_run
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.seasons.windows import WindowKind

SECRETS = (b"a" * 32, b"b" * 32)


@dataclass
class Ranked:
    """One round; `programmes` by code."""

    personas: Personas
    round: Round
    programmes: dict[str, Programme] = field(default_factory=dict)
    count: int = 0

    @classmethod
    def lay(
        cls,
        personas: Personas,
        *,
        number: int = 2,
        kind: str = "ranked",
        programme_types: tuple[str, ...] = ("three_year",),
    ) -> "Ranked":
        set_rule("disclosure.last_score", value=False)
        round = Round.objects.create(
            season=personas.season,
            number=number,
            name=f"第{number}批",
            kind=kind,
            programme_types=list(programme_types),
            opened_at=clock.now(),
        )
        return cls(personas, round)

    def window(self, kind: WindowKind, opens: float, closes: float | None) -> Window:
        """A window of the round, in days from now; setting it again is a separate version."""
        now = clock.now()
        span = {
            "opens_at": now + timedelta(days=opens),
            "closes_at": None if closes is None else now + timedelta(days=closes),
        }
        window, fresh = Window.objects.get_or_create(
            season=self.personas.season, round=self.round, kind=kind.value, defaults=span
        )
        if not fresh:
            update_versioned(window, **span)
        return window

    def programme(
        self,
        code: str,
        seats: int,
        *,
        school: Unit | None = None,
        dedicated: int = 0,
        flows: bool = False,
        tie: str = "lottery",
        programme_type: str = "three_year",
        partner: str = "",
        origins: tuple[str, ...] = (),
        **more: object,
    ) -> Programme:
        """A published programme of the round; `dedicated` seats of a dedicated class come first."""
        school = school or self.personas.school
        plan, _ = Plan.objects.get_or_create(
            school=school, season=self.personas.season, defaults={"capacity": 5000, "state": "PUBLISHED"}
        )
        programme = Programme.objects.create(
            plan=plan,
            code=code,
            major=str(more.get("major", f"专业{code}")),
            programme_type=programme_type,
            study_form="full_time",
            years=3,
            seats=seats + dedicated,
            origins=list(origins),
            partner=partner,
        )
        if dedicated:
            Quota.objects.create(
                programme=programme,
                code="dedicated",
                name="专门编班",
                seats=dedicated,
                priority=1,
                tie=tie,
                mode="at_most" if flows else "exactly",
                flows_to="general" if flows else "",
            )
        Quota.objects.create(
            programme=programme, code="general", name="普通", seats=seats, mode="at_least", priority=2, tie=tie
        )
        RoundProgramme.objects.create(
            round=self.round, programme=programme, seats=seats + dedicated, dedicated=dedicated
        )
        self.programmes[code] = programme
        return programme

    def person(self, number: str, *, dedicated: bool = False, name: str = "某甲") -> Person:
        account, _ = Account.objects.get_or_create(username=f"f{number}", defaults={"phone_hash": blind(number)})
        person = Person.objects.create(
            account=account,
            id_kind="resident",
            id_number=number,
            id_hash=blind(f"id{number}"),
            name=name,
            sex="女",
            born_on="2009-03-05",
            home=self.personas.county,
        )
        if dedicated:
            SpecialNeeds.objects.create(person=person, provision="DEDICATED_CLASS")
        return person

    def apply(
        self,
        score: int | None,
        *codes: str,
        number: str = "",
        origin: str = "junior_this_year",
        dedicated: bool = False,
        track: str = "CHOOSES",
        person: Person | None = None,
        name: str = "某甲",
    ) -> Application:
        """One applicant with choices in force; `number` is the 报名号."""
        self.count += 1
        number = number or f"N{self.count:04d}"
        person = person or self.person(number, dedicated=dedicated, name=name)
        application = Application.objects.create(
            number=number,
            season=self.personas.season,
            person=person,
            home=self.personas.county,
            origin=origin,
            track=track,
            scores=[] if score is None else [score],
            state="CHOSEN" if codes else "REGISTERED",
        )
        if codes:
            self.choose(application, *codes)
        return application

    def choose(self, application: Application, *codes: str) -> None:
        """The next version of the choices, in this round."""
        programmes = [self.programmes[code].pk for code in codes]
        version = application.choices_version + 1
        ChoiceVersion.objects.create(
            application=application,
            round=self.round,
            number=version,
            programmes=programmes,
            by_account=application.person.account,
            submitted_by="SELF",
            receipt="0" * 64,
        )
        Application.objects.filter(pk=application.pk).update(
            programmes=programmes, choices_version=version, state="CHOSEN"
        )
        application.choices_version = version

    def seated_elsewhere(self, application: Application, programme: Programme, *, number: int = 1) -> Admission:
        """A live seat on a programme of another round, with its claim."""
        other = Round.objects.create(
            season=self.personas.season, number=number, name=f"第{number}批", kind="ranked", opened_at=clock.now()
        )
        RoundProgramme.objects.create(round=other, programme=programme, seats=1)
        admission = Admission.objects.create(
            application=application,
            person=application.person,
            school=programme.plan.school,
            round=other,
            programme=programme,
            quota=programme.quotas.get(),
            published_at=clock.now(),
        )
        SeatClaim.objects.create(
            person_root=application.person,
            intake_year=self.personas.season.year,
            quota=admission.quota,
            admission=admission,
        )
        return admission

    def close(self) -> None:
        """Both secrets while the choices are open; then the choices are final."""
        self.window(WindowKind.CHOICES, -10, 1)
        for officer, secret in zip((self.personas.pe1, self.personas.pe2), SECRETS, strict=True):
            officer.sign(lottery.commit, round=self.round, secret=secret)
        self.window(WindowKind.CHOICES, -10, -1)

    def run(self) -> AdmissionRun:
        """Started by an officer and carried out in place, as its job would."""
        return carry_out(self.personas.pe1.sign(runs.start, round=self.round).pk)

    def trial(self, school: Unit | None = None) -> AdmissionRun:
        return carry_out(runs.what_if(by=self.personas.pe1.actor, round=self.round, school=school).pk)

    def approved(self) -> AdmissionRun:
        """A run, proposed by the one, who has looked at what it changes, and approved by the other."""
        run = self.run()
        if find_last_run(run) is not None:
            self.personas.pe1.act(inspection.compare, run=run)
        self.personas.pe1.sign(runs.propose, run=run)
        return self.personas.pe2.sign(runs.approve, run=run)  # type: ignore[no-any-return]

    def published(self) -> AdmissionRun:
        run = self.approved()
        return self.personas.pe1.sign(runs.publish, run=run)  # type: ignore[no-any-return]

    def placed(self, run: AdmissionRun) -> dict[str, str | None]:
        """报名号 to programme code."""
        rows = run.placements.values_list("application__number", "programme__code")
        return dict(rows.order_by("application__number"))

    def school(self, name: str) -> Unit:
        return unit(name, "SCHOOL", self.personas.county, sector=Sector.EDUCATION.value, governed_by="COUNTY")
