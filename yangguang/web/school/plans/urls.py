"""Routes of the school's plan."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.school.plans import plan, plan_changes, plan_edit

urlpatterns = [
    path("plan/", guard(Right.PLAN_DRAFT)(plan.plan), name="plan"),
    path("plan/edit/", guard(Right.PLAN_DRAFT)(plan_edit.edit), name="plan_edit"),
    path(
        "plan/change/<uuid:programme>/",
        guard(Right.PLAN_CHANGE_REQUEST)(plan_changes.request_change),
        name="plan_change",
    ),
    path(
        "plan/changes/<uuid:change>/withdraw/",
        guard(Right.PLAN_CHANGE_REQUEST)(plan_changes.withdraw),
        name="plan_change_withdraw",
    ),
    path("plan/submit/", guard(Right.PLAN_DRAFT)(plan.submit), name="plan_submit"),
]
