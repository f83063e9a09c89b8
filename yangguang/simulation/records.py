"""After admission: the high schools' list, duplicate cases, student records, and the monthly reports."""

from collections import Counter
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
from yangguang.simulation.clients import officer, school_officer, sign_for_province
from yangguang.simulation.distributions import Track
from yangguang.simulation.population import Student, generate_students


def load_outside_list(season: Season, students: list[Student], seed: int) -> int:
    """Load the list of the ordinary high schools: some of our students, and as many persons unknown here.

    One in 250 of our students and at least eight, so that some are in the sealed reports and leave afterwards.
    """
    young = [one for one in students if one.score is not None and one.track is not Track.SPRING]
    young.sort(key=lambda one: Random(one.choice_seed ^ 5).random())
    strangers = generate_students(max(20, len(students) // 200), seed + 1_000_003)
    listed = [*young[: max(8, len(students) // 250)], *strangers]
    rows = [OutsideRow(one.id_number, one.name, "演示普通高级中学") for one in listed]
    digest = sha256(f"outside {len(students)} {seed}".encode()).hexdigest()
    return sign_for_province(
        duplicates.load_outside, season=season, register=Register.HIGH_SCHOOL, rows=rows, digest=digest
    )


def decide_duplicates(share: float) -> Counter[str]:
    """Decide a share of the open cases at the bureaus they belong to; the others stay open.

    Returns:
        how many were decided how; of the students on the outside list one in four leaves.
    """
    decided = Counter[str]()
    cases = IdentityCase.objects.filter(state="OPEN").select_related("unit", "person").order_by("person__id_hash")
    for number, case in enumerate(cases):
        if number >= len(cases) * share:
            break
        verdict = "DIFFERENT" if case.outside_id is None else "LEAVES" if number % 4 == 0 else "STAYS"
        officer(_bureau(case.unit), Sector.EDUCATION).sign(duplicates.decide, case=case, verdict=verdict)
        decided[verdict] += 1
    return decided


def _bureau(unit: Unit) -> Unit:
    """The nearest bureau with officers, from `unit` upwards."""
    while unit.level == "SCHOOL" or not unit.role_assignments.filter(sector=Sector.EDUCATION.value).exists():
        assert unit.parent is not None
        unit = unit.parent
    return unit


def complete_records(schools: list[Unit]) -> int:
    """Every school assigns its new students to classes; returns how many students."""
    done = 0
    for school in schools:
        if classes := assign_classes(school):
            done += school_officer(school).sign(records.complete, school=school, classes=classes)
    return done


def send_reports(month: int) -> MonthlyReport:
    """The city's reports of one month, with the number of its labour bureau: reviewed, sealed by another officer, sent.

    Returns:
        the city's report.
    """
    city = Unit.objects.get(code="410100")
    first, second = (officer(city, Sector.EDUCATION, number) for number in (1, 2))
    sent = []
    officer(city, Sector.LABOUR).sign(reports.hand_over, unit=city, year=2024, month=month)
    for form in (MonthlyReport.Form.CITY.value, MonthlyReport.Form.PROVINCE.value):
        report = first.sign(reports.compute, unit=city, form=form, year=2024, month=month)
        report = first.sign(reports.review, report=report)
        report = second.sign(reports.seal, report=report)
        sent.append(second.sign(reports.send, report=report))
    return sent[0]
