"""The answers of a run: computed by the engine or by the published reference, hashed and stored set by set."""

import re
from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from yangguang.actions.runs.setup import FAST, REFERENCE
from yangguang.engine.input import ApplicantColumns, Irregular, build_problem
from yangguang.engine.matcher import match_problem
from yangguang.engine.problem import Ints, Shorts
from yangguang.engine.quota_table import QuotaTable
from yangguang.engine.results import Results, build_results
from yangguang.engine.tsv_reader import as_text, find_cells, read_integers, read_words
from yangguang.engine.tsv_writer import join_cells, pick_cells, spell_integers, spell_words, write_rows
from yangguang.gateways.ciphers import sm3
from yangguang.models import AdmissionRun
from yangguang.postgres.copy import NULL, array, copy_in, copy_in_text, copy_out_text
from yangguang.postgres.sql import execute, fetch_all
from yangguang.queries.runs.input_format import Frozen, read
from yangguang.rules.runs.eligibility import DEDICATED
from yangguang.rules.runs.matching_types import Outcome, Placement, Reason, ReasonCode
from yangguang.rules.runs.ranked_round import match_round


def answer(plain: bytearray, frozen: Frozen, people: ApplicantColumns, engine: str) -> Results:
    """Match the frozen input.

    Args:
        plain: the frozen text, for the reference.
        engine: FAST or REFERENCE. What the engine calls irregular is given to the reference, too: it knows the
            sentence.
    Raises:
        Refused: the reference's sentence why this input cannot be computed.
    """
    if engine == FAST:
        try:
            posed = build_problem(people, frozen.seats)
        except Irregular:
            engine = REFERENCE
        else:
            return build_results(people, posed, match_problem(posed.problem))
    rows = read(plain.decode())
    return of_outcome(match_round(rows.applicants, rows.seats), people, QuotaTable.from_seats(frozen.seats))


def of_outcome(outcome: Outcome, people: ApplicantColumns, table: QuotaTable) -> Results:
    """The rows of the reference as columns."""
    spelled = {word: i for i, word in enumerate([code.value for code in ReasonCode])}
    reason, place = np.empty(len(people.programme), np.int32), np.zeros(len(people.programme), np.int64)
    slot = 0
    for row in outcome.placements:
        for said in row.reasons:
            reason[slot] = spelled.setdefault(code_of(said), len(spelled))
            place[slot] = said.place or 0
            slot += 1
    return Results(
        table,
        np.array([-1 if row.rank is None else row.rank - 1 for row in outcome.placements], np.int32),
        np.array([_quota_number(row, table) for row in outcome.placements], np.int32),
        reason,
        place,
        list(spelled),
        outcome.cutoffs,
        outcome.flows,
    )


def _quota_number(row: Placement, table: QuotaTable) -> int:
    return -1 if row.programme is None or row.quota is None else table.numbers[row.programme - 1, row.quota]


def code_of(reason: Reason) -> str:
    """How a reason is stored: its code, with what barred the person."""
    return f"{reason.code.value}:{reason.barred}" if reason.code is ReasonCode.BARRED else reason.code.value


def output_hash(placements: tuple[Placement, ...], codes: list[str]) -> str:
    """SM3 of the list: 报名号, rank, line code, quota and reason codes, sorted by 报名号; no row id is in it.

    `hash_of` computes the same from columns.
    """
    rows = sorted(
        "\t".join(
            [
                row.number,
                _text(row.rank),
                "-" if row.programme is None else codes[row.programme - 1],
                row.quota or "-",
                ",".join(map(code_of, row.reasons)),
            ]
        )
        for row in placements
    )
    return sm3(("\n".join(rows) + "\n").encode()).hex()


def hash_of(people: ApplicantColumns, codes: list[str], found: Results) -> str:
    """`output_hash` of columns; the people stand in the order of their numbers already."""
    columns = [
        spell_words(people.numbers),
        spell_integers(_ranks(found), "-"),
        pick_cells(codes, _programmes(people, found), "-"),
        pick_cells(found.quotas.code, found.quota, "-"),
        join_cells(pick_cells(found.words, found.reason), people.first, ","),
    ]
    text = write_rows(columns, [*"\t" * 4, "\n"])
    return sm3(text.data if len(text) else b"\n").hex()


def _ranks(found: Results) -> Shorts:
    """int32[N]; the rank of the choice admitted, from 1, or −1."""
    return np.where(found.choice < 0, np.int32(-1), found.choice + 1)


def _programmes(people: ApplicantColumns, found: Results) -> Shorts:
    """int32[N]; the programme of the choice admitted, from 0, or −1."""
    admitted = found.choice >= 0
    programme = np.full(len(found.choice), -1, np.int32)
    programme[admitted] = people.programme[people.first[:-1][admitted] + found.choice[admitted]]
    return programme


