"""Routes of the auditor's desk: disputed choices."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.auditor.choices.disputes import disputes
from yangguang.web.kit.guard import guard

urlpatterns = [path("disputes/", guard(Right.DISPUTE_READ)(disputes), name="disputes")]
