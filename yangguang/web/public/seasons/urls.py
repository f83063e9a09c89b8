"""Routes of the public pages: calendar and rules of the season."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.public.seasons import calendar, rules

urlpatterns = [
    path("calendar/", guard(Right.SCHOOL_DIRECTORY_READ)(calendar.calendar), name="calendar"),
    path("rules/", guard(Right.RUN_REPORT_READ_VERIFIER)(rules.rules_page), name="rules"),
]
