"""Routes of a bureau's desk."""

from django.urls import include, path

app_name = "authority"
urlpatterns = [
    path("", include("yangguang.web.authority.admissions.urls")),
    path("", include("yangguang.web.authority.base.urls")),
    path("", include("yangguang.web.authority.organisation.urls")),
    path("", include("yangguang.web.authority.plans.urls")),
    path("", include("yangguang.web.authority.publicity.urls")),
    path("", include("yangguang.web.authority.seasons.urls")),
    path("", include("yangguang.web.authority.runs.urls")),
    path("", include("yangguang.web.authority.reporting.urls")),
    path("", include("yangguang.web.authority.supervision.urls")),
    path("", include("yangguang.web.authority.applicants.urls")),
    path("", include("yangguang.web.authority.choices.urls")),
    path("", include("yangguang.web.authority.accounts.urls")),
]
