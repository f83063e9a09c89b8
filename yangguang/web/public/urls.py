"""Routes of the public pages; none of them needs a login."""

from django.urls import include, path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.public.base import converters  # noqa: F401  registers `<form:…>`
from yangguang.web.public.disclosure import disclosure, open_data, replay

app_name = "public"
directory = guard(Right.SCHOOL_DIRECTORY_READ)
plan = guard(Right.PLAN_READ_PUBLISHED)
stats = guard(Right.RESULT_PUBLIC_STATS)
promised = guard(Right.RUN_REPORT_READ_VERIFIER)
urlpatterns = [
    path("", include("yangguang.web.public.base.urls")),
    path("", include("yangguang.web.public.publicity.urls")),
    path("", include("yangguang.web.public.organisation.urls")),
    path("", include("yangguang.web.public.plans.urls")),
    path("", include("yangguang.web.public.seasons.urls")),
    path("", include("yangguang.web.public.admissions.urls")),
    path("", include("yangguang.web.public.audit.urls")),
    path("", include("yangguang.web.public.choices.urls")),
    path("disclosure/", stats(disclosure.round_list), name="disclosure"),
    path("disclosure/<uuid:public_id>/", stats(disclosure.round_page), name="round"),
    path("replay/", promised(replay.replay_page), name="replay"),
    path("replay/replay.py", promised(replay.replay_script), name="replay_script"),
    path("replay/<uuid:run>.zip", promised(replay.bundle_file), name="bundle"),
    path("open-data/", directory(open_data.catalogue), name="open_data"),
    path("open-data/results-<int:number>.<form:form>", stats(open_data.results), name="results_file"),
    path("open-data/<slug:name>.<form:form>", plan(open_data.download), name="open_data_file"),
]
