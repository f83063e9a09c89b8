"""Routes of registration, progress and results."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.student.applicants import application_withdrawal, progress, registration_views

urlpatterns = [
    path("", guard(Right.RESULT_LOOKUP_SELF)(progress.home), name="home"),
    path("register/", guard(Right.APPLICATION_CREATE)(registration_views.start), name="register"),
    path("register/check-id/", guard(Right.APPLICATION_CREATE)(registration_views.check_id), name="check_id"),
    path("register/review/", guard(Right.APPLICATION_CREATE)(registration_views.review), name="review"),
    path("register/received/", guard(Right.APPLICATION_CREATE)(registration_views.received), name="received"),
    path("register/<slug:step>/", guard(Right.APPLICATION_CREATE)(registration_views.fill), name="fill"),
    path("register/<slug:step>/keep/", guard(Right.APPLICATION_CREATE)(registration_views.keep), name="keep"),
    path("<uuid:application>/", guard(Right.RESULT_LOOKUP_SELF)(progress.one), name="progress"),
    path(
        "<uuid:application>/withdraw/",
        guard(Right.APPLICATION_WITHDRAW)(application_withdrawal.withdraw),
        name="application_withdraw",
    ),
    path(
        "<uuid:application>/restore/",
        guard(Right.APPLICATION_WITHDRAW)(application_withdrawal.restore),
        name="application_restore",
    ),
    path("<uuid:application>/results/", guard(Right.RESULT_LOOKUP_SELF)(progress.results), name="results"),
]
