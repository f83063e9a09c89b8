"""Routes of the public pages; nobody is asked to log in for any of them."""

from datetime import date

from django.urls import include, path, register_converter

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.public.audit import audit_roots
from yangguang.web.public.base import health, manuals
from yangguang.web.public.choices import receipts
from yangguang.web.public.disclosure import disclosure, open_data, replay
from yangguang.web.public.publicity import home, notices


class DayConverter:
    """2024-08-28 in an address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class FormConverter:
    """The forms of a file."""

    regex = "csv|json"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(DayConverter, "day")
register_converter(FormConverter, "form")

app_name = "public"
directory = guard(Right.SCHOOL_DIRECTORY_READ)
plan = guard(Right.PLAN_READ_PUBLISHED)
stats = guard(Right.RESULT_PUBLIC_STATS)
promised = guard(Right.RUN_REPORT_READ_VERIFIER)
proof = guard(Right.AUDIT_ROOT_PUBLISH_VERIFY)
urlpatterns = [
    path("", include("yangguang.web.public.admissions.urls")),
    path("", directory(home.front_page), name="front"),
    path("favicon.ico", directory(home.favicon), name="favicon"),
    path("calendar/", directory(home.calendar), name="calendar"),
    path("", include("yangguang.web.public.organisation.urls")),
    path("", include("yangguang.web.public.plans.urls")),
    path("", include("yangguang.web.public.seasons.urls")),
    path("notices/", directory(notices.notice_list), name="notices"),
    path("notices/<uuid:public_id>/", directory(notices.notice_page), name="notice"),
    path("disclosure/", stats(disclosure.round_list), name="disclosure"),
    path("disclosure/<uuid:public_id>/", stats(disclosure.round_page), name="round"),
    path("replay/", promised(replay.replay_page), name="replay"),
    path("replay/replay.py", promised(replay.replay_script), name="replay_script"),
    path("replay/<uuid:run>.zip", promised(replay.bundle_file), name="bundle"),
    path("audit/receipts/", proof(receipts.check_page), name="receipts"),
    path("audit/roots/", proof(audit_roots.root_list), name="roots"),
    path("audit/roots/<day:day>/", proof(audit_roots.root_page), name="root"),
    path("audit/roots/<day:day>.json", proof(audit_roots.root_file), name="root_file"),
    path("open-data/", directory(open_data.catalogue), name="open_data"),
    path("open-data/results-<int:number>.<form:form>", stats(open_data.results), name="results_file"),
    path("open-data/<slug:name>.<form:form>", plan(open_data.download), name="open_data_file"),
    path("manuals/", directory(manuals.manual_list), name="manuals"),
    path("manuals/<slug:name>/", directory(manuals.manual_page), name="manual"),
    path("manuals/<slug:name>.md", directory(manuals.manual_file), name="manual_file"),
    path("healthz", directory(health.health), name="health"),
]
