"""The unsubmitted answers of a registration: encrypted in the session, deleted on submission and on logout."""

import base64
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yangguang.gateways import ciphers
from yangguang.models.base.fields import seal

_KEY = "registration"
_SUBMITTED = "registration_sent"
_CONTEXT = "session.registration"
UNCHECKED = "halfway"
"""Key beside the finished steps: unchecked fields of unfinished steps, by step; no step has this name."""
Typed = dict[str, dict[str, Any]]


def load_typed(request: HttpRequest) -> Typed:
    """The values by step and field; {} when nothing was typed yet."""
    stored = request.session.get(_KEY)
    if stored is None:
        return {}
    text = ciphers.unseal(settings.DATA_KEYS, base64.b64decode(stored), _CONTEXT.encode()).decode()
    typed: Typed = json.loads(text)
    return typed


def unchecked_fields(typed: Typed) -> Typed:
    """The fields of unfinished steps as they were left, by step."""
    return typed.get(UNCHECKED, {})


def store_typed(request: HttpRequest, typed: Typed) -> None:
    """Store the values encrypted, because they contain an identity number."""
    sealed = seal(_CONTEXT, json.dumps(typed, ensure_ascii=False))
    request.session[_KEY] = base64.b64encode(sealed).decode()


def delete_typed(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def mark_submitted(request: HttpRequest, key: str) -> None:
    """Record that the registration with this page's key was answered, and delete the values."""
    delete_typed(request)
    request.session[_SUBMITTED] = key


def was_submitted(request: HttpRequest, key: str) -> bool:
    """Whether the registration with this page's key was answered before: the button was pressed twice."""
    return key != "" and request.session.get(_SUBMITTED) == key
