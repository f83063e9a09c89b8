"""The unsubmitted answers of a registration: encrypted in the session, deleted on submission and on logout.

Two pages of one browser share them, so a page carries the answers that it showed, encrypted in a hidden field: an
older page is noticed, and what was typed on it can still be used.
"""

import base64
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yangguang.gateways import ciphers
from yangguang.models.base.fields import blind, seal
from yangguang.web.kit.actor import ACCOUNT

DISPLAYED = "_displayed"
"""The hidden field with the answers that the page showed."""
_KEY = "registration"
_SUBMITTED, _ANSWERS = "registration_sent", "registration_sent_answers"
_CONTEXT = "session.registration"
UNCHECKED = "halfway"
"""Key beside the finished steps: unchecked fields of unfinished steps, by step; no step has this name."""
Typed = dict[str, dict[str, Any]]


def load_typed(request: HttpRequest) -> Typed:
    """The values by step and field; {} when nothing was typed yet."""
    stored = request.session.get(_KEY)
    return {} if stored is None else _unseal(stored, _CONTEXT)


def unchecked_fields(typed: Typed) -> Typed:
    """The fields of unfinished steps as they were left, by step."""
    return typed.get(UNCHECKED, {})


def store_typed(request: HttpRequest, typed: Typed) -> None:
    """Store the values encrypted, because they contain an identity number."""
    request.session[_KEY] = _seal(typed, _CONTEXT)


def delete_typed(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def seal_displayed(request: HttpRequest, typed: Typed) -> str:
    """The finished steps for the hidden field of a page; only pages of the same account can send them back."""
    return _seal(_finished(typed), _page_context(request))


def read_displayed(request: HttpRequest) -> Typed | None:
    """The finished steps that the page showed; None when it does not say, or is a page of another account."""
    try:
        return _unseal(request.POST.get(DISPLAYED, ""), _page_context(request))
    except ValueError:
        return None


def is_older(displayed: Typed | None, typed: Typed, step: str = "") -> bool:
    """Whether a page that showed `displayed` is older than `typed`.

    Args:
        step: of the page; steps that were finished later are nothing to it. "" is the review, which needs them all.
    """
    if displayed is None:
        return True
    steps = {*displayed, step} if step else {*displayed, *_finished(typed)}
    return any(displayed.get(slug) != typed.get(slug) for slug in steps)


def mark_submitted(request: HttpRequest, key: str, typed: Typed) -> None:
    """Record that the registration with this page's key was answered, and delete the values."""
    delete_typed(request)
    request.session[_SUBMITTED], request.session[_ANSWERS] = key, _digest(typed)


def was_submitted(request: HttpRequest, key: str, displayed: Typed | None) -> bool:
    """Whether the registration of this page was answered before: the button was pressed twice, or in a second tab."""
    if key != "" and request.session.get(_SUBMITTED) == key:
        return True
    return displayed is not None and _KEY not in request.session and request.session.get(_ANSWERS) == _digest(displayed)


def has_submitted(request: HttpRequest) -> bool:
    """Whether a registration was submitted since the log-in."""
    return _SUBMITTED in request.session


def _finished(typed: Typed) -> Typed:
    return {step: values for step, values in typed.items() if step != UNCHECKED}


def _page_context(request: HttpRequest) -> str:
    return f"page.registration:{request.session.get(ACCOUNT)}"


def _seal(typed: Typed, context: str) -> str:
    return base64.b64encode(seal(context, json.dumps(typed, ensure_ascii=False))).decode()


def _unseal(text: str, context: str) -> Typed:
    """Raises ValueError for a text that was not sealed here."""
    plain = ciphers.unseal(settings.DATA_KEYS, base64.b64decode(text, validate=True), context.encode())
    typed: Typed = json.loads(plain)
    return typed


def _digest(typed: Typed) -> str:
    return blind(json.dumps(_finished(typed), ensure_ascii=False, sort_keys=True)).hex()
