"""The hourly job of the withdrawal requests. (R6.05, F-N5)"""

from procrastinate.contrib.django import app

from yangguang.actions.admissions import withdrawals
from yangguang.rules.accounts.actors import SYSTEM


@app.periodic(cron="1 * * * *")
@app.task(name="carry_out_withdrawals", queueing_lock="carry_out_withdrawals", lock="carry_out_withdrawals", retry=3)
def carry_out_withdrawals(timestamp: int) -> int:
    """Carry out every due withdrawal request; return how many students withdrew."""
    return withdrawals.carry_out(by=SYSTEM)
