"""Acts that wait for a second person. (F-I6)"""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from yangguang.models import Proposal
from yangguang.models.base.dual_approval import OPEN
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.dual_approval import EXPIRED
from yangguang.rules.seasons import policy_keys


def list_open_proposals(by: Actor) -> QuerySet[Proposal]:
    """The open proposals of the actor's unit and below."""
    rows: QuerySet[Proposal] = Proposal.objects.for_actor(by)
    return rows.filter(OPEN).select_related("proposed_by", "unit")


def list_ended_proposals(by: Actor, limit: int) -> list[Proposal]:
    """The proposals that ended without being done, the newest first."""
    rows: QuerySet[Proposal] = Proposal.objects.for_actor(by)
    ended = rows.exclude(ended_at=None).select_related("proposed_by", "unit")
    return list(ended.order_by("-ended_at", "-pk")[:limit])


def list_expired_proposals(at: datetime) -> QuerySet[Proposal]:
    """The open proposals that are older than the rule row allows."""
    rows: QuerySet[Proposal] = Proposal.objects.filter(OPEN)
    return rows.filter(proposed_at__lte=at - _span(at))


def count_lapsed_proposals(by: Actor, at: datetime) -> int:
    """How many proposals of the actor's own lapsed lately: as long ago as a proposal may wait."""
    rows = Proposal.objects.filter(proposed_by=by.account, end_reason=EXPIRED)
    return rows.filter(unit=by.unit, ended_at__gt=at - _span(at)).count()


def count_second_signatures(by: Actor, most: int) -> int:
    """How many open proposals of others wait within the actor's reach; `most` when there are more."""
    return len(list_open_proposals(by).exclude(proposed_by=by.account)[:most])


def _span(at: datetime) -> timedelta:
    return timedelta(days=rule_at(at, policy_keys.PROPOSAL_DAYS).value)


def find_open_proposal(act: str, content: bytes) -> Proposal | None:
    """The open proposal of this act with this content (`content_of`), None when no one has proposed it."""
    rows: QuerySet[Proposal] = Proposal.objects.filter(OPEN, action=act, content=content)
    return rows.select_related("proposed_by", "unit").first()
