"""How the rows of a bundle are named and cut."""

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from yangguang.gateways.ciphers import hmac_sm3
from yangguang.rules.anonymity import Asked, hidden_lines, line_id, pieces, row_id, told_by_failures

MAC = partial(hmac_sm3, b"k" * 32)
CHOICES = st.lists(st.sampled_from("ABCDE"), unique=True, max_size=5)


def asked(codes: str, *, got: bool) -> list[Asked]:
    return [Asked(rank, code, 7, 7, got and rank == len(codes)) for rank, code in enumerate(codes, 1)]


def codes_of(found: dict[int, tuple[Asked, ...]]) -> dict[int, str]:
    return {piece: "".join(one.code for one in part) for piece, part in found.items()}


def test_named_choices_stay_together_and_each_masked_one_stands_alone() -> None:
    assert codes_of(pieces(asked("ABC", got=True), {"B"}, is_cut=False)) == {2: "B", 0: "AC"}
    assert codes_of(pieces(asked("ABC", got=True), {"A", "B", "C"}, is_cut=False)) == {1: "A", 2: "B", 3: "C"}
    assert codes_of(pieces([], set(), is_cut=True)) == {}


def test_where_few_stay_without_a_seat_their_choices_are_cut_and_nobody_elses() -> None:
    assert codes_of(pieces(asked("ABC", got=False), {"B"}, is_cut=True)) == {2: "B", 1: "A", 3: "C"}
    assert codes_of(pieces(asked("ABC", got=True), set(), is_cut=True)) == {0: "ABC"}
    # Without the masked seat this one looks as if there was none, too.
    assert told_by_failures(asked("ABC", got=True), {"C"})
    assert codes_of(pieces(asked("ABC", got=True), {"C"}, is_cut=True)) == {1: "A", 2: "B", 3: "C"}
    assert not told_by_failures(asked("A", got=False), set())


@given(CHOICES, st.booleans(), st.sets(st.sampled_from("ABCDE")), st.booleans())
def test_every_choice_is_told_once_and_a_seat_ends_its_row(
    codes: list[str], got: bool, masked: set[str], is_cut: bool
) -> None:
    found = pieces(asked("".join(codes), got=got), masked, is_cut=is_cut)
    assert sorted(one.code for part in found.values() for one in part) == sorted(codes)
    assert all(not one.got for part in found.values() for one in part[:-1])
    assert all(len(part) == 1 or not masked & {one.code for one in part} for part in found.values())


def test_ids_differ_by_person_piece_round_and_kind() -> None:
    other = partial(hmac_sm3, b"l" * 32)
    names = [
        row_id(MAC, "N1", 0), row_id(MAC, "N1", 1), row_id(MAC, "N2", 0), row_id(MAC, "N11", 0), row_id(other, "N1", 0),
        line_id(MAC, "N1")[2:],
    ]  # fmt: skip
    assert len(set(names)) == len(names) and [len(name) for name in names] == [16] * 5 + [12]


def test_a_single_hidden_number_takes_the_next_smallest_with_it() -> None:
    assert hidden_lines({"A": 2, "B": 30, "C": 9, "D": 0}, 5) == {"A", "C"}
    assert hidden_lines({"A": 2, "B": 4, "C": 9}, 5) == {"A", "B"}
    assert hidden_lines({"A": 5, "B": 0}, 5) == set()
    assert hidden_lines({"A": 1}, 5) == {"A"}
