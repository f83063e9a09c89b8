"""How the rows of a bundle are named and cut."""

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from yangguang.gateways.ciphers import hmac_sm3
from yangguang.rules.disclosure.anonymity import (
    ConsideredChoice,
    Suppression,
    find_small_programmes,
    masked_code,
    row_id,
    shows_only_failures,
    split_row,
    suppress_small,
)

MAC = partial(hmac_sm3, b"k" * 32)
CHOICES = st.lists(st.sampled_from("ABCDE"), unique=True, max_size=5)


def choices(codes: str, *, got: bool) -> list[ConsideredChoice]:
    return [ConsideredChoice(rank, code, 7, 7, got and rank == len(codes)) for rank, code in enumerate(codes, 1)]


def codes_of(pieces: dict[int, tuple[ConsideredChoice, ...]]) -> dict[int, str]:
    return {piece: "".join(one.code for one in part) for piece, part in pieces.items()}


def test_named_choices_stay_together_and_each_masked_one_stands_alone() -> None:
    assert codes_of(split_row(choices("ABC", got=True), {"B"}, is_cut=False)) == {2: "B", 0: "AC"}
    assert codes_of(split_row(choices("ABC", got=True), {"A", "B", "C"}, is_cut=False)) == {1: "A", 2: "B", 3: "C"}
    assert codes_of(split_row([], set(), is_cut=True)) == {}


def test_only_the_choices_of_applicants_without_a_seat_are_cut_if_they_are_few() -> None:
    assert codes_of(split_row(choices("ABC", got=False), {"B"}, is_cut=True)) == {2: "B", 1: "A", 3: "C"}
    assert codes_of(split_row(choices("ABC", got=True), set(), is_cut=True)) == {0: "ABC"}
    # Without the masked seat this one looks as if there was none, too.
    assert shows_only_failures(choices("ABC", got=True), {"C"})
    assert codes_of(split_row(choices("ABC", got=True), {"C"}, is_cut=True)) == {1: "A", 2: "B", 3: "C"}
    assert not shows_only_failures(choices("A", got=False), set())


@given(CHOICES, st.booleans(), st.sets(st.sampled_from("ABCDE")), st.booleans())
def test_every_choice_is_in_one_row_and_a_seat_ends_its_row(
    codes: list[str], got: bool, masked: set[str], is_cut: bool
) -> None:
    pieces = split_row(choices("".join(codes), got=got), masked, is_cut=is_cut)

    assert sorted(one.code for part in pieces.values() for one in part) == sorted(codes)
    assert all(not one.is_admitted for part in pieces.values() for one in part[:-1])
    assert all(len(part) == 1 or not masked & {one.code for one in part} for part in pieces.values())


def test_ids_differ_by_person_piece_round_and_kind() -> None:
    other = partial(hmac_sm3, b"l" * 32)
    names = [
        row_id(MAC, "N1", 0),
        row_id(MAC, "N1", 1),
        row_id(MAC, "N2", 0),
        row_id(MAC, "N11", 0),
        row_id(other, "N1", 0),
        masked_code(MAC, "N1")[2:],
    ]

    assert len(set(names)) == len(names)
    assert [len(name) for name in names] == [16] * 5 + [12]


def test_none_and_few_look_the_same() -> None:
    assert find_small_programmes({"A": 2, "B": 30, "C": 4, "D": 0, "E": 5}, 5) == {"A", "C", "D"}
    assert find_small_programmes({"A": 5}, 5) == set()


def suppress(**programmes: tuple[int, int]) -> Suppression:
    """What is hidden of programmes with (persons, seats)."""
    return suppress_small(
        {code: number for code, (number, _) in programmes.items()},
        {code: most for code, (_, most) in programmes.items()},
        5,
    )


def test_small_programmes_with_free_seats_hide_each_other() -> None:
    assert suppress(A=(2, 3), B=(0, 3), C=(30, 30)) == Suppression(frozenset("AB"), is_thin=False, has_total=True)
    assert suppress(A=(0, 1), B=(0, 3), C=(7, 9)) == Suppression(frozenset("AB"), is_thin=False, has_total=True)
    assert suppress(C=(7, 9)) == Suppression(frozenset(), is_thin=False, has_total=True)


def test_a_larger_programme_with_free_seats_is_hidden_if_the_total_reveals_the_small_ones() -> None:
    assert suppress(A=(2, 3), B=(9, 11), C=(7, 7), D=(8, 9)) == Suppression(
        frozenset("ADB"), is_thin=True, has_total=True
    )
    # All programmes are full: the total would reveal it.
    assert suppress(A=(1, 1), B=(4, 4), C=(7, 7)) == Suppression(frozenset("AB"), is_thin=True, has_total=False)
    assert suppress(A=(1, 4)) == Suppression(frozenset("A"), is_thin=True, has_total=False)


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.tuples(st.integers(0, 9), st.integers(0, 4))))
def test_neither_total_nor_seats_reveal_that_a_hidden_programme_has_admissions(
    programmes: dict[str, tuple[int, int]],
) -> None:
    admitted = {code: number for code, (number, _) in programmes.items()}
    seats = {code: number + free for code, (number, free) in programmes.items()}
    hidden = suppress_small(admitted, seats, 5)
    small = {code for code, number in admitted.items() if number < 5}

    assert small <= hidden.programmes
    if hidden.has_total:
        shared = sum(admitted[code] for code in hidden.programmes)
        for code in small:
            # Also for a reader who knows which programmes are small.
            others = hidden.programmes - {code}
            assert shared <= sum(min(seats[one], 4) if one in small else seats[one] for one in others)

    assert hidden.is_thin or hidden.has_total
