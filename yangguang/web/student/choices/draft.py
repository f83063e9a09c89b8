"""The draft of one round: where it starts from, and what one press makes of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict

from yangguang.models import Application, ChoiceVersion, Round
from yangguang.queries.applicants.student_home import versions
from yangguang.queries.choices.programme_options import (
    OpenRound,
    ProgrammeOption,
    offer_named,
    offers_of,
    round_now,
)
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.base.refusals import Refused


@dataclass(frozen=True)
class Draft:
    """The choices as they lie on the table.

    Args:
        offers: in order. last: the version in force in this round, or None.
        is_draft: whether this differs from what is in force.
    """

    application: Application
    round: Round
    offers: list[ProgrammeOption]
    last: ChoiceVersion | None
    is_draft: bool

    @property
    def programmes(self) -> list[int]:
        return [offer.pk for offer in self.offers]

    @property
    def chosen(self) -> list[dict[str, str]]:
        """For the choices component; ids are public."""
        return [
            {
                "id": offer.public_id,
                "name": offer.name,
                "note": offer.summary,
                "warning": offer.why_not or offer.warning,
            }
            for offer in self.offers
        ]

    @property
    def room(self) -> int:
        """How many choices may still be added."""
        return max(self.round.max_choices - len(self.offers), 0)

    @property
    def public_ids(self) -> set[str]:
        return {offer.public_id for offer in self.offers}


def picked(rounds: list[OpenRound], number: int) -> OpenRound | None:
    """The round of this number; 0 is the one that matters now."""
    return round_now(rounds) if number == 0 else next((r for r in rounds if r.round.number == number), None)


def open_first(rounds: list[OpenRound]) -> list[OpenRound]:
    """What can be done now stands in front; the order stays otherwise."""
    return sorted(rounds, key=lambda found: not found.is_open)


def draft_in(by: Actor, application: Application, round: Round, at: datetime) -> Draft:
    """The saved draft, else what is in force in this round, else nothing."""
    last = versions(by, application).filter(round=round).first()
    in_force = list(last.programmes) if last else []
    drafted = application.drafted_at is not None
    found = offers_of(round, list(application.draft_programmes) if drafted else in_force, application, at)
    if not found and application.draft_programmes and in_force:  # The draft is of another round.
        found = offers_of(round, in_force, application, at)
    return Draft(application, round, found, last, [offer.pk for offer in found] != in_force)


def final_in(by: Actor, application: Application, round: Round, at: datetime) -> Draft:
    """After the window: what is in force; `is_draft` then says that a draft was never submitted."""
    left = draft_in(by, application, round, at)
    in_force = list(left.last.programmes) if left.last else []
    return replace(left, offers=offers_of(round, in_force, application, at)) if left.is_draft else left


def moved(asked: QueryDict, draft: Draft, at: datetime) -> list[int]:
    """The programmes after one press.

    Args:
        asked: `order` = public ids in the order on the page; one of `up`, `down`, `drop`, `add` = a public id.
    Raises:
        Refused: the programme to add is not of this round, or there is no room for it.
    """
    known = {offer.public_id: offer.pk for offer in draft.offers}
    named = [one for one in dict.fromkeys(asked.getlist("order")) if one in known]
    order: list[Any] = named + [one for one in known if one not in named]
    for press, step in (("up", -1), ("down", 1)):
        if (one := asked.get(press, "")) in order:
            at_now = order.index(one)
            to = min(max(at_now + step, 0), len(order) - 1)
            order.insert(to, order.pop(at_now))
    order = [one for one in order if one != asked.get("drop")]
    programmes = [known[one] for one in order]
    return programmes + _added(asked.get("add", ""), programmes, draft, at)


def _added(public_id: str, programmes: list[int], draft: Draft, at: datetime) -> list[int]:
    if not public_id:
        return []
    offer = offer_named(draft.round, public_id, draft.application, at)
    if offer is None:
        raise Refused("这个专业不在本批次的招生计划中", now="请从本批次的专业中选择")
    if offer.pk in programmes:
        return []
    if len(programmes) >= draft.round.max_choices:
        raise Refused(f"本批次最多填报{draft.round.max_choices}个志愿", now="请先移除一个，再加入新的")
    if offer.why_not:
        raise Refused(f"“{offer.name}”不能加入：{offer.why_not}", now="请选择其他专业")
    return [offer.pk]
