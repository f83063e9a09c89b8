"""Creates the bundle of every published run, after its publication. (F-N1)"""

import structlog
from procrastinate.contrib.django import app

from yangguang.actions.disclosure import bundles
from yangguang.jobs.system_actor import SYSTEM
from yangguang.queries.disclosure.bundles import list_runs_without_bundle
from yangguang.rules.base.refusals import Refused

log = structlog.get_logger()


@app.periodic(cron="* * * * *")
@app.task(name="make_bundles", queueing_lock="make_bundles", lock="make_bundles")
def make_bundles(timestamp: int) -> int:
    """Create missing bundles; returns how many. A refused bundle does not delay the others.

    Raises:
        Refused: of the last bundle that was refused, so that the job counts as failed.
    """
    created, refused = 0, None
    for run in list_runs_without_bundle():
        try:
            bundles.make(by=SYSTEM, run=run)
            created += 1
        except Refused as refusal:
            log.error("bundle refused", run=str(run.public_id), what=refusal.what)
            refused = refusal
    if refused is not None:
        raise refused
    return created
