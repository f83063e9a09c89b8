"""A run before it is computed: its row, its lottery and its program. A page can import it without the engine."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.db.models import Max

import yangguang.engine
from yangguang.actions.runs.lottery import open_seed
from yangguang.gateways.ciphers import sm3
from yangguang.models import AdmissionRun, LotterySeed, Round, RunProgress
from yangguang.queries.runs.runs import count_choices
from yangguang.rules.plans import quotas
from yangguang.rules.runs import matching, matching_types, ranked_round, ranking
from yangguang.rules.runs.lottery import commitment
from yangguang.rules.runs.published_properties import Drawing

FAST, REFERENCE = "fast", "reference"
_REFERENCE = (matching, ranking, ranked_round, quotas, matching_types)


def get_drawing(round: Round, *, trial: bool) -> Drawing:
    """The lottery of a run: the sealed one; for a trial a public one, so that the real draws stay secret."""
    if not trial:
        seed = LotterySeed.objects.get(round=round)
        return Drawing(open_seed(seed), seed.commitment, sm3)
    public_seed = sm3(b"trial" + round.public_id.bytes)
    return Drawing(public_seed, commitment(public_seed, sm3), sm3)


def create_run(round: Round, **fields: object) -> AdmissionRun:
    """Create the next run of the round, without its frozen input, and its progress."""
    last = round.runs.aggregate(last=Max("number"))["last"] or 0
    run = AdmissionRun.objects.create(round=round, number=last + 1, **fields)
    applicants, _ = count_choices(round)
    RunProgress.objects.create(run=run, persons=applicants, programmes=round.programmes.count())
    return run


@cache
def program(engine: str = FAST) -> str:
    """The program that computes, with a digest of its sources."""
    if engine == FAST:
        paths = sorted(Path(yangguang.engine.__path__[0]).glob("*.py"))
    else:
        paths = [Path(str(module.__file__)) for module in _REFERENCE]
    digest = sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]
    return f"{'engine' if engine == FAST else 'rules.runs.matching'} {digest}"
