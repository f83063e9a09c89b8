"""Sends queued messages, each once even if a job is killed and run again. (T3.23, F-H2)"""

from collections import Counter
from typing import NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.gateways.sms import NotSent, Sms
from yangguang.models.base.fields import Sealed, stars
from yangguang.postgres.sql import Row, execute, fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused

MAX_TRIES = 5

# The rows are locked until the transaction ends, and other senders skip them.
_DUE = """
SELECT m.id, m.text, m.tries, CASE WHEN g.id IS NULL THEN c.phone ELSE g.phone END AS phone,
       g.id IS NOT NULL AS to_guardian
FROM yangguang_message AS m
JOIN yangguang_person AS p ON p.id = m.person_id
JOIN yangguang_account AS c ON c.id = p.account_id
LEFT JOIN yangguang_guardian AS g ON g.id = m.guardian_id
WHERE m.state = 'QUEUED'
ORDER BY m.id
LIMIT %s
FOR UPDATE OF m SKIP LOCKED
"""
_UPDATE = """
UPDATE yangguang_message AS m SET state = t.state, tries = m.tries + 1, provider_id = t.provider_id
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(providers)s::text[]) AS t(id, state, provider_id)
WHERE m.id = t.id
"""


class Batch(NamedTuple):
    """How many messages of a batch were sent, failed finally, and stay queued."""

    sent: int
    failed: int
    queued: int


@action("message.send_due", Right.MESSAGE_SEND)
def send_due(entry: AuditRecord, *, by: Actor, limit: int = 500) -> Batch:
    """Send up to `limit` queued messages.

    A message is sent before its row is updated. If the process is killed between the two, the next run sends the
    same reference again, and the provider answers with the first delivery.

    Raises:
        Refused: the limit is not positive.
    """
    if limit < 1:
        raise Refused("每批至少发送一条消息", where="limit")
    sms: Sms = import_string(settings.GATEWAYS["sms"])()
    answers = [_send(sms, row) for row in fetch_all(_DUE, (limit,))]
    if answers:
        ids, states, providers = (list(column) for column in zip(*answers, strict=True))
        execute(_UPDATE, {"ids": ids, "states": states, "providers": providers})
    counts = Counter(state for _, state, _ in answers)
    batch = Batch(counts["SENT"], counts["FAILED"], counts["QUEUED"])
    entry.add_facts(SENT=batch.sent, FAILED=batch.failed, QUEUED=batch.queued)
    return batch


def _send(sms: Sms, row: Row) -> tuple[int, str, str]:
    """Send one message; returns its row id, its new state and the provider's number."""
    if row.phone is None:
        return row.id, "FAILED", ""
    place = "yangguang_guardian.phone" if row.to_guardian else "yangguang_account.phone"
    number = Sealed(bytes(row.phone), place, stars).reveal()
    try:
        return row.id, "SENT", sms.send(number, row.text, f"message-{row.id}").provider_id
    except NotSent as refusal:
        return row.id, ("QUEUED" if refusal.again and row.tries + 1 < MAX_TRIES else "FAILED"), ""
