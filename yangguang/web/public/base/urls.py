"""Routes of the public pages: manuals, and the health check of the server."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.public.base.health import health
from yangguang.web.public.base.manuals import manual_file, manual_list, manual_page

urlpatterns = [
    path("manuals/", guard(Right.SCHOOL_DIRECTORY_READ)(manual_list), name="manuals"),
    path("manuals/<slug:name>/", guard(Right.SCHOOL_DIRECTORY_READ)(manual_page), name="manual"),
    path("manuals/<slug:name>.md", guard(Right.SCHOOL_DIRECTORY_READ)(manual_file), name="manual_file"),
    path("healthz", guard(Right.SCHOOL_DIRECTORY_READ)(health), name="health"),
]
