"""Routes of a bureau's targets, progress and monthly forms."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.reporting import progress, progress_persons, report_actions, reports, target_edit, targets
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("targets/", guard(Right.TASK_NUMBER_READ)(targets.targets), name="targets"),
    path("targets/edit/", guard(Right.TASK_NUMBER_SET_CHILDREN)(target_edit.edit), name="targets_edit"),
    path("progress/", guard(Right.MONTHLY_REPORT_SEE_BOTH_LINES)(progress.progress), name="progress"),
    path("progress/people/", guard(Right.APPLICATION_READ)(progress_persons.people), name="people"),
    path("reports/", guard(Right.MONTHLY_REPORT_SEE_BOTH_LINES)(reports.reports), name="reports"),
    path("reports/compute/", guard(Right.MONTHLY_REPORT_FILL)(report_actions.compute), name="report_compute"),
    path("reports/<uuid:report>/", guard(Right.MONTHLY_REPORT_SEE_BOTH_LINES)(reports.report), name="report"),
    path(
        "reports/<uuid:report>/print/",
        guard(Right.MONTHLY_REPORT_SEE_BOTH_LINES)(reports.print_page),
        name="report_print",
    ),
    path(
        "reports/<uuid:report>/file.<str:kind>",
        guard(Right.MONTHLY_REPORT_SEE_BOTH_LINES)(reports.download),
        name="report_file",
    ),
    path(
        "reports/<uuid:report>/review/", guard(Right.MONTHLY_REPORT_FILL)(report_actions.review), name="report_review"
    ),
    path(
        "reports/<uuid:report>/reopen/", guard(Right.MONTHLY_REPORT_FILL)(report_actions.reopen), name="report_reopen"
    ),
    path("reports/<uuid:report>/seal/", guard(Right.MONTHLY_REPORT_SEAL)(report_actions.seal), name="report_seal"),
    path("reports/<uuid:report>/send/", guard(Right.MONTHLY_REPORT_SEAL)(report_actions.send), name="report_send"),
    path(
        "reports/<uuid:report>/receive/",
        guard(Right.MONTHLY_REPORT_RECEIVE)(report_actions.receive),
        name="report_receive",
    ),
    path(
        "reports/<uuid:report>/return/",
        guard(Right.MONTHLY_REPORT_RECEIVE)(report_actions.return_back),
        name="report_return",
    ),
    path(
        "reports/hand-over/", guard(Right.MONTHLY_REPORT_HAND_OVER)(report_actions.hand_over), name="report_hand_over"
    ),
]
