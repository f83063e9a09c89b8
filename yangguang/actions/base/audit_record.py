"""What an action records in the log, and the digest that binds a code or signature to its act."""

import json
from datetime import date, datetime
from decimal import Decimal

from django.db import models

from yangguang import clock
from yangguang.gateways.ciphers import sm3
from yangguang.rules.accounts.actors import Actor


class AuditRecord:
    """The one audit entry of a running action."""

    __slots__ = ("_at", "action", "by", "facts", "person", "subject")

    def __init__(self, action: str, by: Actor) -> None:
        self.action, self.by = action, by
        self.subject, self.person = "", None if len(by.people) != 1 else by.people[0]
        self.facts: dict[str, object] = {}
        self._at: datetime | None = None

    @property
    def at(self) -> datetime:
        """The database's clock in this transaction; read once."""
        if self._at is None:
            self._at = clock.now()
        return self._at

    @at.setter
    def at(self, value: datetime) -> None:
        self._at = value

    def set_subject(self, subject: models.Model | str, person: int | None = None) -> None:
        """Name the subject, and the person (row id) whose data this touches; else the person of the subject."""
        self.subject = subject if isinstance(subject, str) else name_of(subject)
        if person is not None:
            self.person = person
        elif isinstance(subject, models.Model) and hasattr(subject, "person_id"):
            self.person = subject.person_id

    def add_facts(self, **facts: object) -> None:
        """Add facts for the log's sentence. Never a name, number or phone of a person."""
        self.facts.update(facts)


def name_of(row: models.Model) -> str:
    """The name of a row in the log: "plan:0190…"."""
    return f"{row._meta.model_name}:{getattr(row, 'public_id', None) or row.pk}"


def content_of(action: str, arguments: dict[str, object]) -> bytes:
    """SM3 over an act and its arguments, so that a code or signature for one act is valid for no other.

    Args:
        arguments: without the actor and the version. `rows` that come with the `digest` of their file are a stream
            and are represented by it.
    """
    if "digest" in arguments:
        arguments = {name: value for name, value in arguments.items() if name != "rows"}
    return sm3(f"{action}\n{_canonical(arguments)}".encode())


def _canonical(value: object) -> str:
    """One spelling for one content: sorted keys, no spaces, rows by name."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, models.Model):
        return name_of(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return sm3(value).hex()
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "__iter__"):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
