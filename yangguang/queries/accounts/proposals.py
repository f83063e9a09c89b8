"""Acts that wait for a second person. (F-I6)"""

from django.db.models import QuerySet

from yangguang.models import Proposal
from yangguang.models.base.dual_approval import OPEN
from yangguang.rules.accounts.actors import Actor


def list_open_proposals(by: Actor) -> QuerySet[Proposal]:
    """The open proposals of the actor's unit and below."""
    rows: QuerySet[Proposal] = Proposal.objects.for_actor(by)
    return rows.filter(OPEN).select_related("proposed_by", "unit")


def list_ended_proposals(by: Actor, limit: int) -> list[Proposal]:
    """The proposals that ended without being done, the newest first."""
    rows: QuerySet[Proposal] = Proposal.objects.for_actor(by)
    ended = rows.exclude(ended_at=None).select_related("proposed_by", "unit")
    return list(ended.order_by("-ended_at", "-pk")[:limit])


def find_open_proposal(act: str, content: bytes) -> Proposal | None:
    """The open proposal of this act with this content (`content_of`), None when no one has proposed it."""
    rows: QuerySet[Proposal] = Proposal.objects.filter(OPEN, action=act, content=content)
    return rows.select_related("proposed_by", "unit").first()
