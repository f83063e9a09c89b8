"""The stored list against the published properties: counted on arrays, with sentences where a count is not 0."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from yangguang.actions.runs.results import find_row_ids, name_programmes
from yangguang.actions.runs.setup import get_drawing
from yangguang.engine.input import ApplicantColumns
from yangguang.engine.problem import Ints, Shorts
from yangguang.engine.tsv_reader import Text, as_text, find_cells, number_distinct, read_integers, read_words
from yangguang.engine.verifier import StoredResult, count_violations
from yangguang.gateways.ciphers import sm3
from yangguang.models import AdmissionRun
from yangguang.postgres.copy import NULL, copy_out_text
from yangguang.queries.runs.input_columns import read_columns
from yangguang.queries.runs.input_format import Frozen, read_frozen, unpack
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs.eligibility import DEDICATED
from yangguang.rules.runs.matching_types import Placement
from yangguang.rules.runs.published_properties import Drawing, Property, PropertyState, PropertyVerdict, Report
from yangguang.rules.runs.verification import verify

MOST_VIOLATIONS = 200
"""Violations stored with their sentence; the number of all is stored, too."""
# Row ids of programmes and quotas, so that nothing but the 报名号 has to be looked up.
_STORED = """
SELECT a.number, s.rank, s.programme_id, s.quota_id FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id WHERE s.run_id = %(run)s
"""


# The list as it was hashed (`results.hash_results`), from the rows that are stored now.
_LIST = """
SELECT a.number, coalesce(s.rank::text, '-'), coalesce(l.code, '-'), coalesce(q.code, '-'),
       array_to_string(s.codes, ',')
