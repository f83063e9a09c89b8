"""Routes of disputes at a bureau's desk."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.choices import disputes
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("disputes/", guard(Right.DISPUTE_READ)(disputes.disputes), name="disputes"),
    path("disputes/<uuid:dispute>/", guard(Right.DISPUTE_READ)(disputes.dispute), name="dispute"),
    path("disputes/<uuid:dispute>/propose/", guard(Right.DISPUTE_PROPOSE)(disputes.propose), name="dispute_propose"),
    path("disputes/<uuid:dispute>/return/", guard(Right.DISPUTE_DECIDE)(disputes.return_back), name="dispute_return"),
    path("disputes/<uuid:dispute>/decide/", guard(Right.DISPUTE_DECIDE)(disputes.decide), name="dispute_decide"),
]
