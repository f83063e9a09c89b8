"""Conditions on a person and on a programme's free seats, for 免试注册, 换录 and the pages that offer them.

R3.08, R5.02, R6.06. SQL fragments about the programme `l`, the person `me` and the season `s`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from yangguang.postgres.sql import fetch_all
from yangguang.rules.base.refusals import Refused
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.runs import run_states

HAS_CASE = """
EXISTS (SELECT 1 FROM yangguang_identitycase
        WHERE state = 'OPEN' AND (person_id = me.id OR other_id = me.id))
"""
HOLDS_SEAT = """
EXISTS (SELECT 1 FROM live_claim AS c WHERE c.person_root_id = me.root_id AND c.intake_year = s.year)
"""
GAVE_UP = """
EXISTS (SELECT 1 FROM yangguang_admission WHERE application_id = %(application)s AND round_id = %(round)s)
"""
_IN_RUN = f"""
EXISTS (SELECT 1 FROM yangguang_admissionrun AS r
        JOIN yangguang_roundprogramme AS rl ON rl.round_id = r.round_id AND rl.programme_id = l.id
        WHERE r.state IN {render_states(run_states.UNPUBLISHED)}
              AND NOT r.is_what_if)
"""
_IS_WITHHELD = "EXISTS (SELECT FROM yangguang_roundprogramme WHERE programme_id = l.id AND withheld)"
# The freed seats of a published round that keeps a list belong to the list, also before its first refresh.
_IS_WAITED_FOR = """
(EXISTS (SELECT 1 FROM yangguang_waitingplace WHERE programme_id = l.id) OR EXISTS (
    SELECT 1 FROM yangguang_roundprogramme AS rl
    JOIN yangguang_round AS k ON k.id = rl.round_id AND k.keeps_waiting_list
    JOIN yangguang_admissionrun AS r ON r.round_id = k.id AND r.state = 'PUBLISHED'
    WHERE rl.programme_id = l.id
      AND NOT EXISTS (SELECT 1 FROM yangguang_waitinglist AS w WHERE w.round_id = k.id)))
"""
RESERVED = f"""
CASE WHEN {_IN_RUN} THEN 'run' WHEN {_IS_WITHHELD} THEN 'held_back' WHEN {_IS_WAITED_FOR} THEN 'waits' END
"""
"""Why the free seats cannot be taken now: a key of `RESERVATIONS`, or NULL."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """Why a programme's free seats cannot be taken now; `label` is the short form beside the programme."""

    label: str
    what: str
    why: str
    now: str

    def build_refusal(self) -> Refused:
        return Refused(self.what, why=self.why, now=self.now)


RESERVATIONS = {
    "run": Reservation(
        "正在集中录取", "这个专业的名额正在集中录取中", "按志愿录取的结果公布前，名额不能注册", "请在结果公布后再来"
    ),
    "held_back": Reservation(
        "录取结果正在复核",
        "这个专业按志愿录取的结果正在复核",
        "复核办结之前，名额留给按志愿填报的考生",
        "请选择其他专业，或留意后续批次",
    ),
    "waits": Reservation(
        "正在候补递补",
        "这个专业的空余名额正在按候补次序递补",
        "候补的考生排在前面，名额不按先来后到",
        "请选择其他专业，或在候补结束后再来",
    ),
}


def find_reservations(programmes: Collection[int]) -> dict[int, Reservation]:
    """The programmes (row ids) whose free seats cannot be taken now, with the reason; one query."""
    query = f"SELECT l.id, {RESERVED} AS reason FROM yangguang_programme AS l WHERE l.id = ANY(%s)"
    rows = fetch_all(query, (list(programmes),))
    return {row.id: RESERVATIONS[row.reason] for row in rows if row.reason}
