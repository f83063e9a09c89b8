"""The rows of a run's input, written as columns."""

from tests.engine.frozen import FrozenPerson, format_person
from tests.support.builders.origin_rules import RULES_2024
from yangguang.engine.tsv_reader import as_text
from yangguang.gateways.ciphers import sm3
from yangguang.queries.runs.input_columns import format_people
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.eligibility import Gate
from yangguang.rules.runs.lottery import draw

CODES = {7: "甲市第一职业学校-24A001", 8: "甲市第二职业学校-24A001"}
SEED = b"s" * 32


def test_codes_in_chinese_are_spelled_in_full() -> None:
    rows = "".join(f"N{n:03}\tjunior_this_year\t{{600,90}}\t{{7,8}}\t{n}\t\\N\n" for n in range(50))
    gate = Gate(ProgrammeType.THREE_YEAR, StudyForm.FULL_TIME, frozenset(), False, RULES_2024)
    gates = {programme: (code, gate) for programme, code in CODES.items()}

    text = bytes(format_people(b"", as_text(rows.encode()), gates, (), (), SEED)).decode()

    assert text.splitlines()[3].split("\t") == [
        "person",
        "N003",
        "600,90",
        draw(SEED, "N003", sm3),
        "general",
        "0",
        " ".join(CODES.values()),
    ]


def test_points_of_aptitude_tests_are_spelled_as_the_reference_spells_them() -> None:
    """Also for those who are barred, named another programme, or are unknown, and at programmes of another round."""
    origins = {"N1": "junior_this_year", "N2": "junior_this_year", "N3": "veteran", "N4": "junior_this_year"}
    choices = {"N1": (7, 8), "N2": (8,), "N3": (7,), "N4": (8, 7)}
    rows = "".join(
        f"{n}\t{origins[n]}\t{{600,90}}\t{{{','.join(map(str, choices[n]))}}}\t{at}\t\\N\n"
        for at, n in enumerate(origins)
    )
    bonuses = [
        ("N1", 7, 12),
        ("N1", 8, 3),
        ("N2", 7, 5),
        ("N3", 7, 9),
        ("N4", 7, 12),
        ("N4", 9, 2),
        ("N0", 7, 1),
        ("N44", 7, 1),
    ]
    gate = Gate(ProgrammeType.THREE_YEAR, StudyForm.FULL_TIME, frozenset({"junior_this_year"}), False, RULES_2024)
    gates = {programme: (code, gate) for programme, code in CODES.items()}

    text = bytes(format_people(b"", as_text(rows.encode()), gates, (), (), SEED, bonuses)).decode()

    points = {(number, CODES[programme]): given for number, programme, given in bonuses if programme in CODES}
    people = [
        FrozenPerson(
            number,
            "600,90",
            ("general",),
            False,
            tuple((CODES[programme], "origin" if origins[number] == "veteran" else None) for programme in programmes),
            {CODES[programme]: points.get((number, CODES[programme]), 0) for programme in programmes},
        )
        for number, programmes in choices.items()
    ]

    assert text == "".join(format_person(one, SEED) for one in people)
    assert [row.split("\t")[6].count("+") for row in text.splitlines()] == [2, 0, 0, 1]
