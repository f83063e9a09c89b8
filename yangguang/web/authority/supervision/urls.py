"""Routes of a bureau's desk: measures against schools."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.supervision import sanctions
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("sanctions/", guard(Right.SANCTION_PROPOSE)(sanctions.sanctions), name="sanctions"),
    path("sanctions/new/", guard(Right.SANCTION_PROPOSE)(sanctions.propose), name="sanction_new"),
    path(
        "sanctions/<uuid:sanction>/approve/", guard(Right.SANCTION_APPROVE)(sanctions.approve), name="sanction_approve"
    ),
    path(
        "sanctions/<uuid:sanction>/withdraw/",
        guard(Right.SANCTION_PROPOSE)(sanctions.withdraw),
        name="sanction_withdraw",
    ),
]
