"""Routes of the student's desk: messages."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.student.messages import guardian_phone
from yangguang.web.student.messages.messages import messages

urlpatterns = [
    path("messages/", guard(Right.RESULT_LOOKUP_SELF)(messages), name="messages"),
    path(
        "<uuid:application>/guardian-phone/",
        guard(Right.GUARDIAN_PHONE_CHANGE)(guardian_phone.change_phone),
        name="guardian_phone",
    ),
]
