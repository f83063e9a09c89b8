"""Routes of the school's desk."""

from django.urls import include, path

app_name = "school"
urlpatterns = [
    path("", include("yangguang.web.school.base.urls")),
    path("", include("yangguang.web.school.applicants.urls")),
    path("", include("yangguang.web.school.admissions.urls")),
    path("", include("yangguang.web.school.plans.urls")),
    path("", include("yangguang.web.school.records.urls")),
    path("", include("yangguang.web.school.accounts.urls")),
]
