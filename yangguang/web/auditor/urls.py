"""Routes of the auditor's desk; the roots for everybody are a public page."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.auditor.audit import home, invariants, log, verification
from yangguang.web.auditor.choices import disputes
from yangguang.web.kit.guard import guard

app_name = "auditor"
sees = guard(Right.HEALTH_READ_INTERNAL)
urlpatterns = [
    path("", sees(home.home), name="home"),
    path("log/", guard(Right.AUDIT_LOG_READ)(log.log), name="log"),
    path("disputes/", guard(Right.DISPUTE_READ)(disputes.disputes), name="disputes"),
    path("proofs/", sees(verification.proofs), name="proofs"),
    path("invariants/", sees(invariants.invariants), name="invariants"),
]
