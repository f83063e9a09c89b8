"""Routes of the public pages: published results, replay of a round, open data."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.public.base import converters  # noqa: F401  registers `<form:…>`
from yangguang.web.public.disclosure.disclosure import round_list, round_page
from yangguang.web.public.disclosure.open_data import catalogue, download, results
from yangguang.web.public.disclosure.replay import bundle_file, bundle_proof, replay_page, replay_script
from yangguang.web.public.disclosure.replay_format import format_file, format_page, vectors_file

urlpatterns = [
    path("disclosure/", guard(Right.RESULT_PUBLIC_STATS)(round_list), name="disclosure"),
    path("disclosure/<uuid:public_id>/", guard(Right.RESULT_PUBLIC_STATS)(round_page), name="round"),
    path("replay/", guard(Right.RUN_REPORT_READ_VERIFIER)(replay_page), name="replay"),
    path("replay/replay.py", guard(Right.RUN_REPORT_READ_VERIFIER)(replay_script), name="replay_script"),
    path("replay/format/", guard(Right.RUN_REPORT_READ_VERIFIER)(format_page), name="replay_format"),
    path("replay/format/vectors.zip", guard(Right.RUN_REPORT_READ_VERIFIER)(vectors_file), name="replay_vectors"),
    path(
        "replay/format/<slug:language>/",
        guard(Right.RUN_REPORT_READ_VERIFIER)(format_page),
        name="replay_format_language",
    ),
    path(
        "replay/format/<slug:language>.md",
        guard(Right.RUN_REPORT_READ_VERIFIER)(format_file),
        name="replay_format_file",
    ),
    path("replay/<uuid:run>.zip", guard(Right.RUN_REPORT_READ_VERIFIER)(bundle_file), name="bundle"),
    path("replay/<uuid:run>.proof.json", guard(Right.RUN_REPORT_READ_VERIFIER)(bundle_proof), name="bundle_proof"),
    path("open-data/", guard(Right.SCHOOL_DIRECTORY_READ)(catalogue), name="open_data"),
    path("open-data/results-<int:number>.<form:form>", guard(Right.RESULT_PUBLIC_STATS)(results), name="results_file"),
    path("open-data/<slug:name>.<form:form>", guard(Right.PLAN_READ_PUBLISHED)(download), name="open_data_file"),
]
