"""What waits for a second person: whose wish, since when, and whether it is exactly what is asked for now. (I6)"""

from django.db.models import QuerySet

from yangguang.models import Proposal
from yangguang.rules.accounts.actors import Actor


def waiting(by: Actor) -> QuerySet[Proposal]:
    """The open wishes of the actor's unit and below, the oldest first."""
    rows: QuerySet[Proposal] = Proposal.objects.for_actor(by)
    return rows.filter(done_at=None).select_related("proposed_by", "unit")


def same_wish(act: str, content: bytes) -> Proposal | None:
    """The open wish for this very act and content, if somebody has asked for it already."""
    found: Proposal | None = (
        Proposal.objects.filter(action=act, content=content, done_at=None)
        .select_related("proposed_by", "unit")
        .first()
    )
    return found
