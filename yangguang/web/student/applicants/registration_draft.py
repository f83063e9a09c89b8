"""What a family has typed of its registration so far: encrypted in its own session, gone when submitted or left."""

import base64
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yangguang.gateways import ciphers
from yangguang.models.base.fields import seal

_KEY = "registration"
_SENT = "registration_sent"
_PLACE = "session.registration"
HALFWAY = "halfway"
"""Beside the steps that are done: the fields of steps as they were left, by step; no step has this name."""
Typed = dict[str, dict[str, Any]]


def typed_so_far(request: HttpRequest) -> Typed:
    """The values by step and field; {} when nothing was typed yet."""
    kept = request.session.get(_KEY)
    if kept is None:
        return {}
    text = ciphers.unseal(settings.DATA_KEYS, base64.b64decode(kept), _PLACE.encode()).decode()
    found: Typed = json.loads(text)
    return found


def halfway(typed: Typed) -> Typed:
    """What stood in the fields of a step when they were left, by step; it was never checked."""
    return typed.get(HALFWAY, {})


def keep_typed(request: HttpRequest, typed: Typed) -> None:
    """Keep them; an identity number never lies in the session readable."""
    sealed = seal(_PLACE, json.dumps(typed, ensure_ascii=False))
    request.session[_KEY] = base64.b64encode(sealed).decode()


def forget_typed(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def keep_sent(request: HttpRequest, key: str) -> None:
    """The registration of this page's key was answered; what was typed is not needed any more."""
    forget_typed(request)
    request.session[_SENT] = key


def was_sent(request: HttpRequest, key: str) -> bool:
    """Whether this page's key was answered before: the button was pressed twice."""
    return key != "" and request.session.get(_SENT) == key
