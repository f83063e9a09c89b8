"""Rounds of the simulated season: the exam board's files, ranked runs, publication, check-in by the schools."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from random import Random

from yangguang.actions.admissions import answers, check_ins, exam_board_results
from yangguang.actions.applicants import exam_results
from yangguang.actions.applicants.exam_results import ExamRow
from yangguang.actions.base.dual_approval import require_done
from yangguang.actions.disclosure import bundles
from yangguang.actions.runs import lottery, runs
from yangguang.jobs.run_steps import carry_out
from yangguang.models import AdmissionRun, Round, Unit
from yangguang.postgres.sql import fetch_all
from yangguang.queries.admissions.exam_board_results import ImportedRow
from yangguang.rules.admissions import admission_states
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.simulation.clients import approve_by_two
from yangguang.simulation.distributions import Track
from yangguang.simulation.population import Student
from yangguang.simulation.setup import CONSOLE, officer, province_officers


def load_scores(students: list[Student], seed: int) -> int:
    """Load the exam board's scores of every student who sat the exam; returns how many were loaded."""
    first, second = province_officers()
    file = {"year": 2024, "digest": sha256(f"scores {len(students)} {seed}".encode()).hexdigest()}
    first.sign(exam_results.load, rows=iter(()), **file)
    rows = (
        ExamRow(s.id_number, (s.score.total, s.score.chinese, s.score.maths, s.score.english))
        for s in students
        if s.score is not None
    )
    return require_done(second.sign(exam_results.load, rows=rows, **file))


def commit_lottery(round: Round, seed: int) -> None:
    """Two officers give a secret each before the window closes; here the secrets follow from the seed."""
    for number, one in enumerate(province_officers(), 1):
        secret = sha256(f"lottery {seed} {round.number} {number}".encode()).digest()
        one.sign(lottery.commit, round=round, secret=secret)


@dataclass(slots=True)
class _Programme:
    """A programme of the exam board's round."""

    school: str
    major: str
    college: str
    seats_left: int


def load_exam_board_results(round: Round, students: list[Student], seed: int) -> tuple[int, int]:
    """Load the exam board's admissions.

    Returns:
        how many were admitted, and how many rows are in conflict.
    """
    rows = _admit_by_score(round, students)
    digest = sha256(f"imported {len(students)} {seed}".encode()).hexdigest()
    loaded = approve_by_two(*province_officers(), exam_board_results.load, round=round, rows=rows, digest=digest)
    return loaded.admitted, len(loaded.conflicts)


def _admit_by_score(round: Round, students: list[Student]) -> list[ImportedRow]:
    """By score, each student of a track gets a programme of its type, until there are no seats left."""
    programmes: dict[str, list[_Programme]] = defaultdict(list)
    for school, major, college, programme_type, seats in fetch_all(_EXAM_BOARD_PROGRAMMES, (round.pk,)):
        programmes[programme_type].append(_Programme(school, major, college, seats))
    rows: list[ImportedRow] = []
    with_score = [(s.score.total, s) for s in students if s.track in _EXAM_BOARD_TYPES and s.score]
    for total, student in sorted(with_score, key=lambda pair: (-pair[0], pair[1].id_number)):
        programme_type = _EXAM_BOARD_TYPES[student.track]
        free = [one for one in programmes[programme_type] if one.seats_left > 0]
        if not free or total < LOWEST_TOTAL:
            continue
        one = Random(student.choice_seed).choice(free)
        one.seats_left -= 1
        row = ImportedRow(
            len(rows) + 1, student.id_number, student.name, one.school, one.major, one.college, programme_type.label
        )
        rows.append(row)
    return rows


LOWEST_TOTAL = 200
_EXAM_BOARD_TYPES = {
    Track.IMPORTED_3_2: ProgrammeType.THREE_PLUS_TWO,
    Track.IMPORTED_FIVE_YEAR: ProgrammeType.FIVE_YEAR,
}
_EXAM_BOARD_PROGRAMMES = """
SELECT s.name, l.major, l.partner, l.programme_type, r.seats FROM yangguang_roundprogramme AS r
JOIN yangguang_programme AS l ON l.id = r.programme_id JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_unit AS s ON s.id = p.school_id WHERE r.round_id = %s ORDER BY l.code
"""


def compute(round: Round) -> AdmissionRun:
    """Start a run and carry it out here, as its job would."""
    first, _ = province_officers()
    run = carry_out(first.sign(runs.start, round=round).pk)
    assert run.state == "CHECKED", run.report
    return run


def compute_and_approve(round: Round) -> AdmissionRun:
    """Compute a run; one officer proposes it and another approves it."""
    first, second = province_officers()
    proposed = first.sign(runs.propose, run=compute(round))
    return second.sign(runs.approve, run=proposed)


def publish(run: AdmissionRun) -> AdmissionRun:
    """Publish a run and make its public bundle, as the job does a minute later."""
    first, _ = province_officers()
    published = first.sign(runs.publish, run=run)
    bundles.make(by=CONSOLE, run=published)
    return published


def lapse_unanswered(round: Round) -> int:
    """Carry out what silence means in this round; returns how many had not answered."""
    first, _ = province_officers()
    return first.sign(answers.lapse_due, round=round)


def check_in(rounds: list[int], day: date, share: tuple[int, int], absent: frozenset[str]) -> int:
    """Every school checks in the students who come on that day; returns how many came.

    Args:
        rounds: row ids.
        share: (low, high) of 0–100: who comes on this day, by two digits of the 报名号.
        absent: 报名号 of those who never come.
    """
    numbers = defaultdict(list)
    for school, number in fetch_all(_EXPECTED, (rounds,)):
        if number not in absent and share[0] <= int(number[-3:-1]) < share[1]:
            numbers[school].append(number)
    done = 0
    schools = {unit.pk: unit for unit in Unit.objects.filter(pk__in=list(numbers)).select_related("parent")}
    for school in sorted(numbers, key=lambda pk: schools[pk].code):
        unit = schools[school]
        teacher = officer(unit, Sector(unit.sector))
        result = teacher.sign(check_ins.check_in_students, school=unit, numbers=numbers[school], arrived_on=day)
        done += len(result.checked_in)
    return done


_EXPECTED = f"""
SELECT a.school_id, p.number FROM yangguang_admission AS a
JOIN yangguang_application AS p ON p.id = a.application_id
WHERE a.round_id = ANY(%s) AND a.state IN {render_states(admission_states.EXPECTED)} ORDER BY p.number
"""


def release_absent(round: Round) -> int:
    """After the check-in window: free the seats of those who did not come; returns how many."""
    return approve_by_two(*province_officers(), check_ins.release_absent, round=round)
