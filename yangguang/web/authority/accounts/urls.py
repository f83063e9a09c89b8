"""Routes of a bureau's desk: acts that wait for a second person."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.accounts import proposals
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("proposals/", guard(Right.PLAN_APPROVE)(proposals.proposals), name="proposals"),
    path(
        "proposals/<uuid:proposal>/withdraw/",
        guard(Right.PROPOSAL_WITHDRAW)(proposals.withdraw),
        name="proposal_withdraw",
    ),
]
