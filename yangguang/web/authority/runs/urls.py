"""Routes of rounds and runs."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.runs import round_actions, rounds, run_actions, runs
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("rounds/", guard(Right.ADMISSION_CENTRAL_RUN)(rounds.rounds), name="rounds"),
    path("rounds/<uuid:round>/", guard(Right.ADMISSION_CENTRAL_RUN)(rounds.round), name="round"),
    path("rounds/<uuid:round>/open/", guard(Right.ROUND_WINDOW_SET)(round_actions.open_round), name="round_open"),
    path("rounds/<uuid:round>/seed/", guard(Right.ADMISSION_CENTRAL_RUN)(round_actions.seed), name="round_seed"),
    path("rounds/<uuid:round>/start/", guard(Right.ADMISSION_CENTRAL_RUN)(round_actions.start), name="round_start"),
    path(
        "rounds/<uuid:round>/schedule/",
        guard(Right.ADMISSION_CENTRAL_RUN)(round_actions.schedule),
        name="round_schedule",
    ),
    path("rounds/<uuid:round>/what-if/", guard(Right.RUN_TRIAL)(round_actions.what_if), name="round_what_if"),
    path("rounds/<uuid:round>/lapse/", guard(Right.ANSWER_LAPSE)(round_actions.lapse), name="round_lapse"),
    path("rounds/<uuid:round>/release/", guard(Right.CHECK_IN_RELEASE_ABSENT)(round_actions.release), name="release"),
    path("runs/<uuid:run>/", guard(Right.ADMISSION_CENTRAL_RUN)(runs.run), name="run"),
    path("runs/<uuid:run>/progress/", guard(Right.ADMISSION_CENTRAL_RUN)(runs.progress), name="run_progress"),
    path("runs/<uuid:run>/programmes/", guard(Right.ADMISSION_CENTRAL_RUN)(runs.programmes), name="run_programmes"),
    path(
        "runs/<uuid:run>/programmes/<uuid:programme>/",
        guard(Right.RUN_READ_RANKING)(runs.programme),
        name="run_programme",
    ),
    path("runs/<uuid:run>/difference/", guard(Right.RUN_READ_RANKING)(runs.changes), name="run_changes"),
    path("runs/<uuid:run>/compare/", guard(Right.RUN_READ_RANKING)(run_actions.compare), name="run_compare"),
    path("runs/<uuid:run>/cancel/", guard(Right.ADMISSION_CENTRAL_RUN)(run_actions.cancel), name="run_cancel"),
    path("runs/<uuid:run>/propose/", guard(Right.ADMISSION_CENTRAL_RUN)(run_actions.propose), name="run_propose"),
    path("runs/<uuid:run>/approve/", guard(Right.ADMISSION_PUBLISH)(run_actions.approve), name="run_approve"),
    path("runs/<uuid:run>/publish/", guard(Right.ADMISSION_PUBLISH)(run_actions.publish), name="run_publish"),
    path("runs/<uuid:run>/time/", guard(Right.ADMISSION_PUBLISH)(run_actions.time), name="run_time"),
    path("runs/<uuid:run>/call-off/", guard(Right.ADMISSION_PUBLISH)(run_actions.call_off), name="run_call_off"),
]
