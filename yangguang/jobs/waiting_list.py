"""The hourly job of the waiting lists. (F-D8)"""

import structlog
from procrastinate.contrib.django import app

from yangguang.actions.admissions import waiting_list_actions
from yangguang.jobs.system_actor import SYSTEM
from yangguang.queries.admissions.waiting_list import list_open_lists, list_overdue_lists
from yangguang.rules.base.refusals import Refused

log = structlog.get_logger()


@app.periodic(cron="0 * * * *")
@app.task(name="offer_freed_seats", queueing_lock="offer_freed_seats", lock="offer_freed_seats", retry=3)
def offer_freed_seats(timestamp: int) -> int:
    """Refresh every open list in its own transaction; return how many seats were offered.

    A list that is refused is left to the next hour and does not stop the others.
    """
    offered = 0
    for round in list_open_lists():
        try:
            offered += waiting_list_actions.offer_due(by=SYSTEM, round=round)
        except Refused as refusal:
            log.info("waiting list not refreshed", round=str(round.public_id), what=refusal.what)
    for round in list_overdue_lists():
        waiting_list_actions.lapse_offers(by=SYSTEM, round=round)
    return offered
