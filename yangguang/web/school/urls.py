"""Routes of the school's desk."""

from django.urls import include, path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.school.admissions import admissions, check_in, withdrawals
from yangguang.web.school.applicants import applicants, aptitude_tests
from yangguang.web.school.base import home
from yangguang.web.school.records import records

app_name = "school"
urlpatterns = [
    path("", guard(Right.PLAN_DRAFT)(home.home), name="home"),
    path("", include("yangguang.web.school.plans.urls")),
    path("own-tests/", guard(Right.APTITUDE_TEST_LOAD)(aptitude_tests.points), name="aptitude_tests"),
    path("applicants/", guard(Right.APPLICATION_READ)(applicants.applicants), name="applicants"),
    path("applicants.<str:kind>", guard(Right.APPLICATION_READ)(applicants.export), name="applicants_export"),
    path("admissions/", guard(Right.ADMISSION_PROPOSE)(admissions.programmes), name="admissions"),
    path("admissions/people/", guard(Right.ADMISSION_PROPOSE)(admissions.people), name="admitted"),
    path("waiting/", guard(Right.ADMISSION_PROPOSE)(withdrawals.waiting), name="waiting"),
    path("releases/", guard(Right.WITHDRAWAL_COMMENT)(withdrawals.releases), name="releases"),
    path("releases/<uuid:release>/", guard(Right.WITHDRAWAL_COMMENT)(withdrawals.comment), name="release"),
    path("check-in/", guard(Right.CHECK_IN_TAKE)(check_in.door), name="check_in"),
    path("check-in/take/", guard(Right.CHECK_IN_TAKE)(check_in.take), name="check_in_take"),
    path("records/", guard(Right.RECORD_READ)(records.records), name="records"),
    path("records/classes/", guard(Right.RECORD_COMPLETE)(records.classes), name="classes"),
]
