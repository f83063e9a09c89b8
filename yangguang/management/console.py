"""What the commands share: the exit codes, and the error for a refusal."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError

from yangguang.rules.base.refusals import Refused

REFUSED, BAD_ARGUMENT = 1, 2


@contextmanager
def refusals_as_errors(
    command: BaseCommand, kind: type[Refused] = Refused, *, as_json: bool = False, code: int = REFUSED
) -> Iterator[None]:
    """Raise the command's error for a refusal inside the block: its sentence and one line for each faulty row.

    Args:
        kind: other refusals pass.
        as_json: also write {"error": sentence, "rows": [place and fault of each row]} to the command's stdout.
        code: REFUSED, or BAD_ARGUMENT when an argument names nothing that exists.
    """
    try:
        yield
    except kind as refusal:
        rows = [f"{row.where}：{row}" if row.where else str(row) for row in getattr(refusal, "rows", [])]
        if as_json:
            command.stdout.write(json.dumps({"error": str(refusal), "rows": rows}, ensure_ascii=False))
        raise CommandError("\n".join([str(refusal), *rows]), returncode=code) from refusal
