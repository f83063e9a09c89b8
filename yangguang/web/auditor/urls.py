"""Routes of the auditor's desk."""

from django.urls import include, path

app_name = "auditor"
urlpatterns = [
    path("", include("yangguang.web.auditor.audit.urls")),
    path("", include("yangguang.web.auditor.choices.urls")),
]
