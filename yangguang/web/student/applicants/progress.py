"""我的进度 and 结果与理由: what happened, who did it, what comes next and until when. (F-B5, F-B7, F-N8)"""

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
from yangguang.queries.choices.choice_history import reviews_of
from yangguang.queries.choices.programme_options import rounds_for
from yangguang.queries.disclosure.bundles import own_rows
from yangguang.queries.disclosure.results import own_results
from yangguang.web.kit.actor import Request
from yangguang.web.student.admissions.reasons import build_admissions, build_rounds
from yangguang.web.student.applicants.registration_draft import typed_so_far
from yangguang.web.student.applicants.registration_steps import steps_for
from yangguang.web.student.applicants.timeline import live_of, standing_of, timeline
from yangguang.web.student.applicants.timeline_events import offer_events, open_of, release_events, ways_of
from yangguang.web.student.base.layout import show


@require_safe
def home(request: Request) -> HttpResponse:
    """The one application, or the list of them, or the way to the first."""
    found = student_home.applications(request.actor)
    season = student_home.season_to_join(request.actor)
    joined = {application.season_id for application in found}
    if len(found) == 1 and (season is None or season.pk in joined):
        return HttpResponseRedirect(reverse("student:progress", args=[found[0].public_id]))
    standings = [(of.application, standing_of(of)[1]) for of in student_home.seats_and_records(found)]
    steps = len(steps_for(typed_so_far(request), clock.now(), ""))
    joining = f"报名分{steps}步，大约需要五分钟；先阅读告知书，再填写姓名和证件号码。"
    values = {"applications": standings, "season": season, "title": "", "joining": joining}
    return show(request, "student/base/home.html", values)


@require_safe
def one(request: Request, application: UUID) -> HttpResponse:
    """The timeline of one application."""
    found = student_home.application(request.actor, application)
    at = clock.now()
    journey, rounds = student_home.journey(found), rounds_for(found, at)
    live = live_of(journey)
    check_in = get_check_in_span(live.round) if live is not None else (None, None)
    offers = list_own_offers(found)
    more = [*offer_events(offers), *release_events(list_withdrawals(found))]
    values = {
        "title": "我的进度",
        "events": timeline(journey, rounds, at, check_in, more),
        "standing": standing_of(journey),
        "open_offers": open_of(offers, at),
        "at": at,
        "own_points": own_points(found.pk),
        "reviews": reviews_of(found, at) if journey.versions else [],
        **ways_of(live, bool(journey.records), rounds),
    }
    return show(request, "student/applicants/progress.html", values, application=found)


@require_safe
def results(request: Request, application: UUID) -> HttpResponse:
    """Every published round with a sentence for every choice."""
    found = student_home.application(request.actor, application)
    results = own_results(found.pk, found.number, found.person_id)
    at = clock.now()
    values = {
        "title": "结果与理由",
        "own_points": own_points(found.pk),
        "rounds": build_rounds(results, list_own_places(found), own_rows([found.pk], found.person_id)),
        "admissions": build_admissions(results),
        "open_offers": open_of(list_own_offers(found), at),
        "at": at,
    }
    return show(request, "student/admissions/results.html", values, application=found)
