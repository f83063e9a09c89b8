"""Routes of a school's records."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.school.records import records

urlpatterns = [
    path("records/", guard(Right.RECORD_READ)(records.records), name="records"),
    path("records/classes/", guard(Right.RECORD_COMPLETE)(records.classes), name="classes"),
]