FROM yangguang_placement AS s JOIN yangguang_application AS a ON a.id = s.application_id
LEFT JOIN yangguang_programme AS l ON l.id = s.programme_id LEFT JOIN yangguang_quota AS q ON q.id = s.quota_id
WHERE s.run_id = %(run)s ORDER BY a.number COLLATE "C"
"""


class Untrustworthy(RuntimeError):
    """The two verifiers count differently, or a row names a programme that the input does not have."""


def verify_stored(
    run: AdmissionRun, plain: bytearray, frozen: Frozen, people: ApplicantColumns, drawing: Drawing
) -> Report:
    """Check the rows that are stored for the run against its frozen input.

    Raises:
        Untrustworthy: the published verifier does not count what the fast one counted, or a row is of another round.
    """
    stored = as_text(copy_out_text(_STORED, {"run": run.pk}))
    programmes, quotas = find_row_ids(run, frozen.codes)
    result = read_result(stored, people, frozen, programmes, quotas)
    if (result.programme == len(frozen.codes)).any():
        raise Untrustworthy("所存结果中有本批次没有的计划行，本次运算作废，请联系运维")
    sanctions: dict[str, Any] = {"stopped": frozen.stopped, "capped": frozen.capped}
    counts = count_violations(people, frozen.seats, result, **sanctions, drawing=drawing, special=DEDICATED[0])
    if not any(counts.values()):
        verdicts = tuple(PropertyVerdict(one, PropertyState.HOLDS, one.label, 0) for one in Property)
        return Report(verdicts, (), frozenset())
    rows = read_frozen(plain.decode())
    placements = list_placements(stored, rows.codes, programmes, quotas)
    rules = {name: getattr(rows, name) for name in ("stopped", "capped", "locked", "special")}
    report = verify(rows.applicants, rows.seats, placements, drawing=drawing, **rules)
    if differing := [v for v in report.verdicts if v.violations != counts[v.property]]:
        named = "、".join(f"{v.property.value}：{counts[v.property]}与{v.violations}" for v in differing)
        raise Untrustworthy(f"两套核验程序的结论不一致（{named}），本次运算作废，请联系运维")
    return report


def require_intact(run: AdmissionRun) -> None:
    """Raise Refused unless the stored list is the one that was computed and verified.

    A person who can write to the database could move an applicant between the verification and the publication; so
    the list is hashed again, and the verifier counts again and must find what the report says.
    """
    try:
        is_intact = _hash_stored(run) == run.output_hash and _agrees_with_report(run)
    except (ValueError, Untrustworthy):
        is_intact = False
    if not is_intact:
        raise Refused(
            f"第{run.number}次运算的结果与核验时不一致，不能公布",
            why="核验之后，数据库里的结果或冻结输入被改动过",
            now="请重新运算，并请审计人员查明是谁改动的",
        )


def _hash_stored(run: AdmissionRun) -> str:
    text = copy_out_text(_LIST, {"run": run.pk})
    return sm3(text or b"\n").hex()


def _agrees_with_report(run: AdmissionRun) -> bool:
    plain = unpack(run)
    frozen, people = read_columns(plain)
    report = verify_stored(run, plain, frozen, people, get_drawing(run.round, trial=run.is_what_if))
    counts = {verdict.property.value: verdict.violations for verdict in report.verdicts}
    withheld = {frozen.codes[programme - 1] for programme in report.withheld}
    # More may be withheld than the verifier demands.
    reported = {verdict["property"]: verdict["count"] for verdict in run.report["verdicts"]}
    return counts == reported and withheld <= set(run.report["held_back"])


def read_result(
    stored: Text,
    people: ApplicantColumns,
    frozen: Frozen,
    programmes: dict[int, int],
    quotas: dict[tuple[int, str], int],
) -> StoredResult:
    """The stored rows as columns of numbers of the frozen input; what it does not have gets a number beyond."""
    number_cells, ranks, programme_cells, quota_cells = find_cells(stored, 4)
    numbers = read_words(number_cells)
    persons = len(people.numbers)
    person = np.searchsorted(people.numbers, numbers).astype(np.int32)
    known = person < persons
    known[known] = people.numbers[person[known]] == numbers[known]
    unknown = np.flatnonzero(~known)
    person[unknown] = persons + number_distinct(number_cells.take(unknown))[0]
    ids = [programmes.get(n, -2) for n in range(1, len(frozen.codes) + 1)]
    kinds = {code for kind_set in people.kind_sets for code in kind_set}
    kinds |= {code for _, code in quotas} | {quota.code for row in frozen.seats for quota in row.quotas}
    codes = [*sorted(kinds), ""]
    code_of_id = {str(row): codes.index(code) for (_, code), row in quotas.items()} | {NULL: -1}
    number, texts = number_distinct(quota_cells)
    quota = np.array([code_of_id.get(text, len(codes) - 1) for text in texts], np.int32)[number]
    return StoredResult(person, read_integers(ranks), _number_ids(read_integers(programme_cells), ids), quota, codes)


def _number_ids(row_id: Ints, ids: list[int]) -> Shorts:
    """Number of each programme from 0; −1 for NULL, and one more than the last for an unknown row id."""
    known = np.array([*ids, np.iinfo(np.int64).max], np.int64)
    order = np.argsort(known)
    at = order[np.searchsorted(known[order], row_id)]
    return np.where(row_id == -1, -1, np.where(known[at] == row_id, at, len(ids))).astype(np.int32)


def list_placements(
    stored: Text, codes: list[str], programmes: dict[int, int], quotas: dict[tuple[int, str], int]
) -> Iterator[Placement]:
    """The same rows for the published verifier; a programme that the frozen input does not have becomes number 0."""
    number_of_id = {str(row): n for n, row in programmes.items()}
    code_of_id = {str(row): code for (_, code), row in quotas.items()}
    for row in stored.tobytes().decode().splitlines():
        number, rank, programme, quota = row.split("\t")
        if programme == NULL:
            yield Placement(number, None, None, None)
        else:
            own_rank = None if rank == NULL else int(rank)
            yield Placement(number, own_rank, number_of_id.get(programme, 0), code_of_id.get(quota, ""))


def format_report(report: Report, codes: list[str]) -> dict[str, object]:
    """What is stored of the verification; programmes by code, so that it can be read without the frozen text."""
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
                "says": name_programmes(v.sentence, codes),
            }
            for v in report.violations[:MOST_VIOLATIONS]
        ],
        "held_back": sorted(codes[programme - 1] for programme in report.withheld),
    }
