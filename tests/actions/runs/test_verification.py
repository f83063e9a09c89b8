"""What is stored of a verification: verdicts, and violations that name their programme by its code."""

import numpy as np

from yangguang.actions.runs.verification import MOST_VIOLATIONS, _number_ids, format_report, list_placements
from yangguang.engine.tsv_reader import as_text
from yangguang.rules.runs.matching_types import Placement
from yangguang.rules.runs.published_properties import Property, PropertyState, PropertyVerdict, Report, Violation


def report(*violations: Violation) -> Report:
    broken = PropertyState.BROKEN if violations else PropertyState.HOLDS
    verdict = PropertyVerdict(Property.P1, broken, "没有人被挤占", len(violations))
    return Report((verdict,), violations, frozenset(v.programme for v in violations if v.programme))


def test_a_violation_is_stored_with_the_code_of_its_programme_or_none() -> None:
    stored = format_report(
        report(Violation(Property.P1, 2, "N2", "计划行2还空着"), Violation(Property.P1, None, "N3", "计划行9不明")),
        ["甲校护理", "乙校会计"],
    )

    assert stored == {
        "held": False,
        "complete": True,
        "verdicts": [{"property": "P1", "state": "broken", "says": "没有人被挤占", "count": 2}],
        "violations": [
            {"property": "P1", "line": "乙校会计", "number": "N2", "says": "计划行乙校会计还空着"},
            {"property": "P1", "line": None, "number": "N3", "says": "计划行9不明"},
        ],
        "held_back": ["乙校会计"],
    }


def test_of_many_violations_the_first_are_stored() -> None:
    many = [Violation(Property.P1, 1, f"N{n}", "x") for n in range(MOST_VIOLATIONS + 1)]

    stored = format_report(report(*many), ["A"])["violations"]

    assert isinstance(stored, list)
    assert (len(stored), stored[-1]["number"]) == (MOST_VIOLATIONS, f"N{MOST_VIOLATIONS - 1}")


def test_a_stored_placement_outside_the_frozen_input_is_number_0() -> None:
    rows = as_text(bytearray(b"N1\t2\t70\t700\nN2\t\\N\t71\t701\nN3\t1\t\\N\t\\N\nN4\t1\t99\t700\n"))

    placements = list_placements(rows, ["A", "B"], {1: 70, 2: 71}, {(1, "general"): 700, (2, "rural"): 701})

    assert list(placements) == [
        Placement("N1", 2, 1, "general"),
        Placement("N2", None, 2, "rural"),
        Placement("N3", None, None, None),
        Placement("N4", 1, 0, "general"),
    ]


def test_row_ids_become_numbers_and_none_and_unknown_ones_differ() -> None:
    numbers = _number_ids(np.array([70, -1, 90, 50]), [50, 70])

    assert numbers.tolist() == [1, -1, 2, 0]
