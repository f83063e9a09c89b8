"""Compiling the engine's loops before anybody waits for a run: a made-up round of two people goes through them all."""

import numpy as np

from yangguang.actions.runs.results import hash_of
from yangguang.engine.input import build_problem
from yangguang.engine.matcher import compile_loops, match_problem
from yangguang.engine.results import build_results
from yangguang.engine.tsv_reader import as_text
from yangguang.engine.verifier import StoredResult, count_violations
from yangguang.gateways.ciphers import sm3
from yangguang.queries.runs.input_columns import read_columns, spell_people
from yangguang.queries.runs.input_format import FrozenProgramme, spell
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.quotas import Mode, Quota, Tie
from yangguang.rules.runs.eligibility import DEDICATED, ORDINARY, Gate
from yangguang.rules.runs.lottery import commitment
from yangguang.rules.runs.verification import Drawing

_SEED = bytes(32)
_GATE = Gate(ProgrammeType.THREE_YEAR, StudyForm.FULL_TIME, frozenset(Origin), False)


def warm() -> None:
    """Go through every loop that a run needs; what is compiled is kept for the next process (`engine.jit`)."""
    compile_loops()
    line = FrozenProgramme("A", (Quota(ORDINARY[0], 1, Mode.AT_LEAST, 1, None, Tie.LOTTERY),), None, False, None)
    drawing = Drawing(_SEED, commitment(_SEED, sm3), sm3)
    head = "\n".join([*spell((2024, "AUTUMN", 1, "ranked"), drawing.commitment, [line], (), _SEED), ""])
    asked = "".join(f"N{n}\t{Origin.JUNIOR_THIS_YEAR.value}\t{{{n},{n}}}\t{{7}}\t{n}\t\\N\n" for n in (1, 2))
    read = as_text(bytearray(asked.encode()))
    text = spell_people(head.encode(), read, {7: ("A", _GATE)}, (), (), _SEED, [("N1", 7, 2)])
    frozen, people = read_columns(bytearray(text))
    posed = build_problem(people, frozen.seats)
    found = build_results(people, posed, match_problem(posed.problem))
    hash_of(people, frozen.codes, found)
    line_of = np.where(found.choice >= 0, 0, -1).astype(np.int32)
    result = StoredResult(
        np.arange(2, dtype=np.int32), found.choice.astype(np.int64) + 1, line_of, line_of, [ORDINARY[0], ""]
    )
    count_violations(people, frozen.seats, result, stopped=set(), capped={}, drawing=drawing, special=DEDICATED[0])
