"""Routes of the public pages: front page, notices."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.public.publicity.home import favicon, front_page
from yangguang.web.public.publicity.notices import notice_list, notice_page

urlpatterns = [
    path("", guard(Right.SCHOOL_DIRECTORY_READ)(front_page), name="front"),
    path("favicon.ico", guard(Right.SCHOOL_DIRECTORY_READ)(favicon), name="favicon"),
    path("notices/", guard(Right.SCHOOL_DIRECTORY_READ)(notice_list), name="notices"),
    path("notices/<uuid:public_id>/", guard(Right.SCHOOL_DIRECTORY_READ)(notice_page), name="notice"),
]
