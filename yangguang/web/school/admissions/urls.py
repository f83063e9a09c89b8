"""Routes of the school's desk: the area admissions."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.school.admissions import admissions, check_in, withdrawals

urlpatterns = [
    path("admissions/", guard(Right.ADMISSION_PROPOSE)(admissions.cutoffs), name="admissions"),
    path("admissions/people/", guard(Right.ADMISSION_PROPOSE)(admissions.admitted), name="admitted"),
    path("waiting/", guard(Right.ADMISSION_PROPOSE)(admissions.waiting_lists), name="waiting"),
    path("releases/", guard(Right.WITHDRAWAL_COMMENT)(withdrawals.withdrawals), name="releases"),
    path("releases/<uuid:withdrawal>/", guard(Right.WITHDRAWAL_COMMENT)(withdrawals.comment), name="release"),
    path("check-in/", guard(Right.CHECK_IN_TAKE)(check_in.show), name="check_in"),
    path("check-in/take/", guard(Right.CHECK_IN_TAKE)(check_in.check_in), name="check_in_take"),
]
