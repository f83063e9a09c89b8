"""Routes of the school's acts that wait for a second person."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.school.accounts import proposals

urlpatterns = [
    path("proposals/", guard(Right.PROPOSAL_WITHDRAW)(proposals.proposals), name="proposals"),
    path(
        "proposals/<uuid:proposal>/withdraw/",
        guard(Right.PROPOSAL_WITHDRAW)(proposals.withdraw),
        name="proposal_withdraw",
    ),
]
