"""First answers: a creating request that comes twice gets the first answer again. (T1.07, X1.03)"""

from typing import Any

from django.apps import apps

from yangguang.models import IdempotencyKey
from yangguang.queries.rows import fetch_one
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.base.refusals import Refused


def first_answer(by: Actor, action: str, content: bytes) -> Any:
    """The row that the same request made before, or None when it is new.

    Raises:
        Refused: the key was used for something else.
    """
    if not by.request_key or by.account is None:
        return None
    # Two copies of a request in flight wait for each other here, so the second finds the first's answer.
    fetch_one("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"{by.account}/{by.request_key}",))
    kept = IdempotencyKey.objects.filter(account=by.account, key=by.request_key).first()
    if kept is None:
        return None
    if kept.action != action or bytes(kept.content) != content:
        raise Refused("这个页面已经用来提交过另一份内容", now="请返回上一页重新打开，再提交一次")
    return apps.get_model("yangguang", kept.answer_model)._default_manager.get(pk=kept.answer_id)


def keep_answer(by: Actor, action: str, content: bytes, row: Any) -> None:
    """Keep the answer beside the request's key."""
    if not by.request_key or by.account is None:
        return
    IdempotencyKey.objects.create(
        account=by.account,
        key=by.request_key,
        action=action,
        content=content,
        answer_model=row._meta.model_name,
        answer_id=row.pk,
    )
