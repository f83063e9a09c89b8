"""Routes of the bureau's desk: the area admissions."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.admissions import exam_board, no_shows, waiting_list, withdrawals
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("rounds/<uuid:round>/absent/", guard(Right.ADMISSION_CENTRAL_RUN)(no_shows.no_shows), name="no_shows"),
    path("rounds/<uuid:round>/waiting/", guard(Right.ADMISSION_CENTRAL_RUN)(waiting_list.waiting_list), name="waiting"),
    path("rounds/<uuid:round>/waiting/offer/", guard(Right.WAITING_OFFER)(waiting_list.offer_due), name="offer_due"),
    path("releases/", guard(Right.SANCTION_PROPOSE)(withdrawals.withdrawal_counts), name="release_counts"),
    path("imports/", guard(Right.IMPORTED_RESULT_CHECK)(exam_board.list_rounds), name="imports"),
    path(
        "imports/templates/<slug:profile>.xlsx",
        guard(Right.IMPORTED_RESULT_CHECK)(exam_board.download_template),
        name="import_template",
    ),
    path(
        "imports/<uuid:import_round>/", guard(Right.IMPORTED_RESULT_CHECK)(exam_board.show_round), name="import_round"
    ),
    path(
        "imports/<uuid:import_round>/settle/",
        guard(Right.IMPORTED_RESULT_LOAD)(exam_board.decide_row),
        name="import_settle",
    ),
    path(
        "imports/files/<uuid:import_file>/",
        guard(Right.IMPORTED_RESULT_CHECK)(exam_board.show_file),
        name="import_file",
    ),
    path(
        "imports/files/<uuid:import_file>/load/",
        guard(Right.IMPORTED_RESULT_LOAD)(exam_board.load_file),
        name="import_load",
    ),
]
