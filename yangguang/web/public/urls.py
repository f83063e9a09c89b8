"""Routes of the public pages; none of them needs a login."""

from django.urls import include, path

app_name = "public"
urlpatterns = [
    path("", include("yangguang.web.public.base.urls")),
    path("", include("yangguang.web.public.publicity.urls")),
    path("", include("yangguang.web.public.organisation.urls")),
    path("", include("yangguang.web.public.plans.urls")),
    path("", include("yangguang.web.public.seasons.urls")),
    path("", include("yangguang.web.public.admissions.urls")),
    path("", include("yangguang.web.public.audit.urls")),
    path("", include("yangguang.web.public.choices.urls")),
    path("", include("yangguang.web.public.disclosure.urls")),
]
