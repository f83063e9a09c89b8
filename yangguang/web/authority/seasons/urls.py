"""Routes of the windows and of the working calendar."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.seasons import windows
from yangguang.web.authority.seasons.calendar import calendar
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("calendar/", guard(Right.CALENDAR_LOAD)(calendar), name="calendar"),
    path("windows/", guard(Right.ROUND_WINDOW_SET)(windows.windows), name="windows"),
    path("windows/set/", guard(Right.ROUND_WINDOW_SET)(windows.set_window), name="window_set"),
]
