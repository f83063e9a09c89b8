"""Routes of the published plans."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.public.plans import plans

urlpatterns = [
    path("plans/", guard(Right.PLAN_READ_PUBLISHED)(plans.plan_list), name="plans"),
    path("plans/compare/", guard(Right.PLAN_READ_PUBLISHED)(plans.comparison), name="comparison"),
]
