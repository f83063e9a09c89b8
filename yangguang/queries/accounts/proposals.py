"""What waits for a second person: proposed by whom, since when, and whether it is what is asked for now. (F-I6)"""

from django.db.models import QuerySet

from yangguang.models import Proposal
from yangguang.rules.accounts.actors import Actor


def waiting(by: Actor) -> QuerySet[Proposal]:
    """The open proposals of the actor's unit and below, the oldest first."""
    rows: QuerySet[Proposal] = Proposal.objects.for_actor(by)
    return rows.filter(done_at=None).select_related("proposed_by", "unit")


def proposal_of(act: str, content: bytes) -> Proposal | None:
    """The open proposal of this act with this content, None as long as nobody has made it."""
    found: Proposal | None = (
        Proposal.objects.filter(action=act, content=content, done_at=None).select_related("proposed_by", "unit").first()
    )
    return found
