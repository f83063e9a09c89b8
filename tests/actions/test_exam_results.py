"""Scores meet registrations whichever comes first; lists that are public keep the scores they were made of."""

import pytest

from tests.cast import Cast
from tests.enrolled import id_number as number_of
from tests.web.season import Desk
from yangguang import clock
from yangguang.actions import exam_results
from yangguang.actions.exam_results import ExamRow
from yangguang.demo.hands import both
from yangguang.models import Account, AdmissionRun, Application, AuditEntry, ExamResult

pytestmark = pytest.mark.django_db


def load(cast: Cast, *scores: int, digest: str = "d1", year: int | None = None) -> int:
    """The board's file with one row, the family's child of `tests.web.season`; two people."""
    asked = {"year": year or cast.season.year, "rows": [ExamRow(number_of(7), scores)], "digest": digest}
    return int(both(cast.pe1, cast.pe2, exam_results.load, **asked))


def publish(desk: Desk) -> None:
    """A run of the round whose results are out."""
    one, other = (Account(pk=officer.actor.account) for officer in (desk.cast.pe1, desk.cast.pe2))
    run = AdmissionRun.objects.create(round=desk.round, number=1, started_by=one)
    run.proposed_by, run.approved_by, run.published_by, run.published_at = one, other, other, clock.now()
    for state in ("COMPUTED", "CHECKED", "PROPOSED", "APPROVED", "PUBLISHED"):
        run.state = state
        run.save()


def scores(desk: Desk) -> list[int]:
    return list(Application.objects.get(pk=desk.application.pk).scores)


def test_scores_that_come_after_registration_reach_the_application_until_a_run_is_published(
    cast: Cast,
) -> None:
    desk = Desk.lay(cast)
    assert scores(desk) == []
    load(cast, 600, 110, 100, 90)
    assert scores(desk) == [600, 110, 100, 90]
    load(cast, 610, 110, 110, 90, digest="d2")
    assert scores(desk) == [610, 110, 110, 90]
    publish(desk)
    load(cast, 1, 1, 1, 1, digest="d3")
    assert (scores(desk), ExamResult.objects.get().scores) == ([610, 110, 110, 90], [1, 1, 1, 1])
    done = AuditEntry.objects.filter(action="exam_result.load", facts__has_key="reached").order_by("id")
    assert [entry.facts["reached"] for entry in done] == [1, 1, 0]


def test_scores_of_another_year_and_of_other_people_touch_nobody(cast: Cast) -> None:
    desk = Desk.lay(cast)
    load(cast, 600, 110, 100, 90, year=cast.season.year - 1)
    stranger = [ExamRow(number_of(8), (500, 1, 1, 1))]
    both(cast.pe1, cast.pe2, exam_results.load, year=cast.season.year, rows=stranger, digest="d9")
    assert scores(desk) == []


def test_scores_that_were_there_first_are_taken_over_by_the_registration(cast: Cast) -> None:
    load(cast, 600, 110, 100, 90)
    assert scores(Desk.lay(cast)) == [600, 110, 100, 90]
