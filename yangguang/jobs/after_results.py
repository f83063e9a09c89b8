"""What goes on by itself after results: waiting lists by the hour, releases when their clock runs out.
(R6.05, F-D8, F-N5)
"""

import structlog
from procrastinate.contrib.django import app

from yangguang.actions.admissions import waiting_list_actions, withdrawals
from yangguang.jobs.system_actor import SYSTEM
from yangguang.queries.admissions.waiting_list import open_lists, overdue_lists
from yangguang.rules.base.refusals import Refused

log = structlog.get_logger()


@app.periodic(cron="0 * * * *")
@app.task(name="offer_freed_seats", queueing_lock="offer_freed_seats", lock="offer_freed_seats", retry=3)
def offer_freed_seats(timestamp: int) -> int:
    """Work through every open list, each in its own transaction; returns how many seats were offered.

    A list that cannot be worked through yet is left to the next hour and does not keep the others waiting.
    """
    made = 0
    for round in open_lists():
        try:
            made += waiting_list_actions.offer_due(by=SYSTEM, round=round)
        except Refused as refusal:
            log.info("list not worked through", round=str(round.public_id), what=refusal.what)
    for round in overdue_lists():
        waiting_list_actions.lapse(by=SYSTEM, round=round)
    return made


@app.periodic(cron="1 * * * *")
@app.task(name="carry_out_releases", queueing_lock="carry_out_releases", lock="carry_out_releases", retry=3)
def carry_out_releases(timestamp: int) -> int:
    """Let every release whose clock has run out take effect; returns how many students were released."""
    return int(withdrawals.carry_out(by=SYSTEM))
