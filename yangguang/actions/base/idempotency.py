"""First answers: a creating request that comes twice gets the first answer again. (T1.07, X1.03)"""

from typing import Any

from django.apps import apps
from django.db import models

from yangguang.models import IdempotencyKey
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.base.refusals import Refused


def find_first_answer(by: Actor, action: str, content: bytes) -> Any:
    """The row that the same request created before, or None when it is new.

    Raises:
        Refused: the key was used for something else.
    """
    if not by.request_key or by.account is None:
        return None
    query = "SELECT * FROM first_answer(%s, %s)"
    first = next(iter(IdempotencyKey.objects.raw(query, [by.account, by.request_key])), None)
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
