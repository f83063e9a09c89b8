"""Results as the reason component needs them: state, sentence, own place, seats and last place. (F-B7, F-N8)"""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from yangguang.queries.admissions.waiting_list import OwnPlace
from yangguang.queries.disclosure.bundles import OwnRow
from yangguang.queries.disclosure.results import ChoiceResult, OwnResults
from yangguang.rules.admissions import admission_states
from yangguang.rules.runs.matching_types import ReasonCode

# State of the badge; its label is that of the reason code.
_STATES = {
    ReasonCode.ADMITTED: "done",
    ReasonCode.HIGHER_CHOICE_ADMITTED: "closed",
    ReasonCode.TIED_AT_CUTOFF: "waiting",
}


def build_rounds(
    results: OwnResults, places: Sequence[OwnPlace] = (), rows: Mapping[UUID, list[OwnRow]] | None = None
) -> list[dict[str, Any]]:
    """One dict for each round, the newest first, with its choices in order.

    Args:
        places: on the waiting lists.
        rows: the applicant's own rows in the public bundle of each run that has one.
    """
    by_choice = {(place.round_name, place.rank): place for place in places}
    rounds = []
    for round in reversed(results.rounds):
        own_rows = (rows or {}).get(round.run)
        reasons = [
            _build_reason(choice) | {"waits": by_choice.get((round.round, choice.rank))} for choice in round.choices
        ]
        rounds.append(
            {
                "name": round.round,
                "at": round.published_at,
                "rank": round.rank,
                "replay": None if own_rows is None else sorted(own_rows, key=attrgetter("rank")),
                "reasons": reasons,
            }
        )
    return rounds


def build_admissions(results: OwnResults) -> list[dict[str, Any]]:
    """Every admission with the label of its state."""
    labels = admission_states.TRANSITIONS.states
    return [{"row": row, "label": labels[row.state]} for row in results.admissions]


def _build_reason(choice: ChoiceResult) -> dict[str, Any]:
    reason = choice.reason
    # The card's heading shows the number of the choice already.
    sentence = choice.sentence.removeprefix(f"第{choice.rank}志愿：")
    card = {"rank": choice.rank, "school": choice.school, "major": choice.major, "why": sentence}
    if reason is None:
        return card | {"state": "waiting", "label": "暂缓公布", "own": None, "seats": None, "last": None}
    is_barred = reason.code is ReasonCode.BARRED
    return card | {
        "seats_label": "本专业普通名额" if is_barred else "面向您的名额",
        "state": _STATES.get(reason.code, "refused"),
        "label": reason.code.label,
        "own": reason.place,
        "seats": reason.seats,
        "last": reason.last_place,
        "admitted": reason.code is ReasonCode.ADMITTED,
    }
