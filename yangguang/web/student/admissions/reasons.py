"""The results as the reason component reads them: chip, sentence, own place, seats, last place. (F-B7, F-N8)"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from yangguang.queries.admissions.waiting_list import OwnPlace
from yangguang.queries.disclosure.bundles import OwnRow
from yangguang.queries.disclosure.results import ChoiceResult, OwnResults
from yangguang.rules.admissions import admission_states
from yangguang.rules.runs.matching_types import ReasonCode

# The look of each verdict; the words are the code's own label.
_LOOKS = {
    ReasonCode.ADMITTED: "done",
    ReasonCode.HIGHER_CHOICE_ADMITTED: "closed",
    ReasonCode.TIED_AT_CUTOFF: "waiting",
}


def shown_rounds(
    results: OwnResults, places: Sequence[OwnPlace] = (), rows: Mapping[UUID, list[OwnRow]] | None = None
) -> list[dict[str, Any]]:
    """One dict a round, the newest first: its choices in order, the places on its waiting list, the own rows of its
    public bundle (None while there is no bundle)."""
    waits = {(one.round_name, one.rank): one for one in places}
    return [
        {
            "name": found.round,
            "at": found.published_at,
            "run": found.run,
            "rank": found.rank,
            "replay": _in_order((rows or {}).get(found.run)),
            "reasons": [
                _shown(choice) | {"waits": waits.get((found.round, choice.rank))} for choice in found.choices
            ],
        }
        for found in reversed(results.rounds)
    ]


def shown_admissions(results: OwnResults) -> list[dict[str, Any]]:
    """Every admission with the words of its state."""
    return [
        {
            "public_id": row.public_id,
            "round": row.round,
            "school": row.school,
            "major": row.major,
            "state": row.state,
            "says": admission_states.TRANSITIONS.states[row.state],
        }
        for row in results.admissions
    ]


def _in_order(rows: list[OwnRow] | None) -> list[OwnRow] | None:
    """The own rows by number of the choice, as the cards above them; the bundle's own order is by piece."""
    return None if rows is None else sorted(rows, key=lambda row: row.rank)


def _shown(choice: ChoiceResult) -> dict[str, Any]:
    reason = choice.reason
    shown = {"rank": choice.rank, "school": choice.school, "major": choice.major, "why": _bare(choice)}
    if reason is None:
        return shown | {"state": "waiting", "says": "暂缓公布", "own": None, "seats": None, "last": None}
    is_barred = reason.code is ReasonCode.BARRED
    return shown | {
        "seats_label": "本专业普通名额" if is_barred else "面向您的名额",
        "state": _LOOKS.get(reason.code, "refused"),
        "says": reason.code.label,
        "own": reason.place,
        "seats": reason.seats,
        "last": reason.last_place,
        "admitted": reason.code is ReasonCode.ADMITTED,
    }


def _bare(choice: ChoiceResult) -> str:
    """The sentence without the number that the card's head says already."""
    return choice.says.removeprefix(f"第{choice.rank}志愿：")
