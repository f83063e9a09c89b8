"""Routes of the published rules."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.public.seasons import rules

urlpatterns = [path("rules/", guard(Right.RUN_REPORT_READ_VERIFIER)(rules.rules_page), name="rules")]
