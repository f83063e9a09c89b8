"""Routes of applicants and aptitude tests at the school's desk."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.school.applicants import applicants, aptitude_tests

urlpatterns = [
    path("own-tests/", guard(Right.APTITUDE_TEST_LOAD)(aptitude_tests.points), name="aptitude_tests"),
    path("applicants/", guard(Right.APPLICATION_READ)(applicants.applicants), name="applicants"),
    path("applicants.<str:kind>", guard(Right.APPLICATION_READ)(applicants.export), name="applicants_export"),
]
