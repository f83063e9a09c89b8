"""Every route of the site, by desk."""

from django.urls import URLPattern, URLResolver, include, path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.gallery import gallery
from yangguang.web.kit.guard import guard

urlpatterns: list[URLPattern | URLResolver] = [
    path("gallery/", guard(Right.SCHOOL_DIRECTORY_READ)(gallery), name="gallery"),
    path("", include("yangguang.web.login.urls")),
    path("", include("yangguang.web.public.urls")),
    path("me/", include("yangguang.web.student.urls")),
    path("school/", include("yangguang.web.school.urls")),
    path("desk/", include("yangguang.web.authority.urls")),
    path("audit/", include("yangguang.web.auditor.urls")),
]

handler400 = handler403 = handler404 = handler500 = "yangguang.web.kit.refusals.answer"
