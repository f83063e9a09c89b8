"""Routes of a bureau's desk."""

from django.urls import include, path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.runs import round_actions, rounds, run_actions
from yangguang.web.authority.runs import runs as run_pages
from yangguang.web.kit.guard import guard

app_name = "authority"
runs = guard(Right.ADMISSION_CENTRAL_RUN)
publishes, dates = guard(Right.ADMISSION_PUBLISH), guard(Right.ROUND_WINDOW_SET)
ranks = guard(Right.RUN_READ_RANKING)
urlpatterns = [
    path("", include("yangguang.web.authority.admissions.urls")),
    path("", include("yangguang.web.authority.base.urls")),
    path("", include("yangguang.web.authority.plans.urls")),
    path("", include("yangguang.web.authority.seasons.urls")),
    path("rounds/", runs(rounds.rounds), name="rounds"),
    path("rounds/<uuid:round>/", runs(rounds.round), name="round"),
    path("rounds/<uuid:round>/open/", dates(round_actions.open_round), name="round_open"),
    path("rounds/<uuid:round>/seed/", runs(round_actions.seed), name="round_seed"),
    path("rounds/<uuid:round>/start/", runs(round_actions.start), name="round_start"),
    path("rounds/<uuid:round>/schedule/", runs(round_actions.schedule), name="round_schedule"),
    path("rounds/<uuid:round>/what-if/", guard(Right.RUN_TRIAL)(round_actions.what_if), name="round_what_if"),
    path("rounds/<uuid:round>/lapse/", guard(Right.ANSWER_LAPSE)(round_actions.lapse), name="round_lapse"),
    path("rounds/<uuid:round>/release/", guard(Right.CHECK_IN_RELEASE_ABSENT)(round_actions.release), name="release"),
    path("runs/<uuid:run>/", runs(run_pages.run), name="run"),
    path("runs/<uuid:run>/progress/", runs(run_pages.progress), name="run_progress"),
    path("runs/<uuid:run>/programmes/", runs(run_pages.programmes), name="run_programmes"),
    path("runs/<uuid:run>/programmes/<uuid:programme>/", ranks(run_pages.programme), name="run_programme"),
    path("runs/<uuid:run>/difference/", ranks(run_pages.changes), name="run_changes"),
    path("runs/<uuid:run>/compare/", ranks(run_actions.compare), name="run_compare"),
    path("runs/<uuid:run>/cancel/", runs(run_actions.cancel), name="run_cancel"),
    path("runs/<uuid:run>/propose/", runs(run_actions.propose), name="run_propose"),
    path("runs/<uuid:run>/approve/", publishes(run_actions.approve), name="run_approve"),
    path("runs/<uuid:run>/publish/", publishes(run_actions.publish), name="run_publish"),
    path("runs/<uuid:run>/time/", publishes(run_actions.time), name="run_time"),
    path("runs/<uuid:run>/call-off/", publishes(run_actions.call_off), name="run_call_off"),
    path("", include("yangguang.web.authority.reporting.urls")),
    path("", include("yangguang.web.authority.applicants.urls")),
    path("", include("yangguang.web.authority.choices.urls")),
    path("", include("yangguang.web.authority.accounts.urls")),
]
