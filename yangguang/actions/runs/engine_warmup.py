"""Compiles the engine's loops in advance, by a round of two applicants."""

import numpy as np

from yangguang.actions.runs.results import hash_results
from yangguang.engine.input import build_problem
from yangguang.engine.matcher import compile_loops, match_problem
from yangguang.engine.results import build_results
from yangguang.engine.tsv_reader import as_text
from yangguang.engine.verifier import StoredResult, count_violations
from yangguang.gateways.ciphers import sm3
from yangguang.queries.runs.input_columns import format_people, read_columns
from yangguang.queries.runs.input_format import FrozenProgramme, format_head
from yangguang.rules.applicants.origins import Origin, OriginRule, StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.quotas import Mode, Quota, Tie
from yangguang.rules.runs.eligibility import DEDICATED, ORDINARY, Gate
from yangguang.rules.runs.lottery import commitment
from yangguang.rules.runs.published_properties import Drawing

_SEED = bytes(32)
_KIND = ProgrammeType.THREE_YEAR, StudyForm.FULL_TIME
_RULES = {one: OriginRule(one, frozenset(ProgrammeType), frozenset(StudyForm)) for one in Origin}
_GATE = Gate(*_KIND, frozenset(Origin), stopped=False, rules=_RULES)


def warm() -> None:
    """Run every loop that a run needs; the compiled code is stored for the next process (`engine.jit`)."""
    compile_loops()
    quota = Quota(ORDINARY[0], 1, Mode.AT_LEAST, 1, None, Tie.LOTTERY)
    programme = FrozenProgramme("A", (quota,), None, stopped=False, sanction_cap=None)
    drawing = Drawing(_SEED, commitment(_SEED, sm3), sm3)
    head = format_head((2024, "AUTUMN", 1, "ranked"), drawing.commitment, [programme])
    rows = "".join(f"N{n}\t{Origin.JUNIOR_THIS_YEAR.value}\t{{{n},{n}}}\t{{7}}\t{n}\t\\N\n" for n in (1, 2))
    choices = as_text(bytearray(rows.encode()))
    text = format_people(head, choices, {7: ("A", _GATE)}, (), (), _SEED, [("N1", 7, 2)])
    frozen, people = read_columns(bytearray(text))
    round = build_problem(people, frozen.seats)
    results = build_results(people, round, match_problem(round.problem))
    hash_results(people, frozen.codes, results)
    number = np.where(results.choice >= 0, 0, -1).astype(np.int32)
    ranks, codes = results.choice.astype(np.int64) + 1, [ORDINARY[0], ""]
    stored = StoredResult(np.arange(2, dtype=np.int32), ranks, number, number, codes)
    count_violations(people, frozen.seats, stored, stopped=set(), capped={}, drawing=drawing, special=DEDICATED[0])
