"""The results of a run: computed by the engine or by the published reference, hashed and stored set by set."""

import re
from collections import Counter
from contextlib import suppress

import numpy as np

from yangguang.actions.runs.setup import FAST
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
from yangguang.queries.runs.input_format import Frozen, read_frozen
from yangguang.rules.runs.eligibility import DEDICATED
from yangguang.rules.runs.matching_types import Outcome, Placement, Reason, ReasonCode
from yangguang.rules.runs.ranked_round import match_round


def compute_results(plain: bytearray, frozen: Frozen, people: ApplicantColumns, engine: str) -> Results:
    """Match the frozen input.

    Args:
        plain: the frozen text, for the reference.
        engine: FAST or REFERENCE; input that the engine calls irregular goes to the reference, too.
    Raises:
        Refused: the reference's sentence why this input cannot be computed.
    """
    if engine == FAST:
        with suppress(Irregular):
            round = build_problem(people, frozen.seats)
            return build_results(people, round, match_problem(round.problem))
    rows = read_frozen(plain.decode())
    return results_from_outcome(match_round(rows.applicants, rows.seats), people, QuotaTable.from_seats(frozen.seats))


def results_from_outcome(outcome: Outcome, people: ApplicantColumns, table: QuotaTable) -> Results:
    """The rows of the reference as columns."""
    words = {code.value: i for i, code in enumerate(ReasonCode)}
    reasons = [reason for row in outcome.placements for reason in row.reasons]
    return Results(
        table,
        np.array([-1 if row.rank is None else row.rank - 1 for row in outcome.placements], np.int32),
        np.array([_quota_number(row, table) for row in outcome.placements], np.int32),
        np.array([words.setdefault(format_code(reason), len(words)) for reason in reasons], np.int32),
        np.array([reason.place or 0 for reason in reasons], np.int64),
        list(words),
        outcome.cutoffs,
        outcome.flows,
    )


def _quota_number(row: Placement, table: QuotaTable) -> int:
    return -1 if row.programme is None or row.quota is None else table.numbers[row.programme - 1, row.quota]


def format_code(reason: Reason) -> str:
    """How a reason is stored: its code, and what barred the applicant."""
    return f"{reason.code.value}:{reason.barred}" if reason.code is ReasonCode.BARRED else reason.code.value


def hash_results(people: ApplicantColumns, codes: list[str], results: Results) -> str:
    """SM3 in hex of the list: 报名号, rank, programme code, quota and reason codes, sorted by 报名号; no row ids.

    `queries.audit.invariants.runs.digest_result` computes the same from rows.
    """
    columns = [
        spell_words(people.numbers),
        spell_integers(_ranks(results), "-"),
        pick_cells(codes, _programmes(people, results), "-"),
        pick_cells(results.quotas.code, results.quota, "-"),
        join_cells(pick_cells(results.words, results.reason), people.first, ","),
    ]
    text = write_rows(columns, [*"\t" * 4, "\n"])
    return sm3(text.data if len(text) else b"\n").hex()


def _ranks(results: Results) -> Shorts:
    """int32[N]; the rank of the choice admitted, from 1, or −1."""
    return np.where(results.choice < 0, np.int32(-1), results.choice + 1)


def _programmes(people: ApplicantColumns, results: Results) -> Shorts:
    """int32[N]; the programme of the choice admitted, from 0, or −1."""
    admitted = results.choice >= 0
    programme = np.full(len(results.choice), -1, np.int32)
    programme[admitted] = people.programme[people.first[:-1][admitted] + results.choice[admitted]]
    return programme


_IDS = """
SELECT l.code, l.id AS programme_id, b.code AS quota, b.id AS quota_id FROM yangguang_roundprogramme AS rl
JOIN yangguang_programme AS l ON l.id = rl.programme_id
JOIN yangguang_quota AS b ON b.programme_id = l.id WHERE rl.round_id = %s
"""
_APPLICATIONS = "SELECT number, id FROM yangguang_application WHERE season_id = %(season)s"
_CUTOFF = ("run_id", "programme_id", "quota_id", "seats", "applicants", "admitted", "last_place", "last_score")
_PLACEMENT = ("run_id", "application_id", "rank", "programme_id", "quota_id", "programmes", "codes", "places")


def find_row_ids(run: AdmissionRun, codes: list[str]) -> tuple[dict[int, int], dict[tuple[int, str], int]]:
    """Row id of each programme by its number from 1, and of each quota by that and its code."""
    numbers = {code: n for n, code in enumerate(codes, 1)}
    rows = [row for row in fetch_all(_IDS, (run.round_id,)) if row.code in numbers]
    programmes = {numbers[row.code]: row.programme_id for row in rows}
    return programmes, {(numbers[row.code], row.quota): row.quota_id for row in rows}


def store_results(run: AdmissionRun, people: ApplicantColumns, codes: list[str], results: Results) -> None:
    """Store placements and cutoffs by COPY, in place of what an interrupted try stored."""
    for table in ("placement", "cutoff"):
        execute(f"DELETE FROM yangguang_{table} WHERE run_id = %s", (run.pk,))
    programmes, quotas = find_row_ids(run, codes)
    copy_in(
        "yangguang_cutoff",
        _CUTOFF,
        (
            f"{run.pk}\t{programmes[c.programme]}\t{quotas[c.programme, c.quota]}\t{c.seats}\t{c.applicants}"
            f"\t{c.admitted}\t{NULL if c.last_place is None else c.last_place}\t{array(c.last_score or ())}"
            for c in results.cutoffs
        ),
    )
    applications = _applications(run, people)
    programme_ids = [str(programmes[number]) for number in range(1, len(codes) + 1)]
    quota_ids = [str(quotas[programme + 1, code]) for programme, code in results.quotas.numbers]
    places = np.where(results.place > 0, results.place, -1)
    columns = [
        pick_cells([str(run.pk)], np.zeros(len(applications), np.int64)),
        spell_integers(applications),
        spell_integers(_ranks(results), NULL),
        pick_cells(programme_ids, _programmes(people, results), NULL),
        pick_cells(quota_ids, results.quota, NULL),
        join_cells(pick_cells(programme_ids, people.programme), people.first, ","),
        join_cells(pick_cells(results.words, results.reason), people.first, ","),
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


def count_results(people: ApplicantColumns, codes: list[str], results: Results) -> dict[str, object]:
    """The numbers of a run; `open`: those that may be public, without the pupils of dedicated classes."""
    ordinary = np.array([kinds != DEDICATED for kinds in people.kind_sets], np.bool_)[people.kinds]
    return {
        "persons": len(people.numbers),
        "choices": len(people.programme),
        "programmes": len(codes),
        "seats": sum(cutoff.seats for cutoff in results.cutoffs),
        **_placed(results.choice),
        "open": {"persons": int(ordinary.sum()), **_placed(results.choice[ordinary])},
    }


def _placed(choice: Shorts) -> dict[str, object]:
    ranks = Counter((choice[choice >= 0] + 1).tolist())
    return {"placed": ranks.total(), "by_choice": {str(rank): ranks[rank] for rank in sorted(ranks)}}


def name_programmes(sentence: str, codes: list[str]) -> str:
    """The sentence with codes of programmes in place of their numbers in the frozen text."""
    names = dict(enumerate(codes, 1))
    return re.sub(r"计划行(\d+)", lambda match: f"计划行{names.get(int(match[1]), match[1])}", sentence)
