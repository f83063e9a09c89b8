"""After admission: the high schools' list, duplicate cases, student records, and the monthly reports."""

from hashlib import sha256
from random import Random

from yangguang.actions.applicants import duplicates
from yangguang.actions.applicants.duplicates import OutsideRow
from yangguang.actions.records import records
from yangguang.actions.reporting import reports
from yangguang.models import IdentityCase, MonthlyReport, Season, Unit
from yangguang.queries.records.records import assign_classes
from yangguang.rules.organisation.external_registers import Register
from yangguang.rules.organisation.sectors import Sector
from yangguang.simulation.distributions import Track
from yangguang.simulation.population import Student, generate_students
from yangguang.simulation.setup import officer, province_officers

_HIGH_SCHOOL = "演示普通高级中学"


def load_outside_list(season: Season, students: list[Student], seed: int) -> int:
    """Load the list of the ordinary high schools: some of our students, and as many persons unknown here.

    One in 250 of our students and at least eight, so that some are in the sealed reports and leave afterwards.
    """
    young = [s for s in students if s.score is not None and s.track is not Track.SPRING]
    young.sort(key=lambda s: Random(s.choice_seed ^ 5).random())
    rows = [OutsideRow(s.id_number, s.name, _HIGH_SCHOOL) for s in young[: max(8, len(students) // 250)]]
    strangers = [
        OutsideRow(s.id_number, s.name, _HIGH_SCHOOL)
        for s in generate_students(max(20, len(students) // 200), seed + 1_000_003)
    ]
    digest = sha256(f"outside {len(students)} {seed}".encode()).hexdigest()
    first, _ = province_officers()
    return first.sign(
        duplicates.load_outside, season=season, register=Register.HIGH_SCHOOL, rows=rows + strangers, digest=digest
    )


def decide_duplicates(share: float) -> tuple[int, int]:
    """Decide a share of the open cases at the bureaus they belong to; the others stay open.

    Returns:
        how many students stay and how many leave; of those on the outside list one in four leaves.
    """
    stays = leaves = 0
    cases = IdentityCase.objects.filter(state="OPEN").select_related("unit", "person").order_by("person__id_hash")
    for number, case in enumerate(cases):
        if number >= len(cases) * share:
            break
        bureau = officer(_bureau(case.unit), Sector.EDUCATION)
        verdict = "DIFFERENT" if case.outside_id is None else "LEAVES" if number % 4 == 0 else "STAYS"
        bureau.sign(duplicates.decide, case=case, verdict=verdict)
        stays, leaves = stays + (verdict != "LEAVES"), leaves + (verdict == "LEAVES")
    return stays, leaves


def _bureau(unit: Unit) -> Unit:
    """The nearest bureau with officers, from `unit` upwards."""
    while unit.level == "SCHOOL" or not unit.role_assignments.filter(sector=Sector.EDUCATION.value).exists():
        assert unit.parent is not None
        unit = unit.parent
    return unit


def check_duplicates(season: Season) -> int:
    """Search for duplicates; returns how many cases were opened."""
    first, _ = province_officers()
    return first.sign(duplicates.check, season=season)


def make_records(season: Season) -> int:
    """Make the student records that are due; returns how many."""
    first, _ = province_officers()
    return first.sign(records.make_due, season=season)


def complete_records(schools: list[Unit]) -> int:
    """Every school assigns its new students to classes; returns how many students."""
    done = 0
    for school in schools:
        if classes := assign_classes(school):
            done += officer(school, Sector(school.sector)).sign(records.complete, school=school, classes=classes)
    return done


def send_reports(month: int) -> list[MonthlyReport]:
    """The city's and the province's report of one month: computed and reviewed, sealed by another officer, sent."""
    city = Unit.objects.get(code="410100")
    first, second = officer(city, Sector.EDUCATION, 1), officer(city, Sector.EDUCATION, 2)
    sent = []
    for form in (MonthlyReport.Form.CITY.value, MonthlyReport.Form.PROVINCE.value):
        made = first.sign(reports.compute, unit=city, form=form, year=2024, month=month)
        made = first.sign(reports.review, report=made)
        made = second.sign(reports.seal, report=made)
        sent.append(second.sign(reports.send, report=made))
    return sent