_IDS = """
SELECT l.code, l.id, b.code, b.id FROM yangguang_roundprogramme AS rl
JOIN yangguang_programme AS l ON l.id = rl.programme_id
JOIN yangguang_quota AS b ON b.programme_id = l.id WHERE rl.round_id = %s
"""
_APPLICATIONS = "SELECT number, id FROM yangguang_application WHERE season_id = %(season)s"
_CUT = ("run_id", "programme_id", "quota_id", "seats", "applicants", "admitted", "last_place", "last_score")
_PLACEMENT = ("run_id", "application_id", "rank", "programme_id", "quota_id", "programmes", "codes", "places")


def ids_of(run: AdmissionRun, codes: list[str]) -> tuple[dict[int, int], dict[tuple[int, str], int]]:
    """Row id of each line by its number from 1, and of each quota by that and its code."""
    at = {code: n for n, code in enumerate(codes, 1)}
    lines, quotas = {}, {}
    for code, line, kind, quota in fetch_all(_IDS, (run.round_id,)):
        if code in at:
            lines[at[code]] = line
            quotas[at[code], kind] = quota
    return lines, quotas


def store(run: AdmissionRun, people: ApplicantColumns, codes: list[str], found: Results) -> None:
    """Placements and cuts, by COPY. What a try that was cut off left is removed first."""
    for table in ("placement", "cutoff"):
        execute(f"DELETE FROM yangguang_{table} WHERE run_id = %s", (run.pk,))
    lines, quotas = ids_of(run, codes)
    copy_in(
        "yangguang_cutoff",
        _CUT,
        (
            f"{run.pk}\t{lines[c.programme]}\t{quotas[c.programme, c.quota]}\t{c.seats}\t{c.applicants}\t{c.admitted}"
            f"\t{_text(c.last_place, NULL)}\t{array(c.last_score or ())}"
            for c in found.cutoffs
        ),
    )
    applications = _applications(run, people)
    line_ids = [str(lines[number]) for number in range(1, len(codes) + 1)]
    quota_ids = [str(quotas[programme + 1, code]) for programme, code in found.quotas.numbers]
    places = np.where(found.place > 0, found.place, -1)
    columns = [
        pick_cells([str(run.pk)], np.zeros(len(applications), np.int64)),
        spell_integers(applications),
        spell_integers(_ranks(found), NULL),
        pick_cells(line_ids, _programmes(people, found), NULL),
        pick_cells(quota_ids, found.quota, NULL),
        join_cells(pick_cells(line_ids, people.programme), people.first, ","),
        join_cells(pick_cells(found.words, found.reason), people.first, ","),
        join_cells(spell_integers(places, "NULL"), people.first, ","),
    ]
    # In the order of the applications: their index grows at its end, and each of their pages is visited once.
    order = np.argsort(applications)
    ends = [*"\t" * 4, "\t{", "}\t{", "}\t{", "}\n"]
    copy_in_text("yangguang_placement", _PLACEMENT, write_rows([cells.take(order) for cells in columns], ends).data)
    # The planner must not take the new rows of a province for a handful.
    execute("ANALYZE yangguang_placement, yangguang_cutoff")


def _applications(run: AdmissionRun, people: ApplicantColumns) -> Ints:
    """Row ids by 报名号.

    Raises:
        KeyError: a number that the season does not have any more.
    """
    text = as_text(copy_out_text(_APPLICATIONS, {"season": run.round.season_id}))
    number_cells, ids = find_cells(text, 2)
    numbers = read_words(number_cells)
    order = np.argsort(numbers)
    at = order[np.minimum(np.searchsorted(numbers[order], people.numbers), max(len(order) - 1, 0))]
    if (numbers[at] != people.numbers).any():
        raise KeyError(people.numbers[numbers[at] != people.numbers][0])
    return read_integers(ids)[at]


def count(people: ApplicantColumns, codes: list[str], found: Results) -> dict[str, Any]:
    """The numbers of a run; `open` holds those that may be public, without the pupils of dedicated classes."""
    special = [kinds == DEDICATED for kinds in people.kind_sets]
    ordinary = ~np.array(special, np.bool_)[people.kinds]
    return {
        "persons": len(people.numbers),
        "choices": len(people.programme),
        "programmes": len(codes),
        "seats": sum(cut.seats for cut in found.cutoffs),
        **_placed(found.choice),
        "open": {"persons": int(ordinary.sum()), **_placed(found.choice[ordinary])},
    }


def _placed(choice: npt.NDArray[np.int32]) -> dict[str, Any]:
    ranks = Counter((choice[choice >= 0] + 1).tolist())
    return {"placed": ranks.total(), "by_choice": {str(rank): ranks[rank] for rank in sorted(ranks)}}


def with_codes(says: str, codes: list[str]) -> str:
    """The sentence with line codes in place of the running numbers of the frozen text."""

    def named(found: re.Match[str]) -> str:
        at = int(found[1])
        return f"计划行{codes[at - 1]}" if 0 < at <= len(codes) else found[0]

    return re.sub(r"计划行(\d+)", named, says)


def _text(value: int | None, nothing: str = "-") -> str:
    return nothing if value is None else str(value)
