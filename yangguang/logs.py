"""Structured log records without phones and ID numbers. (T2.20)

Every run of eleven or more digits is masked; only UUIDs and digests of this system remain.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.types import Processor

HIDDEN = "〔已遮蔽〕"
_UUID = r"(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])"
_DIGEST = r"(?<!\w)[0-9a-f]{64}(?!\w)"
_LONG_NUMBER = r"\d{11,}[Xx]?"
_GROUPED_PHONE = r"1[3-9]\d[ \-–.]?\d{4}[ \-–.]?\d{4}"
_GROUPED_ID = r"\d{6}[ \-–]?\d{4}[ \-–]?\d{4}[ \-–]?\d{3}[\dXx]"
# `\d` also matches the full-width digits of Chinese keyboards.
_PATTERN = re.compile(f"({_UUID}|{_DIGEST})|{_LONG_NUMBER}|{_GROUPED_ID}|{_GROUPED_PHONE}")


def masked(value: object) -> Any:
    """`value` without phones and ID numbers, at any depth.

    Args:
        value: text, a number, or mappings and sequences of them; anything else is masked as its `repr`.
    """
    match value:
        case None | bool():
            return value
        case str():
            return _PATTERN.sub(lambda match: match[1] or HIDDEN, value)
        case int() | float():  # A table may have been read with phones as floats.
            return HIDDEN if abs(value) >= 10**10 else value
        case Mapping():
            return {masked(str(key)): masked(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [masked(inner) for inner in value]
        case _:
            return masked(repr(value))


def _mask(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask an event just before it is rendered; structlog's two internal entries hold the record, not text."""
    internal = {key: event[key] for key in ("_record", "_from_structlog") if key in event}
    return masked({key: inner for key, inner in event.items() if key not in internal}) | internal


def configure(*, readable: bool | None = None, to: TextIO | None = None) -> None:
    """Set up logging so that every record of this process is masked.

    Args:
        readable: text instead of JSON lines; None: text in the demonstration and in DEBUG.
        to: the stream; stderr when None.
    """
    if readable is None:
        from django.conf import settings

        readable = settings.DEMO or settings.DEBUG
    steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        # The exception becomes text here, so that it is masked, too.
        structlog.processors.format_exc_info,
    ]
    renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if readable:
        renderer = structlog.dev.ConsoleRenderer(colors=(to or sys.stderr).isatty())
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=steps,
            processors=[_mask, structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    structlog.configure(
        processors=[*steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.INFO)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
