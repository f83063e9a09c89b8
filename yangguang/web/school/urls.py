"""Routes of the school's desk."""

from django.urls import include, path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.school.base import home

app_name = "school"
urlpatterns = [
    path("", include("yangguang.web.school.applicants.urls")),
    path("", include("yangguang.web.school.admissions.urls")),
    path("", guard(Right.PLAN_DRAFT)(home.home), name="home"),
    path("", include("yangguang.web.school.plans.urls")),
    path("", include("yangguang.web.school.records.urls")),
]
