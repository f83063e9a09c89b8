"""A run before it is computed: its row, its lottery and its program. Light, so that a page need not load the engine."""

from functools import cache
from hashlib import sha256
from pathlib import Path

import yangguang.engine
from yangguang.actions.runs.lottery import joint_seed_of
from yangguang.gateways.ciphers import sm3
from yangguang.models import AdmissionRun, LotterySeed, Round, Unit
from yangguang.rules.plans import quotas
from yangguang.rules.runs import matching, matching_types, ranked_round, ranking
from yangguang.rules.runs.lottery import commitment
from yangguang.rules.runs.verification import Drawing

FAST, REFERENCE = "fast", "reference"
_REFERENCE = (matching, ranking, ranked_round, quotas, matching_types)


def drawing_of(round: Round, trial: bool) -> Drawing:
    """The lottery of a run: the sealed one, or for a trial a public one, so that nobody learns the real draws early."""
    if not trial:
        seed = LotterySeed.objects.get(round=round)
        return Drawing(joint_seed_of(seed), seed.commitment, sm3)
    made = sm3(b"trial" + round.public_id.bytes)
    return Drawing(made, commitment(made, sm3), sm3)


def lay(round: Round, *, account: int | None, trial: bool, school: Unit | None = None) -> AdmissionRun:
    """A new run of the round, still without its frozen input.

    Args:
        school: whose programmes alone a trial computes; `freeze` is told again.
    """
    last = round.runs.order_by("-number").values_list("number", flat=True).first() or 0
    return AdmissionRun.objects.create(
        round=round,
        number=last + 1,
        is_what_if=trial,
        seed_commitment=drawing_of(round, trial).commitment,
        program=program(),
        started_by_id=account,
    )


@cache
def program(engine: str = FAST) -> str:
    """The program that computes, with a digest of its sources."""
    if engine == FAST:
        paths = sorted(Path(yangguang.engine.__path__[0]).glob("*.py"))
    else:
        paths = [Path(str(module.__file__)) for module in _REFERENCE]
    digest = sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]
    return f"{'engine' if engine == FAST else 'rules.runs.matching'} {digest}"
