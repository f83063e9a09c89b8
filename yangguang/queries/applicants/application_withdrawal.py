"""What stands against withdrawing an application now. (S23-2.05)"""

from datetime import datetime

from yangguang.models import Admission, Application, WaitingOffer
from yangguang.postgres.sql import fetch_one
from yangguang.rules.admissions import admission_states, offer_states
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import WindowKind

# A round with choices of this application whose choices are closed and whose result is not published.
_BEING_DECIDED = """
SELECT r.name FROM yangguang_round AS r
JOIN LATERAL effective_window(r.season_id, r.id, %(kind)s) AS w ON w.closes_at <= %(at)s
WHERE r.id IN (SELECT round_id FROM yangguang_choiceversion WHERE application_id = %(application)s)
  AND NOT EXISTS (SELECT FROM yangguang_admissionrun AS run WHERE run.round_id = r.id AND run.state = 'PUBLISHED')
ORDER BY r.number LIMIT 1
"""


def find_obstacle(application: Application, at: datetime) -> Refused | None:
    """The refusal of withdrawing at `at`: a seat, an offer, or a list that is being decided; None when it is free."""
    if Admission.objects.filter(application=application, state__in=admission_states.LIVE).exists():
        why = "撤回报名不能代替放弃名额，名额要按应答或退录的程序让出"
        return Refused("您现在有录取的名额，不能撤回报名", why=why, now="请先放弃录取或申请退录，再来撤回")
    if WaitingOffer.objects.filter(application=application, state=offer_states.OPEN).exists():
        return Refused("您有一个递补的名额等待应答，不能撤回报名", now="请先应答：接受递补或放弃递补")
    params = {"application": application.pk, "at": at, "kind": WindowKind.CHOICES.value}
    row = fetch_one(_BEING_DECIDED, params)
    if row is None:
        return None
    why = "名单已按截止时的志愿计算，结果公布以前不能增减考生"
    return Refused(
        f"“{row.name}”的志愿已经截止、结果还没有公布，现在不能撤回报名", why=why, now="请等结果公布以后再办理"
    )
