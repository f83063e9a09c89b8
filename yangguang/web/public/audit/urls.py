"""Routes of the public pages: the daily roots of the log."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.public.audit.audit_roots import root_file, root_list, root_page
from yangguang.web.public.base import converters  # noqa: F401  registers `<day:…>`

urlpatterns = [
    path("audit/roots/", guard(Right.AUDIT_ROOT_PUBLISH_VERIFY)(root_list), name="roots"),
    path("audit/roots/<day:day>/", guard(Right.AUDIT_ROOT_PUBLISH_VERIFY)(root_page), name="root"),
    path("audit/roots/<day:day>.json", guard(Right.AUDIT_ROOT_PUBLISH_VERIFY)(root_file), name="root_file"),
]
