"""The stored list against the ten promises: counted on arrays, and said in sentences where a count is not 0."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from yangguang.actions.runs.results import ids_of, with_codes
from yangguang.engine.input import ApplicantColumns
from yangguang.engine.problem import Ints, Shorts
from yangguang.engine.tsv_reader import Text, as_text, find_cells, number_distinct, read_integers, read_words
from yangguang.engine.verifier import StoredResult, count_violations
from yangguang.models import AdmissionRun
from yangguang.postgres.copy import NULL, copy_out_text
from yangguang.queries.runs.input_format import Frozen, read
from yangguang.rules.runs.eligibility import DEDICATED
from yangguang.rules.runs.matching_types import Placement
from yangguang.rules.runs.published_properties import Drawing, Property, PropertyState, PropertyVerdict, Report
from yangguang.rules.runs.verification import verify

SHOWN = 200
"""Violations kept word for word; their number is kept whole."""
# Row ids of lines and quotas, so that nothing but the 报名号 has to be looked up.
_STORED = """
SELECT a.number, s.rank, s.programme_id, s.quota_id FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id WHERE s.run_id = %(run)s
"""


class Untrustworthy(RuntimeError):
    """The two verifiers count differently, or rows name a line the input does not have: nothing may rest on it."""


def verdict_on(
    run: AdmissionRun, plain: bytearray, frozen: Frozen, people: ApplicantColumns, drawing: Drawing
) -> Report:
    """Check the rows that are stored for the run against its frozen input.

    Raises:
        Untrustworthy: the published verifier does not count what the fast one counted, or a row is of another round.
    """
    stored = as_text(copy_out_text(_STORED, {"run": run.pk}))
    lines, quotas = ids_of(run, frozen.codes)
    result = result_of(stored, people, frozen, lines, quotas)
    if (result.programme == len(frozen.codes)).any():
        raise Untrustworthy("所存结果中有本批次没有的计划行，本次运算作废，请联系运维")
    broken = count_violations(
        people,
        frozen.seats,
        result,
        stopped=frozen.stopped,
        capped=frozen.capped,
        drawing=drawing,
        special=DEDICATED[0],
    )
    if not any(broken.values()):
        verdicts = tuple(PropertyVerdict(promise, PropertyState.HELD, promise.label, 0) for promise in Property)
        return Report(verdicts, (), frozenset())
    rows = read(plain.decode())
    report = verify(
        rows.applicants,
        rows.seats,
        placements(stored, rows.codes, lines, quotas),
        stopped=rows.stopped,
        capped=rows.capped,
        drawing=drawing,
        locked=rows.locked,
        special=rows.special,
    )
    if counted := {v.property: v.violations for v in report.verdicts if v.violations != broken[v.property]}:
        said = "、".join(f"{name.value}：{broken[name]}与{number}" for name, number in counted.items())
        raise Untrustworthy(f"两套核验程序的结论不一致（{said}），本次运算作废，请联系运维")
    return report


def result_of(
    stored: Text, people: ApplicantColumns, frozen: Frozen, lines: dict[int, int], quotas: dict[tuple[int, str], int]
) -> StoredResult:
    """The stored rows as columns of numbers of the frozen input; what it does not know gets a number beyond."""
    number_cells, ranks, line_cells, quota_cells = find_cells(stored, 4)
    numbers = read_words(number_cells)
    persons = len(people.numbers)
    at = np.searchsorted(people.numbers, numbers).astype(np.int32)
    known = at < persons
    known[known] = people.numbers[at[known]] == numbers[known]
    strangers = np.flatnonzero(~known)
    at[strangers] = persons + number_distinct(number_cells.take(strangers))[0]
    line = _lines(read_integers(line_cells), [lines.get(n, -2) for n in range(1, len(frozen.codes) + 1)])
    kinds = {code for quota_set in people.kind_sets for code in quota_set}
    kinds |= {code for _, code in quotas} | {b.code for row in frozen.seats for b in row.quotas}
    codes = [*sorted(kinds), ""]
    named = {row: codes.index(code) for (_, code), row in quotas.items()}
    number, spelled = number_distinct(quota_cells)
    code = [-1 if text == NULL else named.get(int(text), len(codes) - 1) for text in spelled]
    quota = np.array(code, np.int32)[number] if code else number
    return StoredResult(at, read_integers(ranks), line, quota, codes)


def _lines(row_id: Ints, ids: list[int]) -> Shorts:
    """Number of each line from 0; −1 for NULL, and one more than the last for a row id that is not there."""
    known = np.array([*ids, np.iinfo(np.int64).max], np.int64)
    order = np.argsort(known)
    at = order[np.searchsorted(known[order], row_id)]
    return np.where(row_id < 0, -1, np.where(known[at] == row_id, at, len(ids))).astype(np.int32)


def placements(
    stored: Text, codes: list[str], lines: dict[int, int], quotas: dict[tuple[int, str], int]
) -> Iterator[Placement]:
    """The same rows for the published verifier; a line that the frozen input does not have becomes line 0."""
    at = {row: n for n, row in lines.items()}
    named = {row: code for (_, code), row in quotas.items()}
    for row in stored.tobytes().decode().splitlines():
        number, rank, line, quota = row.split("\t")
        if line == NULL:
            yield Placement(number, None, None, None)
        else:
            code = "" if quota == NULL else named.get(int(quota), "")
            yield Placement(number, None if rank == NULL else int(rank), at.get(int(line), 0), code)


def spelled(report: Report, codes: list[str]) -> dict[str, Any]:
    """What is kept of the verification; lines by code, so that it can be read without the frozen text."""
    return {
        "held": report.is_valid,
        "complete": report.is_complete,
        "verdicts": [
            {"property": v.property.value, "state": v.state.value, "says": v.statement, "count": v.violations}
            for v in report.verdicts
        ],
        "violations": [
            {
                "property": v.property.value,
                "line": None if v.programme is None else codes[v.programme - 1],
                "number": v.number,
                "says": with_codes(v.sentence, codes),
            }
            for v in report.violations[:SHOWN]
        ],
        "held_back": sorted(codes[line - 1] for line in report.held_back),
    }
