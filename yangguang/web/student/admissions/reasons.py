"""Results as the reason component needs them: state, sentence, own place, seats and last place. (F-B7, F-N8)"""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from uuid import UUID

from yangguang.postgres.sql import Row
from yangguang.queries.disclosure.bundles import OwnRow
from yangguang.queries.disclosure.results import ChoiceResult, OwnResults
from yangguang.rules.runs.matching_types import ReasonCode

# State of the badge; its label is that of the reason code.
_STATES = {
    ReasonCode.ADMITTED: "done",
    ReasonCode.HIGHER_CHOICE_ADMITTED: "closed",
    ReasonCode.TIED_AT_CUTOFF: "waiting",
}


def build_rounds(
    results: OwnResults, places: Sequence[Row], own_rows: Mapping[UUID, list[OwnRow]]
) -> list[dict[str, object]]:
    """One dict for each round, the newest first, with its choices in order.

    Args:
        places: on the waiting lists.
        own_rows: the applicant's own rows in the public bundle of each run that has one.
    """
    by_choice = {(place.round_name, place.rank): place for place in places}
    return [
        {
            "name": round.round,
            "at": round.published_at,
            "rank": round.rank,
            "replay": sorted(own_rows[round.run], key=attrgetter("rank")) if round.run in own_rows else None,
            "reasons": [
                _build_reason(choice) | {"waits": by_choice.get((round.round, choice.rank))} for choice in round.choices
            ],
        }
        for round in reversed(results.rounds)
    ]


def _build_reason(choice: ChoiceResult) -> dict[str, object]:
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
