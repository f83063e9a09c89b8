"""The calendar of the season. (F-H1)"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang.queries.publicity.public_home import load_public_home
from yangguang.rules.seasons.windows import WindowKind
from yangguang.web.kit.actor import Request
from yangguang.web.public.base.page_cache import cache_for_guests

STAFF_KINDS = frozenset({WindowKind.PLAN_ENTRY, WindowKind.BROCHURE_REVIEW, WindowKind.ADMISSION, WindowKind.REPORTING})


@require_safe
@cache_for_guests
def calendar(request: Request) -> HttpResponse:
    """Every window of the season with its source, those of schools and bureaus included."""
    values = {"page": load_public_home(notices=0), "staff_kinds": STAFF_KINDS}
    return render(request, "public/seasons/calendar.html", values)
