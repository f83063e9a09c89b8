"""Routes under /me/: the area admissions."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.student.admissions import answer, standing_answer, transfer, withdrawal

urlpatterns = [
    path("answers/<uuid:admission>/", guard(Right.ADMISSION_ACCEPT)(answer.answer), name="answer"),
    path("offers/<uuid:offer>/", guard(Right.ADMISSION_ACCEPT)(answer.answer_offer), name="offer"),
    path("releases/<uuid:admission>/", guard(Right.WITHDRAWAL_ASK)(withdrawal.withdraw), name="release"),
    path("releases/<uuid:admission>/take-back/", guard(Right.WITHDRAWAL_ASK)(withdrawal.take_back), name="take_back"),
    path(
        "<uuid:application>/auto-answer/",
        guard(Right.ANSWER_SET_AUTO)(standing_answer.set_standing_answer),
        name="auto",
    ),
    path(
        "<uuid:application>/choices/<int:number>/transfer/<uuid:programme>/",
        guard(Right.SEAT_TRANSFER)(transfer.transfer),
        name="transfer",
    ),
]
