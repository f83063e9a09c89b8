"""In the demonstration only: the phone and the key that nobody here has. (settings.DEMO)"""

import json
from typing import Any

from django.conf import settings

from yangguang.gateways.sms import FakeSms
from yangguang.gateways.soft_key import SoftKey
from yangguang.queries.demo import phone_of, soft_key_of
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.base.refusals import StepUpRequired


def newest_text(by: Actor, phone: str = "") -> str:
    """The newest message in the fake outbox to this family's phone, shown on the page as 演示短信."""
    if not settings.GATEWAYS["sms"].endswith(".FakeSms"):
        return ""
    sent = FakeSms().messages(phone or (phone_of(by.account) if by.account else "") or "-")
    return sent[-1].text if sent else ""


def sign(by: Actor, options: dict[str, Any]) -> str:
    """The answer of the demonstration officer's software key, as the browser would send it.

    Raises:
        StepUpRequired: the officer's bound key is not the demonstration's.
    """
    assert by.account is not None
    username, count = soft_key_of(by.account)
    key = SoftKey(username.encode(), settings.PUBLIC_URL.rstrip("/"), sign_count=count)
    if not any(one["id"] == _name(key.credential_id) for one in options.get("allowCredentials", ())):
        raise StepUpRequired("这个账号绑定的不是演示优盾", now="请插入本人的优盾，点“插入优盾并签名”")
    return json.dumps(key.sign(options))


def _name(credential: bytes) -> str:
    from webauthn.helpers import bytes_to_base64url

    return bytes_to_base64url(credential)
