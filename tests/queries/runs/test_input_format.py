"""The frozen text: one spelling for one input, and back again without loss."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.frozen import FrozenPerson, format_text
from tests.rules.oracle import instances
from yangguang.gateways.ciphers import sm3
from yangguang.models import AdmissionRun
from yangguang.queries.runs import input_format
from yangguang.queries.runs.input_format import FrozenProgramme
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.lottery import draw
from yangguang.rules.runs.matching_types import Applicant, Choice

SEED = b"s" * 32
PROGRAMMES = (
    FrozenProgramme("L2", (Quota("general", 3, Mode.AT_LEAST, 1, None, Tie.ALL_WAIT),), None, False, None),
    FrozenProgramme(
        "L1",
        (
            Quota("general", 2, Mode.AT_LEAST, 2, None, Tie.LOTTERY),
            Quota("dedicated", 1, Mode.AT_MOST, 1, "general", Tie.LOTTERY),
        ),
        2,
        True,
        2,
    ),
)
PEOPLE = (
    FrozenPerson("N1", "600,110", ("general",), False, (("L2", None), ("L1", "stopped"))),
    FrozenPerson("N2", "", ("dedicated",), True, (("L1", "has_seat"),)),
)
TESTED = replace(PEOPLE[0], bonus={"L2": 15, "L1": 20}), replace(PEOPLE[1], bonus={"L1": 7})


def text(people: tuple[FrozenPerson, ...] = PEOPLE) -> str:
    return format_text((2024, "AUTUMN", 2, "ranked"), "c0ffee", PROGRAMMES, people, SEED)


def test_the_text_is_spelled_as_documented() -> None:
    one, two = (draw(SEED, number, sm3) for number in ("N1", "N2"))
    assert text().splitlines() == [
        "yangguang-run\t1",
        "round\t2024\tAUTUMN\t2\tranked",
        "lottery\tc0ffee",
        "programme\tL1\t2\t1\t2",
        "quota\tL1\tdedicated\t1\tat_most\t1\tgeneral\tlottery",
        "quota\tL1\tgeneral\t2\tat_least\t2\t-\tlottery",
        "programme\tL2\t-\t0\t-",
        "quota\tL2\tgeneral\t3\tat_least\t1\t-\tall_wait",
        f"person\tN1\t600,110\t{one}\tgeneral\t0\tL2 L1:stopped",
        f"person\tN2\t\t{two}\tdedicated\t1\tL1:has_seat",
    ]


def test_a_bonus_stands_at_its_programme_and_only_where_the_person_is_ranked() -> None:
    assert text(TESTED) == text().replace("\tL2 L1:stopped", "\tL2+15 L1:stopped")

    one, two = input_format.read_frozen(text(TESTED)).applicants

    assert [choice.score for choice in (*one.choices, *two.choices)] == [(615, 110), (600, 110), ()]


def test_the_text_of_a_round_without_bonuses_has_a_fixed_hash() -> None:
    """Protects the bytes of format 1 from now on: a change needs a new format id, as stored runs would lose their hash.

    No production data existed before this text, so that the hash says nothing about earlier texts of format 1, which
    spelled "line" for "programme".
    """
    digest = input_format.pack(text().encode())[1]

    assert digest == "e94997f5a7a818e6f01f988e41a3a65bc76d9960a1312f7136c7f58bd8cd1164"


def test_reading_gives_the_rows_of_the_rules() -> None:
    frozen = input_format.read_frozen(text())
    one, two = (draw(SEED, number, sm3) for number in ("N1", "N2"))

    assert frozen.codes == ["L1", "L2"]
    dedicated, general = PROGRAMMES[1].quotas[1], PROGRAMMES[1].quotas[0]

    assert frozen.seats == [ProgrammeSeats(1, (dedicated, general), 2), ProgrammeSeats(2, PROGRAMMES[0].quotas, None)]
    assert frozen.applicants == [
        Applicant(
            "N1", (Choice(2, (600, 110), one, ("general",), None), Choice(1, (600, 110), one, ("general",), "stopped"))
        ),
        Applicant("N2", (Choice(1, (), two, ("dedicated",), "has_seat"),)),
    ]
    assert (frozen.stopped, frozen.capped, frozen.locked) == ({1}, {1: 2}, {"N2"})
    assert (frozen.special, frozen.commitment) == ({"dedicated": {"N2"}}, "c0ffee")


def test_a_changed_snapshot_is_noticed() -> None:
    packed, digest = input_format.pack(text().encode())
    run = AdmissionRun(pk=1, snapshot=packed, input_hash=digest)

    assert input_format.unpack(run).decode() == text()
    run.snapshot = input_format.pack(text().replace("600", "601").encode())[0]
    with pytest.raises(ValueError, match="is not the one that was hashed"):
        input_format.unpack(run)
    with pytest.raises(ValueError, match="has no snapshot"):
        input_format.unpack(AdmissionRun(pk=2))


@given(instances(), st.randoms(use_true_random=False))
def test_programmes_may_come_in_any_order(instance: object, chance: object) -> None:
    _, seats = instance  # type: ignore[misc]
    programmes = [FrozenProgramme(f"L{s.programme}", s.quotas, s.cap, False, None) for s in seats]
    expected = input_format.format_head((1,), "", programmes)

    chance.shuffle(programmes)  # type: ignore[attr-defined]

    assert input_format.format_head((1,), "", programmes) == expected
