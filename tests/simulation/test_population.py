"""Simulated students: reproducible, unreal, unique, mixed as a season is, and quick to make."""

import tracemalloc
from collections import Counter
from datetime import date
from itertools import islice, pairwise
from time import perf_counter

import pytest

from yangguang.reference import rows
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.id_number import age_on, read
from yangguang.rules.base.names import clean_name, clean_phone
from yangguang.simulation.distributions import HAVE_SCORES, Track
from yangguang.simulation.population import MAX_STUDENTS, generate_students

SIX_THOUSAND = list(generate_students(6000, seed=2024))
JULY = date(2024, 7, 1)


def share(count: int) -> float:
    return count / len(SIX_THOUSAND)


def test_the_same_seed_gives_the_same_students_and_a_longer_list_begins_with_the_shorter() -> None:
    assert list(islice(generate_students(50000, seed=2024), 6000)) == SIX_THOUSAND
    assert next(generate_students(1, seed=2025)) != SIX_THOUSAND[0]


def test_no_number_lies_under_a_place_code_that_was_ever_given_out() -> None:
    given = {row["code"][:2] for row in rows("china_divisions")}

    assert {s.id_number[:2] for s in SIX_THOUSAND} == {"49"}
    assert "49" not in given | {"81", "82", "83", "91"}


def test_no_phone_lies_in_a_range_of_an_operator() -> None:
    """154 is the one prefix between 150 and 159 that no operator has."""
    phones = {s.phone for s in SIX_THOUSAND} | {s.guardian_phone for s in SIX_THOUSAND if s.guardian_phone}

    assert {phone[:3] for phone in phones} == {"154"}
    assert all(clean_phone(phone) == phone for phone in phones)


def test_every_number_holds_birth_and_sex_of_the_person() -> None:
    for s in SIX_THOUSAND:
        number = read(s.id_number, at=JULY)
        assert (number.number, number.birth, number.sex) == (s.id_number, s.birth, s.sex)


def test_every_name_is_one_the_platform_keeps_as_it_is() -> None:
    assert all(clean_name(s.name) == s.name for s in SIX_THOUSAND)
    assert all(not s.guardian_name or clean_name(s.guardian_name) == s.guardian_name for s in SIX_THOUSAND)


def test_rare_characters_and_names_of_two_parts_occur() -> None:
    assert any("·" in s.name for s in SIX_THOUSAND)
    assert any(ord(c) > 0xFFFF for s in SIX_THOUSAND for c in s.name)
    assert any(len(s.name) == 2 for s in SIX_THOUSAND)


def test_numbers_are_unique_and_a_phone_is_shared_by_brothers_and_sisters_only() -> None:
    assert len({s.id_number for s in SIX_THOUSAND}) == 6000

    counts = Counter(s.phone for s in SIX_THOUSAND)

    assert set(counts.values()) == {1, 2}

    shared = [(a, b) for a, b in pairwise(SIX_THOUSAND) if a.phone == b.phone]

    assert len(shared) == sum(n == 2 for n in counts.values())
    assert all((a.guardian_name, a.home) == (b.guardian_name, b.home) for a, b in shared)

    guardians = Counter(s.guardian_phone for s in SIX_THOUSAND if s.guardian_phone)

    assert not set(guardians) & set(counts)
    assert max(guardians.values()) == 2


def test_minors_have_a_guardian_and_adults_have_none() -> None:
    assert all(bool(s.guardian_name) == bool(s.guardian_phone) == (age_on(s.birth, JULY) < 18) for s in SIX_THOUSAND)
    assert any(age_on(s.birth, JULY) < 14 for s in SIX_THOUSAND)


def test_ages_fit_the_origin() -> None:
    def ages(origin: Origin) -> set[int]:
        return {age_on(s.birth, JULY) for s in SIX_THOUSAND if s.origin is origin}

    assert ages(Origin.JUNIOR_THIS_YEAR) <= set(range(12, 18))
    assert min(ages(Origin.WORKER) | ages(Origin.FARMER) | ages(Origin.VETERAN)) >= 18
    assert {s.origin for s in SIX_THOUSAND} == set(Origin)


def test_only_graduates_with_a_track_that_ranks_carry_a_score() -> None:
    for s in SIX_THOUSAND:
        ranks = s.track in {Track.RANKED, Track.IMPORTED_3_2, Track.IMPORTED_FIVE_YEAR}
        assert (s.score is not None) == ranks
        assert s.score is None or s.origin in HAVE_SCORES
        assert not s.track.startswith("imported") or s.origin is Origin.JUNIOR_THIS_YEAR


def test_scores_lie_in_their_range_and_tie_often() -> None:
    scores = [s.score for s in SIX_THOUSAND if s.score]

    assert all(0 <= part <= 120 for s in scores for part in (s.chinese, s.maths, s.english))
    assert all(0 <= s.total - s.chinese - s.maths - s.english <= 240 for s in scores)
    assert len({s.total for s in scores}) < len(scores) / 5
    assert len(set(scores)) < len(scores)


def test_homes_are_counties_of_the_unit_tree_and_mostly_of_zhengzhou() -> None:
    counties = {row["code"] for row in rows("units") if row["level"] == "COUNTY"}

    assert {s.home for s in SIX_THOUSAND} <= counties
    assert 0.85 < share(sum(s.home.startswith("4101") for s in SIX_THOUSAND)) < 0.95


def test_the_mix_is_that_of_a_season() -> None:
    tracks = Counter(s.track for s in SIX_THOUSAND)

    assert set(tracks) == set(Track)
    assert tracks[Track.RANKED] > 3000
    assert 0.002 < share(sum(bool(s.special_needs) for s in SIX_THOUSAND)) < 0.008
    assert {s.special_needs for s in SIX_THOUSAND} == {"", "MAINSTREAM", "DEDICATED_CLASS"}

    for trait, expected in (("submits_again", 0.25), ("misses_answer", 0.04), ("is_no_show", 0.05)):
        assert abs(share(sum(getattr(s, trait) for s in SIX_THOUSAND)) - expected) < 0.02

    assert 0.01 < share(sum(s.reports_error for s in SIX_THOUSAND)) < 0.03


def test_some_try_again_with_another_spelling_of_the_same_number() -> None:
    again = [s for s in generate_students(40000, seed=2024) if s.spelling]

    assert all(s.spelling != s.id_number and read(s.spelling).number == s.id_number for s in again)
    assert {s.spelling.endswith("x") for s in again} == {True, False}
    assert sum(bool(s.spelling) for s in SIX_THOUSAND) >= 5


def test_more_students_than_there_are_numbers_are_refused() -> None:
    with pytest.raises(ValueError):
        next(generate_students(MAX_STUDENTS + 1, seed=1))
    with pytest.raises(ValueError):
        next(generate_students(-1, seed=1))


def test_students_are_generated_one_by_one_and_quickly() -> None:
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in generate_students(2000, seed=1):
        pass
    memory = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()

    assert memory < 100_000

    started = perf_counter()
    numbers = {s.id_number for s in generate_students(20_000, seed=1)}

    assert len(numbers) == 20_000
    assert perf_counter() - started < 4
