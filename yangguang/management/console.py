"""What the commands share: the exit codes, and the error for a refusal."""

import json

from django.core.management.base import BaseCommand, CommandError

from yangguang.rules.base.refusals import Refused

REFUSED, BAD_ARGUMENT = 1, 2


def command_error(
    command: BaseCommand, refusal: Refused, *, as_json: bool = False, code: int = REFUSED
) -> CommandError:
    """The error to raise for a refusal: its sentence and one line for each faulty row.

    Args:
        as_json: also write {"error": sentence, "rows": [place and fault of each row]} to the command's stdout.
        code: REFUSED, or BAD_ARGUMENT when an argument names nothing that exists.
    """
    rows = [f"{row.where}：{row}" if row.where else str(row) for row in getattr(refusal, "rows", [])]
    if as_json:
        command.stdout.write(json.dumps({"error": str(refusal), "rows": rows}, ensure_ascii=False))
    return CommandError("\n".join([str(refusal), *rows]), returncode=code)
