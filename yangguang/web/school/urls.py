"""Routes of the school's desk."""

from django.urls import include, path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.school.applicants import applicants, aptitude_tests
from yangguang.web.school.base import home

app_name = "school"
urlpatterns = [
    path("", include("yangguang.web.school.admissions.urls")),
    path("", guard(Right.PLAN_DRAFT)(home.home), name="home"),
    path("", include("yangguang.web.school.plans.urls")),
    path("own-tests/", guard(Right.APTITUDE_TEST_LOAD)(aptitude_tests.points), name="aptitude_tests"),
    path("applicants/", guard(Right.APPLICATION_READ)(applicants.applicants), name="applicants"),
    path("applicants.<str:kind>", guard(Right.APPLICATION_READ)(applicants.export), name="applicants_export"),
    path("", include("yangguang.web.school.records.urls")),
]
