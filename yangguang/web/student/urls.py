"""Routes under /me/."""

from django.urls import include, path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.student.applicants import progress, registration_views
from yangguang.web.student.choices import choice_history, edit, receipts, submit

app_name = "student"
own = guard(Right.RESULT_LOOKUP_SELF)
joins = guard(Right.APPLICATION_CREATE)
writes = guard(Right.CHOICE_WRITE)
urlpatterns = [
    path("", include("yangguang.web.student.admissions.urls")),
    path("", own(progress.home), name="home"),
    path("register/", joins(registration_views.start), name="register"),
    path("register/check-id/", joins(registration_views.check_id), name="check_id"),
    path("register/review/", joins(registration_views.review), name="review"),
    path("register/received/", joins(registration_views.received), name="received"),
    path("register/<slug:step>/", joins(registration_views.fill), name="fill"),
    path("register/<slug:step>/keep/", joins(registration_views.keep), name="keep"),
    path("", include("yangguang.web.student.messages.urls")),
    path("", include("yangguang.web.student.audit.urls")),
    path("receipts/<uuid:version>/", own(receipts.receipt), name="receipt"),
    path("receipts/<uuid:version>/proof.json", own(receipts.proof), name="receipt_proof"),
    path(
        "disputes/<uuid:dispute>/withdraw/",
        guard(Right.CHOICE_DISPUTE)(choice_history.withdraw),
        name="dispute_withdraw",
    ),
    path("", include("yangguang.web.student.records.urls")),
    path("<uuid:application>/", own(progress.one), name="progress"),
    path("<uuid:application>/results/", own(progress.results), name="results"),
    path(
        "<uuid:application>/review/<int:number>/",
        guard(Right.CHOICE_DISPUTE)(choice_history.review),
        name="review_choices",
    ),
    path("<uuid:application>/choices/<int:number>/", writes(edit.choices), name="choices"),
    path("<uuid:application>/choices/<int:number>/edit/", writes(edit.edit), name="edit"),
    path("<uuid:application>/choices/<int:number>/submit/", writes(submit.submit), name="submit"),
    path(
        "<uuid:application>/choices/<int:number>/claim/<uuid:programme>/", writes(submit.claim), name="claim"
    ),
]
