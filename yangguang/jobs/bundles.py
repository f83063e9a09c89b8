"""The bundle of every published run is made by itself, off the path of the publication. (F-N1)"""

import structlog
from procrastinate.contrib.django import app

from yangguang.actions.disclosure import bundles
from yangguang.jobs.tasks import SYSTEM
from yangguang.queries.disclosure.bundles import without_bundle
from yangguang.rules.base.refusals import Refused

log = structlog.get_logger()


@app.periodic(cron="* * * * *")
@app.task(name="make_bundles", queueing_lock="make_bundles", lock="make_bundles")
def make_bundles(timestamp: int) -> int:
    """Make what is missing; returns how many. A run whose bundle is refused does not keep the others waiting.

    Raises:
        Refused: the last one that was refused, so that the job itself is seen to have failed.
    """
    made, refused = 0, None
    for run in without_bundle():
        try:
            bundles.make(by=SYSTEM, run=run)
            made += 1
        except Refused as refusal:
            log.error("bundle refused", run=str(run.public_id), what=refusal.what)
            refused = refusal
    if refused is not None:
        raise refused
    return made
