"""Routes of a bureau's desk: policy notices."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.publicity import notices
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("notices/", guard(Right.POLICY_NOTICE_PUBLISH)(notices.notices), name="notices"),
    path("notices/new/", guard(Right.POLICY_NOTICE_PUBLISH)(notices.write), name="notice_new"),
]
