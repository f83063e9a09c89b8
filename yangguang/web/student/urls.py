"""Routes under /me/."""

from django.urls import path

from yangguang.rules.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.student import (
    answering,
    choosing,
    looking,
    offers,
    progress,
    receipts,
    record,
    registering,
    releasing,
    reviewing,
    submitting,
)

app_name = "student"
own = guard(Right.RESULT_LOOKUP_SELF)
joins = guard(Right.APPLICATION_CREATE)
writes = guard(Right.CHOICE_WRITE)
leaves = guard(Right.RELEASE_ASK)
urlpatterns = [
    path("", own(progress.home), name="home"),
    path("register/", joins(registering.start), name="register"),
    path("register/check-id/", joins(registering.check_id), name="check_id"),
    path("register/review/", joins(registering.review), name="review"),
    path("register/received/", joins(registering.received), name="received"),
    path("register/<slug:step>/", joins(registering.fill), name="fill"),
    path("register/<slug:step>/keep/", joins(registering.keep), name="keep"),
    path("messages/", own(looking.messages), name="messages"),
    path("seen/", guard(Right.AUDIT_LOG_WHO_SAW_ME)(looking.seen), name="seen"),
    path("receipts/<uuid:version>/", own(receipts.receipt), name="receipt"),
    path("receipts/<uuid:version>/proof.json", own(receipts.proof), name="receipt_proof"),
    path(
        "contests/<uuid:contest>/withdraw/",
        guard(Right.CHOICE_CONTEST)(reviewing.withdraw),
        name="contest_withdraw",
    ),
    path("answers/<uuid:admission>/", guard(Right.ADMISSION_ACCEPT)(answering.answer), name="answer"),
    path("offers/<uuid:offer>/", guard(Right.ADMISSION_ACCEPT)(offers.offer), name="offer"),
    path("releases/<uuid:admission>/", leaves(releasing.release), name="release"),
    path("releases/<uuid:admission>/take-back/", leaves(releasing.take_back), name="take_back"),
    path("records/<uuid:record>/", guard(Right.RECORD_CONFIRM)(record.confirm), name="record"),
    path("<uuid:application>/", own(progress.one), name="progress"),
    path("<uuid:application>/results/", own(progress.results), name="results"),
    path(
        "<uuid:application>/review/<int:number>/",
        guard(Right.CHOICE_CONTEST)(reviewing.review),
        name="review_choices",
    ),
    path("<uuid:application>/auto-answer/", guard(Right.ANSWER_SET_AUTO)(offers.auto), name="auto"),
    path("<uuid:application>/choices/<int:number>/", writes(choosing.choices), name="choices"),
    path("<uuid:application>/choices/<int:number>/edit/", writes(choosing.edit), name="edit"),
    path("<uuid:application>/choices/<int:number>/submit/", writes(submitting.submit), name="submit"),
    path(
        "<uuid:application>/choices/<int:number>/claim/<uuid:line>/", writes(submitting.claim), name="claim"
    ),
    path(
        "<uuid:application>/choices/<int:number>/transfer/<uuid:line>/",
        guard(Right.SEAT_TRANSFER)(releasing.transfer),
        name="transfer",
    ),
]
