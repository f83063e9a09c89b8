"""The log by page: acts done or denied, without names, numbers and phones of students. (F-I2)"""

from datetime import timedelta

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yangguang.models import AuditEntry
from yangguang.queries.audit.labels import list_subjects
from yangguang.queries.audit.log_view import list_log_rows
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.events import EVENTS
from yangguang.rules.seasons.windows import start_of
from yangguang.web.auditor.base.layout import page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.forms import DayField, Filters
from yangguang.web.kit.paging import page_of


class LogFilters(Filters):
    """Action, outcome, day and subject."""

    action = forms.ChoiceField(label="动作", choices=[("", "全部"), *EVENTS.items()])
    outcome = forms.ChoiceField(label="结果", choices=[("", "全部"), *AuditEntry.Outcome.choices])
    day = DayField(label="日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    subject = forms.CharField(label="所涉事项编号", max_length=80)


@require_safe
def log(request: Request) -> HttpResponse:
    """One page of entries, the newest first."""
    form = LogFilters(request.GET)
    entries = AuditEntry.objects.for_actor(request.actor, Right.AUDIT_LOG_READ)
    if day := form.chosen["day"]:
        entries = entries.filter(at__gte=start_of(day), at__lt=start_of(day + timedelta(days=1)))
    for name in ("action", "outcome"):
        if value := form.chosen[name]:
            entries = entries.filter(**{name: value})
    if typed := (form.chosen["subject"] or "").strip():
        entries = entries.filter(subject__in=list_subjects(typed))
    newest = page_of(request, entries, ("-at", "-public_id"))
    values = {"filter": form, "list": newest, "rows": list_log_rows(newest.rows)}
    return page(request, "audit/log", values)
