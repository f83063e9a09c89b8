"""Routes of the school directory."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.public.organisation import schools

urlpatterns = [
    path("schools/", guard(Right.SCHOOL_DIRECTORY_READ)(schools.directory), name="schools"),
    path("schools/<uuid:public_id>/", guard(Right.SCHOOL_PAGE_READ)(schools.school_page), name="school"),
]
