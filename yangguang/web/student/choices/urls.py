"""Routes of choices, receipts and disputes."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.student.choices import edit, receipts
from yangguang.web.student.choices.choice_history import review, withdraw
from yangguang.web.student.choices.submit import claim, submit

urlpatterns = [
    path("receipts/<uuid:version>/", guard(Right.RESULT_LOOKUP_SELF)(receipts.receipt), name="receipt"),
    path("receipts/<uuid:version>/proof.json", guard(Right.RESULT_LOOKUP_SELF)(receipts.proof), name="receipt_proof"),
    path("disputes/<uuid:dispute>/withdraw/", guard(Right.CHOICE_DISPUTE)(withdraw), name="dispute_withdraw"),
    path("<uuid:application>/review/<int:number>/", guard(Right.CHOICE_DISPUTE)(review), name="review_choices"),
    path("<uuid:application>/choices/<int:number>/", guard(Right.CHOICE_WRITE)(edit.choices), name="choices"),
    path("<uuid:application>/choices/<int:number>/edit/", guard(Right.CHOICE_WRITE)(edit.edit), name="edit"),
    path("<uuid:application>/choices/<int:number>/submit/", guard(Right.CHOICE_WRITE)(submit), name="submit"),
    path(
        "<uuid:application>/choices/<int:number>/claim/<uuid:programme>/",
        guard(Right.CHOICE_WRITE)(claim),
        name="claim",
    ),
]
