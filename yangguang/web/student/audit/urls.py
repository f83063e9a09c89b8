"""Routes of the student's desk: the access log."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.student.audit.access_log import access_log

urlpatterns = [path("seen/", guard(Right.AUDIT_LOG_WHO_SAW_ME)(access_log), name="seen")]
