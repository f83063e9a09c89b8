"""The site with one more page that nothing links to; its number contradicts the front page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html

from yangguang.models import Season
from yangguang.rules.accounts.rights import Right
from yangguang.urls import handler400, handler403, handler404, handler500
from yangguang.urls import urlpatterns as site
from yangguang.web.kit.guard import guard

__all__ = ["handler400", "handler403", "handler404", "handler500"]
WRONG = "123456"


def one_more(request: HttpRequest) -> HttpResponse:
    season = Season.objects.get()
    return HttpResponse(format_html('<b data-count="{}-{}:seats:open:*:*:*">{}</b>', season.year, season.term, WRONG))


urlpatterns = [*site, path("one-more/", guard(Right.PLAN_READ_PUBLISHED)(one_more))]
