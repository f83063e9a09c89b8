"""Publishes notices on the public front page. (S23-2.10)"""

import unicodedata
from datetime import datetime

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Notice
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused

FIELDS = {"title": ("标题", 120), "body": ("正文", 20000), "source": ("来源文件", 200)}


@action("notice.publish", Right.POLICY_NOTICE_PUBLISH, creates=True)
def publish(entry: AuditRecord, *, by: Actor, title: str, body: str, source: str = "") -> Notice:
    """Publish a text in the name of the actor's unit, public at once.

    Raises:
        Refused: an empty or too long field, or invisible characters.
    """
    # A browser sends two characters for the end of a line.
    texts = {"title": title.strip(), "body": body.strip().replace("\r\n", "\n"), "source": source.strip()}
    _check_fields(**texts)
    notice = Notice.objects.create(unit_id=by.require_unit(), published_at=entry.at, **texts)
    entry.set_subject(notice)
    entry.add_facts(length=len(texts["body"]))
    return notice


@publish.preflight
def _(at: datetime, *, by: Actor, title: str, body: str, source: str = "") -> None:
    _check_fields(title=title.strip(), body=body.strip(), source=source.strip())


def _check_fields(**texts: str) -> None:
    for field, text in texts.items():
        _check(field, text)


def _check(field: str, text: str) -> None:
    name, longest = FIELDS[field]
    if not text and field != "source":
        raise Refused(f"没有填写{name}", now=f"请填写{name}后发布", where=field)
    if len(text) > longest:
        raise Refused(f"{name}有{len(text)}字，超过{longest}字", now=f"请缩短{name}", where=field)
    # Control characters except line breaks and tabs, formats (bidi, zero-width), private use and surrogates.
    for c in text:
        if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs"} and c not in "\n\r\t":
            raise Refused(
                f"{name}里有看不见的字符（U+{ord(c):04X}）", now="请删去后重新填写，不要从网页直接粘贴", where=field
            )
