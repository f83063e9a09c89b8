"""Rounds of the rehearsal: the exam board's file, ranked runs by two people, check-in by the schools."""

from collections import defaultdict
from datetime import date
from hashlib import sha256
from random import Random

from yangguang.actions.admissions import answers, check_ins, exam_board_results
from yangguang.actions.admissions.exam_board_results import ImportedRow
from yangguang.actions.applicants import exam_results
from yangguang.actions.applicants.exam_results import ExamRow
from yangguang.actions.disclosure import bundles
from yangguang.actions.runs import lottery, runs
from yangguang.jobs.run_steps import carry_out
from yangguang.models import AdmissionRun, Round, Unit
from yangguang.queries.rows import fetch_all
from yangguang.rules.organisation.sectors import Line
from yangguang.rules.plans.programme_types import Pattern
from yangguang.simulation.clients import OfficerClient, approve_by_two
from yangguang.simulation.distributions import Track
from yangguang.simulation.population import Student
from yangguang.simulation.setup import SHELL, officer


def two_of_province() -> tuple[OfficerClient, OfficerClient]:
    province = Unit.objects.get(level="PROVINCE")
    return officer(province, Line.EDUCATION, 1), officer(province, Line.EDUCATION, 2)


def load_scores(students: list[Student], seed: int) -> int:
    """The exam board's list of everyone who sat the exam, streamed twice: once asked for, once done."""
    first, second = two_of_province()
    asked = {"year": 2024, "digest": sha256(f"scores {len(students)} {seed}".encode()).hexdigest()}
    first.sign(exam_results.load, rows=iter(()), **asked)
    rows = (
        ExamRow(s.id_number, (s.score.total, s.score.chinese, s.score.maths, s.score.english))
        for s in students
        if s.score is not None
    )
    return int(second.sign(exam_results.load, rows=rows, **asked))


def commit_lottery(round: Round, seed: int) -> None:
    """Each of two officers gives a secret before the window closes; here it follows from the seed of the play."""
    for number, who in enumerate(two_of_province(), 1):
        secret = sha256(f"lottery {seed} {round.number} {number}".encode()).digest()
        who.sign(lottery.commit, round=round, secret=secret)


def load_imported(round: Round, students: list[Student], seed: int) -> tuple[int, int]:
    """The exam board's results: who is of the track gets a line of its pattern, by score, until it is full."""
    lines = defaultdict(list)
    for line, school, major, college, pattern, seats in fetch_all(_EXAM_LINES, (round.pk,)):
        lines[pattern].append([line, school, major, college, seats])
    wanted = {Track.IMPORTED_3_2: Pattern.THREE_PLUS_TWO, Track.IMPORTED_FIVE_YEAR: Pattern.FIVE_YEAR}
    file: list[ImportedRow] = []
    exam = [(s.score.total, s) for s in students if s.track in wanted and s.score is not None]
    for total, student in sorted(exam, key=lambda pair: (-pair[0], pair[1].id_number)):
        pattern = wanted[student.track]
        free = [one for one in lines[pattern] if one[4] > 0]
        if not free or total < 200:
            continue
        one = Random(student.choice_seed).choice(free)
        one[4] -= 1
        file.append(
            ImportedRow(len(file) + 1, student.id_number, student.name, one[1], one[2], one[3], pattern.label)
        )
    first, second = two_of_province()
    asked = {"round": round, "digest": sha256(f"imported {len(students)} {seed}".encode()).hexdigest()}
    first.sign(exam_board_results.load, rows=file, **asked)
    loaded = second.sign(exam_board_results.load, rows=file, **asked)
    return loaded.admitted, len(loaded.conflicts)


_EXAM_LINES = """
SELECT l.id, s.name, l.major, l.partner, l.pattern, r.seats FROM yangguang_roundline AS r
JOIN yangguang_planline AS l ON l.id = r.plan_line_id JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_unit AS s ON s.id = p.school_id WHERE r.round_id = %s ORDER BY l.code
"""


def compute(round: Round) -> AdmissionRun:
    """Started by one, and carried out in place as its job would."""
    first, _ = two_of_province()
    made = carry_out(first.sign(runs.start, round=round).pk)
    assert made.state == "CHECKED", made.report
    return made


def run(round: Round) -> AdmissionRun:
    """Computed, proposed by the one and approved by the other."""
    first, second = two_of_province()
    made = compute(round)
    made = first.sign(runs.propose, run=made)
    return second.sign(runs.approve, run=made)


def publish(made: AdmissionRun) -> AdmissionRun:
    """Publish, and make the public bundle as the platform's own job does a minute later."""
    first, _ = two_of_province()
    published: AdmissionRun = first.sign(runs.publish, run=made)
    bundles.make(by=SHELL, run=published)
    return published


def lapse(round: Round) -> int:
    """What silence means in this round, carried out."""
    first, _ = two_of_province()
    return int(first.sign(answers.lapse_due, round=round))


def check_in(rounds: list[int], day: date, share: tuple[int, int], absent: frozenset[str]) -> int:
    """Every school checks in who stands at its door that day.

    Args:
        share: (low, high) of 0–99: which of the admitted come on this day, by the last digits of the 报名号.
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
        taken = officer(unit, Line(unit.line)).sign(
            check_ins.take, school=unit, numbers=numbers[school], at_door=day
        )
        done += len(taken.taken)
    return done


_EXPECTED = """
SELECT a.school_id, p.number FROM yangguang_admission AS a
JOIN yangguang_application AS p ON p.id = a.application_id
WHERE a.round_id = ANY(%s) AND a.state IN ('OFFERED', 'ACCEPTED', 'WAITING') ORDER BY p.number
"""


def release_absent(round: Round) -> int:
    """After the check-in window: the seats of who did not come are free for the next round."""
    first, second = two_of_province()
    return int(approve_by_two(first, second, check_ins.release_absent, round=round))
