"""The round page, the difference between two runs, and what the public may see."""

import pytest

from tests.support.builders.policy import set_rule
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas, personas
from tests.support.query_counter import statements
from yangguang import clock
from yangguang.models import AdmissionRun, Application, Round
from yangguang.queries.disclosure.public_disclosure import Numbers, list_public_numbers, list_public_rounds
from yangguang.queries.disclosure.replay import build_bundle
from yangguang.queries.runs.runs import Disclosed, compare_with_last, find_round_by_text, get_round_page, list_disclosed
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import WindowKind

__all__ = ["personas"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def ranked(personas: Personas) -> Ranked:
    laid = Ranked.lay(personas)
    laid.programme("A", 6)
    laid.programme("B", 3)
    for at in range(7):
        laid.apply(600 - at, "A", "B")
    laid.apply(610, "B")
    laid.close()
    return laid


def test_the_page_shows_windows_people_and_what_stands_against_a_run(ranked: Ranked) -> None:
    page = get_round_page(ranked.round, clock.now())

    assert [kind for kind, _, _ in page.windows] == [WindowKind.CHOICES]
    assert (page.programmes, page.seats, page.applicants, page.choices) == (2, 9, 8, 15)
    assert [check.code for check in page.checks if not check.holds] == []
    ranked.window(WindowKind.CHOICES, -9, 1)
    failing = [check.code for check in get_round_page(ranked.round, clock.now()).checks if not check.holds]

    assert failing == ["choices"]


def test_the_page_costs_the_same_with_one_run_and_with_three(ranked: Ranked) -> None:
    counts = []
    for _ in range(3):
        ranked.run()
        with statements() as seen:
            page = get_round_page(ranked.round, clock.now())
            assert [run.started_by.username for run in page.runs if run.started_by] == ["pe1"] * len(page.runs)
        counts.append(len(seen))

    assert counts[0] == counts[2]


def test_a_second_run_shows_what_it_changes_by_person_and_by_programme(ranked: Ranked) -> None:
    first = ranked.run()

    assert compare_with_last(first).before is None
    ranked.choose(Application.objects.get(number="N0001"), "B")
    Application.objects.filter(number="N0008").update(state="WITHDRAWN")

    difference = compare_with_last(ranked.run())

    assert difference.before == first
    # N0001 moves to B, N0007 moves up to A, N0008 is gone.
    assert (difference.persons, difference.newly_placed, difference.no_longer_placed) == (3, 0, 1)
    assert difference.programmes == [("A", 1, 1), ("B", 1, 2)]


def test_the_public_sees_programmes_and_never_a_number_under_five_nor_one_that_leads_to_it(personas: Personas) -> None:
    ranked = Ranked.lay(personas)
    for code, seats in (("A", 6), ("B", 3), ("C", 8), ("D", 1)):
        ranked.programme(code, seats)
    for at in range(7):
        ranked.apply(600 - at, "A", "B")
        ranked.apply(600 - at, "C")
    ranked.apply(610, "B")
    ranked.close()
    run = ranked.published()
    # D has no applicant and shows no more than B. The total of the round is public: with C, too, it would show that
    # an applicant is at B; C has a seat left, so that it could be C's.
    assert list_disclosed(run, clock.now()) == [
        Disclosed("A", "甲市第一职业学校", "专业A", 6, 7, 6, 6, None),
        Disclosed("B", "甲市第一职业学校", "专业B", 3, 8, None, None, None),
        Disclosed("C", "甲市第一职业学校", "专业C", 8, 7, None, None, None),
        Disclosed("D", "甲市第一职业学校", "专业D", 1, None, None, None, None),
    ]
    set_rule("disclosure.last_score", value=True)

    assert [programme.last_score for programme in list_disclosed(run, clock.now())] == [595, None, None, None]


def test_nothing_of_an_unpublished_run_or_a_withheld_programme_is_public(ranked: Ranked) -> None:
    run = ranked.approved()

    assert list_disclosed(run, clock.now()) == []
    AdmissionRun.objects.filter(pk=run.pk).update(published_at=clock.now(), report=run.report | {"held_back": ["A"]})

    assert [programme.code for programme in list_disclosed(AdmissionRun.objects.get(pk=run.pk), clock.now())] == ["B"]


def test_seats_of_a_dedicated_class_are_not_in_the_public_numbers(personas: Personas) -> None:
    laid = Ranked.lay(personas)
    laid.programme("A", 5, dedicated=2)
    for at in range(6):
        laid.apply(600 - at, "A")
    laid.apply(300, "A", dedicated=True)
    laid.close()
    (programme,) = list_disclosed(laid.published(), clock.now())
    # Seven asked, six were admitted; five and the ordinary seats are public, as in the public bundle.
    assert (programme.seats, programme.applicants, programme.admitted, programme.last_place) == (5, 7, 5, 5)


def test_pages_follow_each_other_by_code_and_cost_one_query_each(ranked: Ranked) -> None:
    run = ranked.published()
    with statements() as seen:
        first = list_disclosed(run, clock.now(), limit=1)
    with statements() as both:
        list_disclosed(run, clock.now())

    assert len(seen) == len(both)
    second = list_disclosed(run, clock.now(), limit=1, after=first[-1].code)

    assert [programme.code for programme in (*first, *second)] == ["A", "B"]
    assert list_disclosed(run, clock.now(), limit=1, after="B") == []
    assert list_disclosed(run, clock.now(), school=ranked.school("丙校").pk) == []


def test_a_round_is_called_by_number_or_name(ranked: Ranked) -> None:
    assert find_round_by_text("2") == find_round_by_text("第2批") == ranked.round
    with pytest.raises(Refused, match="当前招生季没有批次“9”"):
        find_round_by_text("9")


def test_where_everybody_has_one_choice_a_programme_with_a_dedicated_class_tells_its_seats_only(
    personas: Personas,
) -> None:
    laid = Ranked.lay(personas)
    Round.objects.filter(pk=laid.round.pk).update(max_choices=1)
    laid.programme("A", 9, dedicated=2)
    laid.programme("B", 9)
    for at in range(12):
        laid.apply(600 - at, "AB"[at % 2])
    # The gap that this pupil leaves among the places of A would be of no one else.
    laid.apply(597, "A", dedicated=True)
    laid.close()
    run = laid.published()

    assert list_disclosed(run, clock.now()) == [
        Disclosed("A", "甲市第一职业学校", "专业A", 9, None, None, None, None),
        Disclosed("B", "甲市第一职业学校", "专业B", 9, 6, 6, 6, None),
    ]
    (numbers,) = list_public_numbers(list_public_rounds(personas.season), clock.now())

    assert numbers == Numbers(persons=12, admitted=6, first=None)
    assert build_bundle(run, b"k" * 32).left_out == ["A"]
