"""Routes of a bureau's desk."""

from django.urls import path

from yangguang.rules.rights import Right
from yangguang.web.authority import (
    after_results,
    case_pages,
    contests,
    home,
    imports,
    people,
    plan_acts,
    plans,
    progress,
    proposals,
    report_acts,
    reports,
    round_acts,
    rounds,
    run_acts,
    run_pages,
    target_edit,
    targets,
    windows,
)
from yangguang.web.kit.guard import guard

app_name = "authority"
approves, runs = guard(Right.PLAN_APPROVE), guard(Right.ADMISSION_CENTRAL_RUN)
publishes, sees = guard(Right.ADMISSION_PUBLISH), guard(Right.MONTHLY_REPORT_SEE_BOTH_LINES)
fills, seals = guard(Right.MONTHLY_REPORT_FILL), guard(Right.MONTHLY_REPORT_SEAL)
hands_down, dates = guard(Right.TASK_NUMBER_SET_CHILDREN), guard(Right.ROUND_WINDOW_SET)
ranks, decides = guard(Right.RUN_READ_RANKING), guard(Right.DUPLICATE_DECIDE)
compares, loads = guard(Right.IMPORTED_RESULT_CHECK), guard(Right.IMPORTED_RESULT_LOAD)
looks, settles = guard(Right.CONTEST_READ), guard(Right.CONTEST_DECIDE)
urlpatterns = [
    path("", approves(home.home), name="home"),
    path("plans/", approves(plans.plans), name="plans"),
    path("plans/publish/", approves(plan_acts.publish), name="plans_publish"),
    path("plans/<uuid:plan>/", approves(plans.plan), name="plan"),
    path("plans/<uuid:plan>/pass/", approves(plan_acts.pass_on), name="plan_pass"),
    path("plans/<uuid:plan>/return/", approves(plan_acts.return_back), name="plan_return"),
    path("rounds/", runs(rounds.rounds), name="rounds"),
    path("rounds/<uuid:round>/", runs(rounds.round), name="round"),
    path("rounds/<uuid:round>/open/", dates(round_acts.open_round), name="round_open"),
    path("rounds/<uuid:round>/seed/", runs(round_acts.seed), name="round_seed"),
    path("rounds/<uuid:round>/start/", runs(round_acts.start), name="round_start"),
    path("rounds/<uuid:round>/schedule/", runs(round_acts.schedule), name="round_schedule"),
    path("rounds/<uuid:round>/what-if/", guard(Right.RUN_TRIAL)(round_acts.what_if), name="round_what_if"),
    path("rounds/<uuid:round>/lapse/", guard(Right.ANSWER_LAPSE)(round_acts.lapse), name="round_lapse"),
    path(
        "rounds/<uuid:round>/release/",
        guard(Right.CHECK_IN_RELEASE_ABSENT)(round_acts.release),
        name="release",
    ),
    path("rounds/<uuid:round>/absent/", runs(after_results.no_shows), name="no_shows"),
    path("rounds/<uuid:round>/waiting/", runs(after_results.waiting_list), name="waiting"),
    path(
        "rounds/<uuid:round>/waiting/offer/",
        guard(Right.WAITING_OFFER)(after_results.offer_due),
        name="offer_due",
    ),
    path("releases/", guard(Right.SANCTION_PROPOSE)(after_results.release_counts), name="release_counts"),
    path("runs/<uuid:run>/", runs(run_pages.run), name="run"),
    path("runs/<uuid:run>/progress/", runs(run_pages.progress), name="run_progress"),
    path("runs/<uuid:run>/lines/", runs(run_pages.lines), name="run_lines"),
    path("runs/<uuid:run>/lines/<uuid:line>/", ranks(run_pages.line), name="run_line"),
    path("runs/<uuid:run>/difference/", ranks(run_pages.changes), name="run_changes"),
    path("runs/<uuid:run>/compare/", ranks(run_acts.compare), name="run_compare"),
    path("runs/<uuid:run>/cancel/", runs(run_acts.cancel), name="run_cancel"),
    path("runs/<uuid:run>/propose/", runs(run_acts.propose), name="run_propose"),
    path("runs/<uuid:run>/approve/", publishes(run_acts.approve), name="run_approve"),
    path("runs/<uuid:run>/publish/", publishes(run_acts.publish), name="run_publish"),
    path("runs/<uuid:run>/time/", publishes(run_acts.time), name="run_time"),
    path("runs/<uuid:run>/call-off/", publishes(run_acts.call_off), name="run_call_off"),
    path("windows/", dates(windows.windows), name="windows"),
    path("windows/set/", dates(windows.set_window), name="window_set"),
    path("targets/", hands_down(targets.targets), name="targets"),
    path("targets/edit/", hands_down(target_edit.edit), name="targets_edit"),
    path("progress/", sees(progress.progress), name="progress"),
    path("progress/people/", guard(Right.APPLICATION_READ)(people.people), name="people"),
    path("reports/", sees(reports.reports), name="reports"),
    path("reports/compute/", fills(report_acts.compute), name="report_compute"),
    path("reports/<uuid:report>/", sees(reports.report), name="report"),
    path("reports/<uuid:report>/print/", sees(reports.printed), name="report_print"),
    path("reports/<uuid:report>/file.<str:kind>", sees(reports.download), name="report_file"),
    path("reports/<uuid:report>/review/", fills(report_acts.review), name="report_review"),
    path("reports/<uuid:report>/seal/", seals(report_acts.seal), name="report_seal"),
    path("reports/<uuid:report>/send/", seals(report_acts.send), name="report_send"),
    path("cases/", decides(case_pages.cases), name="cases"),
    path("cases/<uuid:case>/", decides(case_pages.case), name="case"),
    path("cases/<uuid:case>/settle/", decides(case_pages.settle), name="case_settle"),
    path("imports/", compares(imports.imports), name="imports"),
    path("imports/templates/<slug:profile>.xlsx", compares(imports.template), name="import_template"),
    path("imports/<uuid:import_round>/", compares(imports.round_imports), name="import_round"),
    path("imports/<uuid:import_round>/settle/", loads(imports.settle), name="import_settle"),
    path("imports/files/<uuid:import_file>/", compares(imports.import_file), name="import_file"),
    path("imports/files/<uuid:import_file>/load/", loads(imports.load), name="import_load"),
    path("contests/", looks(contests.contests), name="contests"),
    path("contests/<uuid:contest>/", looks(contests.contest), name="contest"),
    path(
        "contests/<uuid:contest>/propose/",
        guard(Right.CONTEST_PROPOSE)(contests.propose),
        name="contest_propose",
    ),
    path("contests/<uuid:contest>/return/", settles(contests.return_back), name="contest_return"),
    path("contests/<uuid:contest>/decide/", settles(contests.decide), name="contest_decide"),
    path("proposals/", approves(proposals.proposals), name="proposals"),
]
