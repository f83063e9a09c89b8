"""First answers: a request that comes twice is done once and gets the first answer again. (T1.07, X1.03)"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from yangguang.models import IdempotencyKey
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.base.refusals import Refused


@dataclass(frozen=True)
class PageRequest:
    """The last step of a confirmation, for an act that creates no row.

    Args:
        digest: of the page that was sent; the same page sent twice has the same digest (64 characters).
        locate: from the act's result to the address that the answer leads to, "" when it is a page itself.
    """

    digest: str
    locate: Callable[[object], str]


class AlreadyDone(Exception):
    """This page was sent before and its act is done; `location` is where the first answer led."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def find_location(by: Actor, digest: str) -> str:
    """Where the first answer to this page led, "" when it is new; waits for a copy that is being executed."""
    first = _find(by, digest) if by.account is not None else None
    return "" if first is None else first.location


def store_location(by: Actor, action: str, content: bytes, page: PageRequest, result: object) -> None:
    """Store where the answer leads, in the transaction of the act."""
    if by.account is not None and (location := page.locate(result)):
        IdempotencyKey.objects.create(
            account=by.account, key=page.digest, action=action, content=content, location=location
        )


def find_first_answer(by: Actor, action: str, content: bytes) -> Any:
    """The row that the same request created before, or None when it is new.

    Raises:
        Refused: the key was used for something else.
    """
    if not by.request_key or by.account is None:
        return None
    first = _find(by, by.request_key)
    if first is None:
        return None
    if first.action != action or bytes(first.content) != content:
        raise Refused("这个页面已经用来提交过另一份内容", now="请返回上一页重新打开，再提交一次")
    return apps.get_model("yangguang", first.answer_model)._default_manager.get(pk=first.answer_id)


def store_first_answer(by: Actor, action: str, content: bytes, row: models.Model) -> None:
    """Store the row beside the request's key."""
    if by.request_key and by.account is not None:
        IdempotencyKey.objects.create(
            account=by.account,
            key=by.request_key,
            action=action,
            content=content,
            answer_model=str(row._meta.model_name),
            answer_id=row.pk,
        )


def _find(by: Actor, key: str) -> IdempotencyKey | None:
    rows = IdempotencyKey.objects.raw("SELECT * FROM first_answer(%s, %s)", [by.account, key])
    return next(iter(rows), None)
