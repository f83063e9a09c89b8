"""我的进度 and 结果与理由: what happened, by whom, what comes next and until when. (F-B5, F-B7, F-N8)"""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.queries.admissions.check_ins import get_check_in_span
from yangguang.queries.admissions.waiting_list import list_own_offers, list_own_places
from yangguang.queries.admissions.withdrawals import list_withdrawals
from yangguang.queries.applicants import student_home
from yangguang.queries.applicants.aptitude_tests import own_points
from yangguang.queries.choices.choice_history import list_reviews
from yangguang.queries.choices.programme_options import rounds_for
from yangguang.queries.disclosure.bundles import list_own_rows
from yangguang.queries.disclosure.results import load_own_results
from yangguang.queries.seasons.seasons import list_seasons_to_join
from yangguang.web.kit.actor import Request
from yangguang.web.student.admissions.reasons import build_rounds
from yangguang.web.student.applicants.registration_draft import load_typed
from yangguang.web.student.applicants.registration_steps import season_is_missing, steps_for
from yangguang.web.student.applicants.timeline import (
    arrange,
    build_timeline,
    describe_status,
    list_records,
    list_steps,
    live_admission,
)
from yangguang.web.student.applicants.timeline_events import offer_events, open_offers, seat_actions, withdrawal_events
from yangguang.web.student.base.layout import render_page


@require_safe
def home(request: Request) -> HttpResponse:
    """The one application, or the list of them, or the link to register the first."""
    applications = student_home.applications(request.actor)
    seasons = list_seasons_to_join()
    joined = {application.season_id for application in applications}
    if len(applications) == 1 and {season.pk for season in seasons} <= joined:
        return HttpResponseRedirect(reverse("student:progress", args=[applications[0].public_id]))
    student_home.prefetch_history(applications, in_full=False)
    statuses = [(application, describe_status(application)[1]) for application in applications]
    typed = load_typed(request)
    steps = len(steps_for(typed, clock.now(), "season" if season_is_missing(typed) else ""))
    joining = f"报名分{steps}步，大约需要五分钟；先阅读告知书，再填写姓名和证件号码。"
    values = {"applications": statuses, "seasons": seasons, "title": "", "joining": joining}
    return render_page(request, "student/base/home.html", values)


@require_safe
def one(request: Request, application: UUID) -> HttpResponse:
    """The timeline of one application."""
    row, at = student_home.application(request.actor, application), clock.now()
    rounds = rounds_for(row, at)
    student_home.prefetch_history([row], in_full=True)
    live = live_admission(row)
    check_in = get_check_in_span(live.round) if live is not None else (None, None)
    offers = list_own_offers(row)
    more = [*offer_events(offers), *withdrawal_events(list_withdrawals(row))]
    values = {
        "title": "我的进度",
        **arrange(build_timeline(row, rounds, at, check_in, more)),
        "steps": list_steps(row, live),
        "status": describe_status(row),
        "at": at,
        "own_points": own_points(row),
        "reviews": list_reviews(row, at) if row.versions.all() else [],
        **seat_actions(live, rounds, has_record=bool(list_records(row))),
    }
    return render_page(request, "student/applicants/progress.html", values, application=row)


@require_safe
def results(request: Request, application: UUID) -> HttpResponse:
    """Every published round with a sentence for every choice."""
    row = student_home.application(request.actor, application)
    results = load_own_results(row.pk, row.number, row.person_id)
    at = clock.now()
    values = {
        "title": "结果与理由",
        "own_points": own_points(row),
        "rounds": build_rounds(results, list_own_places(row), list_own_rows([row.pk], row.person_id)),
        "admissions": results.admissions,
        "open_offers": open_offers(list_own_offers(row), at),
        "at": at,
    }
    return render_page(request, "student/admissions/results.html", values, application=row)
