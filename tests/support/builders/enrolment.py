"""A round with admitted students, laid as rows: what the tests after the admission start from."""

from dataclasses import dataclass, field
from datetime import timedelta

from tests.support.personas import Personas, unit
from yangguang import clock
from yangguang.models import (
    Account,
    Admission,
    Application,
    Person,
    Plan,
    Programme,
    Quota,
    Round,
    RoundProgramme,
    Season,
    SeatClaim,
    Unit,
)
from yangguang.models.base.fields import blind
from yangguang.rules.base.id_number import check_digit
from yangguang.rules.base.numbers import application_number
from yangguang.rules.organisation.sectors import Sector

SPARE = "999999"
"""A place code that was never given."""


def id_number(serial: int, born: str = "20090305", place: str = SPARE) -> str:
    """A well-formed number of no person."""
    head = f"{place}{born}{serial:03d}"
    return head + check_digit(head)


@dataclass
class Enrolled:
    """A school with one programme a programme_type, a round, and the means to admit students there."""

    personas: Personas
    round: Round
    programmes: dict[str, Programme] = field(default_factory=dict)
    count: int = 0

    @classmethod
    def lay(cls, personas: Personas, season: Season | None = None) -> "Enrolled":
        return cls(
            personas,
            Round.objects.create(
                season=season or personas.season, number=2, name="集中录取", kind="ranked", opened_at=clock.now()
            ),
        )

    def programme(
        self, programme_type: str = "three_year", school: Unit | None = None, form: str = "full_time"
    ) -> Programme:
        """The programme of a programme_type at a school, created at the first call, with 50 seats in one quota."""
        school = school or self.personas.school
        key = f"{school.pk}-{programme_type}-{form}"
        if key not in self.programmes:
            plan, _ = Plan.objects.get_or_create(school=school, season=self.round.season, defaults={"capacity": 500})
            programme = Programme.objects.create(
                plan=plan,
                code=f"L{key}"[:24],
                major="护理",
                programme_type=programme_type,
                study_form=form,
                years=3,
                seats=50,
            )
            Quota.objects.create(
                programme=programme, code="general", name="普通", seats=50, mode="at_least", tie="all_wait"
            )
            RoundProgramme.objects.create(round=self.round, programme=programme, seats=50)
            self.programmes[key] = programme
        return self.programmes[key]

    def person(self, name: str, *, phone: str = "", number: str = "", born: str = "2009-03-05") -> Person:
        """One registered person with an account."""
        self.count += 1
        phone = phone or f"154000{self.count:05d}"
        account, _ = Account.objects.get_or_create(
            username=f"f{phone}", defaults={"phone": phone, "phone_hash": blind(phone)}
        )
        # Two digits apart from everyone else's, so that no number looks like another one mistyped.
        number = number or id_number(self.count, born.replace("-", ""), f"9999{self.count:02d}")
        person = Person.objects.create(
            account=account,
            id_kind="resident",
            id_number=number,
            id_hash=blind(number),
            name=name,
            sex="女",
            born_on=born,
            home=self.personas.county,
        )
        return Person.objects.select_related("account").get(pk=person.pk)

    def applied(self, person: Person) -> Application:
        mark = blind(f"{self.round.season_id}-{person.pk}")
        return Application.objects.create(
            number=application_number(2024, mark, is_autumn=True),
            season=self.round.season,
            person=person,
            home=self.personas.county,
            origin="junior_this_year",
        )

    def admit(
        self,
        name: str = "某甲",
        *,
        programme: Programme | None = None,
        state: str = "ACCEPTED",
        person: Person | None = None,
    ) -> Admission:
        """A published admission with its claim and its seat taken."""
        programme = programme or self.programme()
        person = person or self.person(name)
        application = self.applied(person)
        quota = programme.quotas.get()
        now = clock.now()
        admission = Admission.objects.create(
            application=application,
            person=person,
            school=programme.plan.school,
            round=self.round,
            programme=programme,
            quota=quota,
            rank=1,
            state=state,
            published_at=now - timedelta(days=3),
            checked_in_at=now - timedelta(seconds=1) if state == "CHECKED_IN" else None,
        )
        if state in ("OFFERED", "ACCEPTED", "WAITING", "CHECKED_IN"):
            claim = "CONFIRMED" if state == "CHECKED_IN" else "HELD"
            SeatClaim.objects.create(
                person_root_id=person.root_id or person.pk,
                intake_year=self.round.season.year,
                quota=quota,
                admission=admission,
                state=claim,
            )
            Quota.objects.filter(pk=quota.pk).update(taken=quota.taken + 1)
        return admission

    def technician_school(self) -> Unit:
        """A school of the other programme in the same county."""
        return unit("甲市技工学校", "SCHOOL", self.personas.county, sector=Sector.LABOUR.value, governed_by="COUNTY")
