"""Routes of the auditor's desk: the log, its verification, the invariants."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.auditor.audit.home import home
from yangguang.web.auditor.audit.invariants import invariants
from yangguang.web.auditor.audit.log import log
from yangguang.web.auditor.audit.verification import verification
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("", guard(Right.HEALTH_READ_INTERNAL)(home), name="home"),
    path("log/", guard(Right.AUDIT_LOG_READ)(log), name="log"),
    path("proofs/", guard(Right.HEALTH_READ_INTERNAL)(verification), name="proofs"),
    path("invariants/", guard(Right.HEALTH_READ_INTERNAL)(invariants), name="invariants"),
]
