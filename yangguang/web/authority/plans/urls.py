"""Routes of the plans under review."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.plans import plan_actions, plan_changes, plans
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("plans/", guard(Right.PLAN_APPROVE)(plans.plans), name="plans"),
    path("plans/publish/", guard(Right.PLAN_APPROVE)(plan_actions.publish), name="plans_publish"),
    path("plans/changes/", guard(Right.PLAN_APPROVE)(plan_changes.changes), name="plan_changes"),
    path("plans/changes/<uuid:change>/", guard(Right.PLAN_APPROVE)(plan_changes.change), name="plan_change"),
    path(
        "plans/changes/<uuid:change>/carry-out/",
        guard(Right.PLAN_CHANGE_AFTER_OPEN)(plan_changes.carry_out),
        name="plan_change_carry_out",
    ),
    path(
        "plans/changes/<uuid:change>/refuse/",
        guard(Right.PLAN_CHANGE_REFUSE)(plan_changes.refuse),
        name="plan_change_refuse",
    ),
    path("plans/<uuid:plan>/", guard(Right.PLAN_APPROVE)(plans.plan), name="plan"),
    path("plans/<uuid:plan>/pass/", guard(Right.PLAN_APPROVE)(plan_actions.pass_on), name="plan_pass"),
    path("plans/<uuid:plan>/return/", guard(Right.PLAN_APPROVE)(plan_actions.return_back), name="plan_return"),
]
