"""Routes under /me/."""

from django.urls import include, path

app_name = "student"
urlpatterns = [
    path("", include("yangguang.web.student.applicants.urls")),
    path("", include("yangguang.web.student.choices.urls")),
    path("", include("yangguang.web.student.admissions.urls")),
    path("", include("yangguang.web.student.messages.urls")),
    path("", include("yangguang.web.student.audit.urls")),
    path("", include("yangguang.web.student.records.urls")),
]
