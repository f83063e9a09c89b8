"""Sending the ledger's messages: each once, whatever is killed and run again. (T3.23, F-H2)"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.gateways.sms import NotSent, Sms
from yangguang.models.base.fields import Sealed, stars
from yangguang.postgres.sql import execute, fetch_all
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused

TRIES = 5

# Locked until the end of the transaction and skipped by every other sender; a killed one lets go of them all.
_DUE = """
SELECT m.id, m.text, m.tries, coalesce(g.phone, c.phone), g.id IS NOT NULL
FROM yangguang_message AS m
JOIN yangguang_person AS p ON p.id = m.person_id
JOIN yangguang_account AS c ON c.id = p.account_id
LEFT JOIN yangguang_guardian AS g ON g.id = m.guardian_id
WHERE m.state = 'QUEUED'
ORDER BY m.id
LIMIT %s
FOR UPDATE OF m SKIP LOCKED
"""
_TOLD = """
UPDATE yangguang_message AS m SET state = t.state, tries = m.tries + 1, provider_id = t.provider_id
FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(providers)s::text[]) AS t(id, state, provider_id)
WHERE m.id = t.id
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a batch (messages): `again` stays in the queue for a later try."""

    sent: int
    failed: int
    again: int


@action("message.send_due", Right.MESSAGE_SEND)
def send_due(entry: AuditRecord, *, by: Actor, limit: int = 500) -> Told:
    """Send up to `limit` waiting messages.

    A message goes out before its row says so. When the process dies between the two, the next run sends the
    same reference again, and the provider answers with the first delivery instead of a second one.

    Raises:
        Refused: the limit is not positive.
    """
    if limit < 1:
        raise Refused("每批至少发送一条消息", where="limit")
    sms: Sms = import_string(settings.GATEWAYS["sms"])()
    answers = [_send(sms, *row) for row in fetch_all(_DUE, (limit,))]
    if answers:
        ids, states, providers = (list(column) for column in zip(*answers, strict=True))
        execute(_TOLD, {"ids": ids, "states": states, "providers": providers})
    counted = {state: sum(one[1] == state for one in answers) for state in ("SENT", "FAILED", "QUEUED")}
    entry.add_facts(**counted)
    return Told(counted["SENT"], counted["FAILED"], counted["QUEUED"])


def _send(
    sms: Sms, message: int, text: str, tries: int, phone: Any, to_guardian: bool
) -> tuple[int, str, str]:
    if phone is None:
        return message, "FAILED", ""
    place = "yangguang_guardian.phone" if to_guardian else "yangguang_account.phone"
    number = Sealed(bytes(phone), place, stars).reveal()
    try:
        return message, "SENT", sms.send(number, text, f"message-{message}").provider_id
    except NotSent as refusal:
        return message, ("QUEUED" if refusal.again and tries + 1 < TRIES else "FAILED"), ""
