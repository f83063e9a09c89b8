"""Routes of a student's record."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.student.records import record

urlpatterns = [path("records/<uuid:record>/", guard(Right.RECORD_CONFIRM)(record.confirm), name="record")]
