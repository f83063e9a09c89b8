"""Routes of the plans under review."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.plans import plan_actions, plans
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("plans/", guard(Right.PLAN_APPROVE)(plans.plans), name="plans"),
    path("plans/publish/", guard(Right.PLAN_APPROVE)(plan_actions.publish), name="plans_publish"),
    path("plans/<uuid:plan>/", guard(Right.PLAN_APPROVE)(plans.plan), name="plan"),
    path("plans/<uuid:plan>/pass/", guard(Right.PLAN_APPROVE)(plan_actions.pass_on), name="plan_pass"),
    path("plans/<uuid:plan>/return/", guard(Right.PLAN_APPROVE)(plan_actions.return_back), name="plan_return"),
]
