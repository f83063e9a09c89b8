"""After the seats are given: outside lists, duplicate cases, records, and the forms of four months."""

from hashlib import sha256
from random import Random

from yangguang.actions.applicants import duplicates
from yangguang.actions.applicants.duplicates import OutsideRow
from yangguang.actions.records import records
from yangguang.actions.reporting import reports
from yangguang.models import IdentityCase, MonthlyReport, Season, Unit
from yangguang.queries.records.records import shared_out
from yangguang.rules.organisation.external_registers import Register
from yangguang.rules.organisation.sectors import Line
from yangguang.simulation.distributions import Track
from yangguang.simulation.population import Student, people
from yangguang.simulation.rounds import two_of_province
from yangguang.simulation.setup import officer

_HIGH_SCHOOL = "演示普通高级中学"


def load_outside(season: Season, students: list[Student], seed: int) -> int:
    """The ordinary high schools' list: a few of ours are on it, too; and as many nobody knows here.

    One in 250, and in a small season eight: some of them are to be in the sealed forms and to leave afterwards.
    """
    young = [s for s in students if s.score is not None and s.track is not Track.SPRING]
    young.sort(key=lambda s: Random(s.choice_seed ^ 5).random())
    rows = [OutsideRow(s.id_number, s.name, _HIGH_SCHOOL) for s in young[: max(8, len(students) // 250)]]
    strangers = [
        OutsideRow(s.id_number, s.name, _HIGH_SCHOOL)
        for s in people(max(20, len(students) // 200), seed + 1_000_003)
    ]
    digest = sha256(f"outside {len(students)} {seed}".encode()).hexdigest()
    first, _ = two_of_province()
    return int(
        first.sign(
            duplicates.load_outside,
            season=season,
            register=Register.HIGH_SCHOOL,
            rows=rows + strangers,
            digest=digest,
        )
    )


def settle(share: float) -> tuple[int, int]:
    """The bureaus at their level decide most cases: three in four stay, the others leave; the rest stays open."""
    stays = leaves = 0
    cases = (
        IdentityCase.objects.filter(state="OPEN").select_related("unit", "person").order_by("person__id_hash")
    )
    for number, case in enumerate(cases):
        if number >= len(cases) * share:
            break
        who = officer(_bureau(case.unit), Line.EDUCATION)
        verdict = "DIFFERENT" if case.outside_id is None else "LEAVES" if number % 4 == 0 else "STAYS"
        who.sign(duplicates.settle, case=case, verdict=verdict)
        stays, leaves = stays + (verdict != "LEAVES"), leaves + (verdict == "LEAVES")
    return stays, leaves


def _bureau(unit: Unit) -> Unit:
    """The nearest bureau with officers on stage, from `unit` upwards."""
    while unit.level == "SCHOOL" or not unit.seats.filter(line=Line.EDUCATION.value).exists():
        assert unit.parent is not None
        unit = unit.parent
    return unit


def check(season: Season) -> int:
    first, _ = two_of_province()
    return int(first.sign(duplicates.check, season=season))


def make_records(season: Season) -> int:
    first, _ = two_of_province()
    return int(first.sign(records.make_due, season=season))


def complete_records(schools: list[Unit]) -> int:
    """Every school puts its new students into classes."""
    done = 0
    for school in schools:
        if classes := shared_out(school):
            done += officer(school, Line(school.line)).sign(records.complete, school=school, classes=classes)
    return done


def report(month: int) -> list[MonthlyReport]:
    """The city's form and the province's form of one month: computed, reviewed, sealed by another, sent."""
    city = Unit.objects.get(code="410100")
    first, second = officer(city, Line.EDUCATION, 1), officer(city, Line.EDUCATION, 2)
    sent = []
    for form in (MonthlyReport.Form.CITY.value, MonthlyReport.Form.PROVINCE.value):
        made = first.sign(reports.compute, unit=city, form=form, year=2024, month=month)
        made = first.sign(reports.review, report=made)
        made = second.sign(reports.seal, report=made)
        sent.append(second.sign(reports.send, report=made))
    return sent
