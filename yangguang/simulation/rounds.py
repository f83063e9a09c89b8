"""Rounds of the simulated season: the exam board's files, ranked runs, publication, check-in by the schools."""

from collections import defaultdict
from datetime import date
from hashlib import sha256
from random import Random

from yangguang.actions.admissions import check_ins, exam_board_results
from yangguang.actions.applicants import exam_results
from yangguang.actions.applicants.exam_results import ExamRow
from yangguang.actions.disclosure import bundles
from yangguang.actions.runs import lottery, runs
from yangguang.jobs.run_steps import carry_out
from yangguang.models import Admission, AdmissionRun, Round, RoundProgramme, Unit
from yangguang.queries.admissions.exam_board_results import ImportedRow
from yangguang.rules.accounts.actors import CONSOLE
from yangguang.rules.admissions import admission_states
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.simulation.clients import (
    approve_for_province,
    province_officers,
    require_done,
    school_officer,
    sign_for_province,
)
from yangguang.simulation.distributions import Track
from yangguang.simulation.population import Student

LOWEST_TOTAL = 200
_EXAM_BOARD_TYPES = {
    Track.IMPORTED_3_2: ProgrammeType.THREE_PLUS_TWO,
    Track.IMPORTED_FIVE_YEAR: ProgrammeType.FIVE_YEAR,
}


def load_scores(students: list[Student], seed: int) -> int:
    """Load the exam board's scores of every student who sat the exam; returns how many were loaded."""
    first, second = province_officers()
    file = {"year": 2024, "digest": sha256(f"scores {len(students)} {seed}".encode()).hexdigest()}
    first.sign(exam_results.load, rows=iter(()), **file)
    rows = (ExamRow(one.id_number, tuple(one.score)) for one in students if one.score is not None)
    return require_done(second.sign(exam_results.load, rows=rows, **file))


def commit_lottery(round: Round, seed: int) -> None:
    """Two officers give a secret each before the window closes; here the secrets follow from the seed."""
    for number, one in enumerate(province_officers(), 1):
        secret = sha256(f"lottery {seed} {round.number} {number}".encode()).digest()
        one.sign(lottery.commit, round=round, secret=secret)


def load_exam_board_results(round: Round, students: list[Student], seed: int) -> tuple[int, int]:
    """Load the exam board's admissions.

    Returns:
        how many were admitted, and how many rows are in conflict.
    """
    rows = _admit_by_score(round, students)
    digest = sha256(f"imported {len(students)} {seed}".encode()).hexdigest()
    loaded = approve_for_province(exam_board_results.load, round=round, rows=rows, digest=digest)
    return loaded.admitted, len(loaded.conflicts)


def _admit_by_score(round: Round, students: list[Student]) -> list[ImportedRow]:
    """By score, each student of a track gets a programme of its type, until there are no seats left."""
    offered: dict[str, list[RoundProgramme]] = defaultdict(list)
    for one in round.programmes.select_related("programme__plan__school").order_by("programme__code"):
        offered[one.programme.programme_type].append(one)
    rows: list[ImportedRow] = []
    with_score = [(one.score.total, one) for one in students if one.track in _EXAM_BOARD_TYPES and one.score]
    for total, student in sorted(with_score, key=lambda pair: (-pair[0], pair[1].id_number)):
        programme_type = _EXAM_BOARD_TYPES[student.track]
        free = [one for one in offered[programme_type] if one.seats > 0]
        if not free or total < LOWEST_TOTAL:
            continue
        chosen = Random(student.choice_seed).choice(free)
        chosen.seats -= 1  # Counted here only, and not saved.
        school, major, college = chosen.programme.plan.school.name, chosen.programme.major, chosen.programme.partner
        row = (len(rows) + 1, student.id_number, student.name, school, major, college, programme_type.label)
        rows.append(ImportedRow(*row))
    return rows


def compute(round: Round) -> AdmissionRun:
    """Start a run and carry it out here, as its job would."""
    run = carry_out(sign_for_province(runs.start, round=round).pk)
    assert run.state == "CHECKED", run.report
    return run


def compute_and_approve(round: Round) -> AdmissionRun:
    """Compute a run; one officer proposes it and another approves it."""
    first, second = province_officers()
    proposed = first.sign(runs.propose, run=compute(round))
    return second.sign(runs.approve, run=proposed)


def publish(run: AdmissionRun) -> int:
    """Publish a run and make its public bundle, as the job does a minute later; returns how many are admitted."""
    published = sign_for_province(runs.publish, run=run)
    bundles.make(by=CONSOLE, run=published)
    return int(published.counts["admitted"])


def check_in(rounds: list[Round], day: date, share: tuple[int, int], absent: frozenset[str]) -> int:
    """Every school checks in the students who come on that day; returns how many came.

    Args:
        share: (low, high) of 0–100: who comes on this day, by two digits of the 报名号.
        absent: 报名号 of students who never come.
    """
    numbers = defaultdict(list)
    expected = Admission.objects.filter(round__in=rounds, state__in=admission_states.EXPECTED)
    for school, number in expected.order_by("application__number").values_list("school", "application__number"):
        if number not in absent and share[0] <= int(number[-3:-1]) < share[1]:
            numbers[school].append(number)
    done = 0
    for unit in Unit.objects.filter(pk__in=list(numbers)).order_by("code"):
        teacher = school_officer(unit)
        result = teacher.sign(check_ins.check_in_students, school=unit, numbers=numbers[unit.pk], arrived_on=day)
        done += len(result.checked_in)
    return done
