"""A small province with one row of everything, twice: once where the actors are, once where they are not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.plans import qualify
from tests.support.builders.policy import add_reference_rules, set_rule
from tests.support.owner import without_triggers
from tests.support.personas import SHELL, Personas, unit
from yangguang import clock
from yangguang.actions.audit import audit_roots
from yangguang.gateways.ciphers import sm3
from yangguang.models import (
    Account,
    Admission,
    AdmissionRun,
    Application,
    ChoiceDispute,
    ChoiceVersion,
    Cutoff,
    IdentityCase,
    ImportFile,
    ListFile,
    LotterySeed,
    Message,
    MonthlyReport,
    Notice,
    Person,
    Plan,
    PlanChange,
    Programme,
    Proposal,
    Quota,
    ReplayBundle,
    RoleAssignment,
    Round,
    RoundProgramme,
    Sanction,
    Season,
    SecurityKey,
    StudentRecord,
    Target,
    Unit,
    ViolationKind,
    WaitingOffer,
    Window,
    Withdrawal,
)
from yangguang.queries.accounts.actors import load_actor
from yangguang.queries.reporting.reports import CITY, compute_form
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.roles import FAMILY, Role
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.runs.published_properties import Property
from yangguang.rules.seasons.windows import WindowKind

LABOUR = frozenset({Role.TECHNICIAN_SCHOOL, Role.COUNTY_LABOUR, Role.CITY_LABOUR, Role.PROVINCE_LABOUR})


@dataclass
class Corner:
    """One county with one row of every kind of one sector in it."""

    city: Unit
    county: Unit
    school: Unit
    junior: Unit
    rows: dict[str, models.Model] = field(default_factory=dict)


@dataclass
class World:
    """`near` is where the actors sit, by sector of the rows; `far` is another city."""

    province: Unit
    season: Season
    near: dict[Sector, Corner]
    far: dict[Sector, Corner]
    accounts: dict[Role, Account]

    def actor(self, role: Role) -> Actor:
        if role is Role.GUEST:
            return GUEST
        actor = load_actor(self.accounts[role].pk)
        if role in FAMILY:
            return replace(actor, role=role)
        return actor

    def rows(self, role: Role, *, far: bool = False) -> dict[str, models.Model]:
        """What an action's subject may be, inside (or outside) this role's reach."""
        sector = Sector.LABOUR if role in LABOUR else Sector.EDUCATION
        return (self.far if far else self.near)[sector].rows


def lay() -> World:
    """Everything as rows: the access tests try to reach them."""
    add_reference_rules()
    set_rule("report.months", list(range(1, 13)))
    ViolationKind.objects.create(year=2023, position=1, text="严禁虚假宣传", source="测试文件", clause="二")
    province = unit("测试省", "PROVINCE", None)
    season = Season.objects.create(year=clock.now().year, term="AUTUMN")
    account = Account.objects.create(username="founder")
    other = Account.objects.create(username="second")
    near, far = _corners(province, season, "甲", account, other), _corners(province, season, "乙", account, other)
    return World(province, season, near, far, _staff(province, near))


def _corners(province: Unit, season: Season, name: str, account: Account, other: Account) -> dict[Sector, Corner]:
    """One county with a school of each sector, so that a bureau of the one is tried on the rows of the other."""
    city = unit(f"{name}市", "CITY", province)
    county = unit(f"{name}市一县", "COUNTY", city)
    return {sector: _corner(province, city, county, season, sector, account, other) for sector in Sector}


def _corner(
    province: Unit, city: Unit, county: Unit, season: Season, sector: Sector, account: Account, other: Account
) -> Corner:
    name = city.name[0] + sector.label[0]
    school = unit(f"{name}第一学校", "SCHOOL", county, sector=sector.value, governed_by="COUNTY")
    corner = Corner(city, county, school, unit(f"{name}初中", "JUNIOR", county))
    now = clock.now()
    day = timedelta(days=1)
    personas = Personas(province, city, county, city, school, season, *([None] * 5))  # type: ignore[arg-type]
    number = 10 * len(Round.objects.all())
    enrolled = Enrolled(personas, _round(season, number + 1, "ranked"), count=len(Person.objects.all()))
    programme = enrolled.programme()
    plan = Plan.objects.get(school=school)
    for state in ("SUBMITTED", "COUNTY_PASSED", "CITY_PASSED", "APPROVED", "PUBLISHED"):
        Plan.objects.filter(pk=plan.pk).update(state=state)
    plan.refresh_from_db()
    admission = enrolled.admit(f"{name}小满", state="OFFERED")
    person = admission.person
    Admission.objects.filter(pk=admission.pk).update(answer_by=now + day)
    published = _round(season, number + 3, "ranked")
    _published(published, programme, account, other)
    direct = _round(season, number + 2, "direct")
    RoundProgramme.objects.create(round=direct, programme=programme, seats=50)
    version = ChoiceVersion.objects.create(
        application=admission.application,
        round=enrolled.round,
        number=1,
        programmes=[programme.pk],
        submitted_by="SELF",
        by_account=person.account,
        receipt="0" * 64,
    )
    Application.objects.filter(pk=admission.application_id).update(
        programmes=[programme.pk], choices_version=1, state="CHOSEN"
    )
    recorded = enrolled.admit(f"{name}小寒", state="CHECKED_IN")
    record = StudentRecord.objects.create(
        person=recorded.person,
        admission=recorded,
        school=school,
        number=f"2024{school.pk:07d}00001",
        major="护理",
        programme_type="three_year",
        entered_on=date(2024, 9, 1),
        state="COMPLETED",
        school_class="一班",
    )
    offer = WaitingOffer.objects.create(
        application=admission.application,
        round=enrolled.round,
        school=school,
        programme=programme,
        quota=programme.quotas.get(),
        rank=1,
        place=1,
        offered_at=now - day,
        answer_by=now + day,
    )
    Quota.objects.filter(programme=programme).update(taken=F("taken") + 1)
    release = Withdrawal.objects.create(
        admission=recorded, reason="family", requested_at=now - day, due_at=now + 2 * day
    )
    # One family has both children, so that every kind of row is its own.
    Person.objects.filter(pk=recorded.person_id).update(account=person.account)
    corner.rows = {
        "unit": county,
        "parent": city,
        "school": school,
        "season": season,
        "round": enrolled.round,
        "direct": direct,
        "published": published,
        "plan": plan,
        "programme": programme,
        "application": admission.application,
        "admission": admission,
        "version": version,
        "record": record,
        "offer": offer,
        "withdrawal": release,
        "run": _run(enrolled.round, account),
        "case": IdentityCase.objects.create(
            season_year=season.year, person=person, other=recorded.person, unit=county, score=90, reasons=["同名"]
        ),
        "report": _report(county, season.year, sector),
        "own_report": _report(school, season.year, sector),
        "sanction": Sanction.objects.create(
            unit=school,
            **{"kind": "WARN", "violation": ViolationKind.objects.get(), "sentence": "测试", "starts_at": now},
            proposed_by=account,
        ),
        "change": PlanChange.objects.create(programme=programme, seats={}, reason="无", requested_by=account),
        "proposal": _proposal("exam_result.load", city, account, name),
        "own_proposal": _proposal("aptitude_test.load", school, account, name),
        "dispute": ChoiceDispute.objects.create(
            application=admission.application, round=enrolled.round, disputed=version, by_account=person.account
        ),
        "import_round": (boarded := _round(season, number + 4, "imported")),
        "import_file": ImportFile.objects.create(
            round=boarded, profile="board", digest=f"{number:064d}", size=0, content="[]", uploaded_by=account
        ),
        "score_file": _list_file(ListFile.FileKind.EXAM_RESULTS, city, season.year, account, number),
        "outside_file": _list_file(ListFile.FileKind.OUTSIDE, city, season.year, account, number),
        "notice": Notice.objects.create(
            unit=county, title=f"{name}公告", body="正文", source="测试文件", published_at=now - day
        ),
        "key": SecurityKey.objects.create(serial=f"K-{name}", unit=school),
    }
    with without_triggers("yangguang_cutoff"):
        Cutoff.objects.create(
            run=corner.rows["run"],
            programme=programme,
            quota=programme.quotas.get(),
            seats=50,
            applicants=1,
            admitted=0,
        )
    for one in (person, recorded.person):
        Message.objects.create(person=one, event="test", subject=name, text="【阳光招生】测试消息")
    Target.objects.create(
        year=season.year, sector=sector.value, parent=city, unit=county, label=county.name, position=1, number=9
    )
    qualify(school, season.year, now - day)
    audit_roots.publish_root(by=SHELL, day=date(2024, 8, 28))
    Quota.objects.filter(programme=programme).update(tie="lottery")
    return corner


def _list_file(kind: ListFile.FileKind, of: Unit, year: int, account: Account, number: int) -> ListFile:
    return ListFile.objects.create(
        kind=kind,
        year=year,
        register="high_school" if kind == ListFile.FileKind.OUTSIDE else "",
        unit=of,
        digest=f"{number:064d}",
        summary={"rows": 0, "new": 0, "changed": 0, "registered": 0},
        content="[]",
        uploaded_by=account,
    )


def _round(season: Season, number: int, kind: str) -> Round:
    return Round.objects.create(
        season=season,
        number=number,
        name=f"第{number}批",
        kind=kind,
        programme_types=["three_year"],
        opened_at=clock.now(),
    )


def _published(round: Round, programme: Programme, first: Account, second: Account) -> None:
    """A round whose results are public, with its seed opened."""
    run = _run(round, first)
    run.approved_by, run.published_by, run.published_at = second, first, clock.now()
    run.report["verdicts"] = [{"property": p.value, "state": "held", "says": p.label, "count": 0} for p in Property]
    for state in ("PROPOSED", "APPROVED", "PUBLISHED"):
        run.state = state
        run.save()
    LotterySeed.objects.create(
        round=round,
        first_by=first,
        second_by=second,
        first_secret=b"1",
        second_secret=b"2",
        commitment=sm3(bytes(32)).hex(),
        committed_at=clock.now(),
        revealed=bytes(32).hex(),
    )
    counted = {"seats": 50, "applicants": 20, "admitted": 12, "last_place": 12, "last_score": [432]}
    with without_triggers("yangguang_cutoff"):
        Cutoff.objects.create(run=run, programme=programme, quota=programme.quotas.get(), **counted)
    RoundProgramme.objects.create(round=round, programme=programme, seats=50)
    ReplayBundle.objects.create(
        run=run,
        key="00" * 32,
        content=b"bundle",
        size=6,
        sha256="0" * 64,
        sm3="0" * 64,
        list_sm3="0" * 64,
        rows=12,
        programmes=1,
        masked=[],
        left_out=[],
        is_cut=False,
    )


def _report(of: Unit, year: int, sector: Sector) -> MonthlyReport:
    return MonthlyReport.objects.create(
        form="CITY",
        unit=of,
        sector=sector.value,
        year=year,
        month=8,
        **compute_form(of, CITY, year, 8, clock.now()),
    )


def _proposal(act: str, of: Unit, account: Account, corner: str) -> Proposal:
    return Proposal.objects.create(action=act, content=corner.encode(), label="测试", unit=of, proposed_by=account)


def _run(round: Round, account: Account) -> AdmissionRun:
    return AdmissionRun.objects.create(
        round=round,
        number=1,
        state="CHECKED",
        input_hash="1" * 64,
        output_hash="2" * 64,
        started_by=account,
        report={"verdicts": [], "held_back": [], "flows": []},
        counts={"persons": 1, "programmes": 1, "seats": 50, "placed": 1, "by_choice": {"1": 1}},
    )


def _staff(province: Unit, near: dict[Sector, Corner]) -> dict[Role, Account]:
    """One account for every role that can sign in; guardians sign in like students."""
    education, labour = near[Sector.EDUCATION], near[Sector.LABOUR]
    family = education.rows["admission"].person.account  # type: ignore[attr-defined]
    seats: dict[Role, tuple[Unit | None, str]] = {
        Role.JUNIOR_SCHOOL: (education.junior, ""),
        Role.VOCATIONAL_SCHOOL: (education.school, "education"),
        Role.TECHNICIAN_SCHOOL: (labour.school, "labour"),
        Role.COUNTY_EDUCATION: (education.county, "education"),
        Role.COUNTY_LABOUR: (labour.county, "labour"),
        Role.CITY_EDUCATION: (education.city, "education"),
        Role.CITY_LABOUR: (labour.city, "labour"),
        Role.PROVINCE_EDUCATION: (province, "education"),
        Role.PROVINCE_LABOUR: (province, "labour"),
        Role.AUDITOR: (None, ""),
        Role.OPERATOR: (None, ""),
    }
    accounts = {Role.STUDENT: family, Role.GUARDIAN: family}
    for role, (at, sector) in seats.items():
        accounts[role] = Account.objects.create(username=f"officer-{role.value}", name="某某")
        RoleAssignment.objects.create(account=accounts[role], role=role.value, unit=at, sector=sector)
    return accounts


def open_windows(world: World) -> None:
    """Every kind of window is open, for the season and so for each round."""
    now = clock.now()
    Window.objects.bulk_create(
        Window(
            season=world.season, kind=kind.value, opens_at=now - timedelta(days=2), closes_at=now + timedelta(days=30)
        )
        for kind in WindowKind
    )


LOG = ("yangguang_auditentry", "yangguang_auditchainhead")
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def contents(*without: str) -> dict[str, tuple[int, int]]:
    """Table → how many rows, and a digest over all of them: two equal answers mean that nothing changed."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [name for (name,) in cursor.fetchall() if name not in without]
        digest = "coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)"
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*), {digest} FROM {name} AS t" for name in tables))
        return {name: (count, int(total)) for name, count, total in cursor.fetchall()}


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
