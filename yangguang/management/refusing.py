"""How every command says no: the sentence on stderr, one JSON shape on stdout, and the exit code."""

import json

from django.core.management.base import BaseCommand, CommandError

from yangguang.rules.base.refusals import Refused

REFUSED, BAD_ARGUMENT = 1, 2


def refused(
    command: BaseCommand, refusal: Refused, *, as_json: bool = False, code: int = REFUSED
) -> CommandError:
    """The error to raise for a refusal.

    Args:
        as_json: leave {"error": sentence, "rows": [where and what of each faulty row]} on the command's stdout.
        code: REFUSED, or BAD_ARGUMENT when an argument names nothing that exists.
    """
    rows = [f"{row.where}：{row}" if row.where else str(row) for row in getattr(refusal, "rows", [])]
    if as_json:
        command.stdout.write(json.dumps({"error": str(refusal), "rows": rows}, ensure_ascii=False))
    return CommandError("\n".join([str(refusal), *rows]), returncode=code)
