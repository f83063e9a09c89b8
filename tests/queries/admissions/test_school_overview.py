"""What a school reads of its applicants: those of published runs, and those who were admitted without a run."""

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.personas import Personas
from yangguang.actions.records import records
from yangguang.models import StudentRecord
from yangguang.queries.admissions import school_overview

pytestmark = pytest.mark.django_db
ALL = {"number": "", "programme": "", "outcome": "", "round": 0}


def test_a_student_admitted_without_a_run_is_listed_and_counted(personas: Personas) -> None:
    enrolled = Enrolled.lay(personas)
    admission = enrolled.admit("某甲", state="ACCEPTED")

    (row,) = school_overview.list_applicants(admission.school, enrolled.round.season, ALL)
    counts = school_overview.count_school(admission.school, enrolled.round.season)

    assert (row.number, row.outcome, row.state, row.rank) == (
        admission.application.number,
        "admitted",
        "ACCEPTED",
        admission.rank,
    )
    assert (counts.applicants, counts.expected, counts.checked_in) == (1, 1, 0)


def test_records_are_counted_by_what_is_left_to_do(personas: Personas) -> None:
    enrolled = Enrolled.lay(personas)
    admission = enrolled.admit("某甲", state="CHECKED_IN")
    personas.pe1.sign(records.make_due, season=enrolled.round.season)
    seen = []
    for state in ("CREATED", "COMPLETED", "DISPUTED"):
        counts = school_overview.count_school(admission.school, enrolled.round.season)
        seen.append((counts.to_complete, counts.to_confirm, counts.disputed))
        step = {"CREATED": "COMPLETED", "COMPLETED": "DISPUTED"}.get(state)
        if step:
            StudentRecord.objects.update(state=step)

    assert seen == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
