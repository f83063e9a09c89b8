"""Check of a receipt against the public roots, open to anyone; nothing of the file is stored. (F-N2)"""

import json
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yangguang.gateways.ciphers import sm3
from yangguang.models import AuditRoot
from yangguang.rules.accounts.rights import Right
from yangguang.rules.choices.receipts import LONGEST, Step, check_receipt
from yangguang.web.kit.actor import Request
from yangguang.web.public.base.layout import HOME


class ReceiptForm(forms.Form):
    """The proof file that the family downloaded."""

    file = forms.FileField(label="证明文件", help_text="在“志愿回执”页面下载的 JSON 文件，不超过2MB；只核对，不保存。")

    def clean_file(self) -> Any:
        """The parsed JSON, None when the file is not JSON.

        Raises:
            ValidationError: too large.
        """
        file = self.cleaned_data["file"]
        if file.size > LONGEST:
            raise forms.ValidationError("文件超过2MB，不是回执证明。请重新下载证明文件。")
        try:
            return json.loads(file.read())
        except (ValueError, RecursionError):
            return None


@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: Request) -> HttpResponse:
    """The form, and after a check each step with its outcome."""
    form = ReceiptForm(request.POST, request.FILES) if request.method == "POST" else ReceiptForm()
    steps: list[Step] = []
    if request.method == "POST" and form.is_valid():
        steps = check_receipt(form.cleaned_data["file"], lambda day: _root_of(request, day), sm3)
    values = {
        "form": form,
        "steps": steps,
        "holds": bool(steps) and all(step.holds for step in steps),
        "trail": [HOME, ("日志证明", reverse("public:roots")), ("回执核对", "")],
    }
    return render(request, "public/choices/receipts.html", values, status=422 if form.errors else 200)


def _root_of(request: Request, day: str) -> str | None:
    rows = AuditRoot.objects.for_actor(request.actor, Right.AUDIT_ROOT_PUBLISH_VERIFY)
    row = rows.filter(day=date.fromisoformat(day)).first()
    return None if row is None else str(row.root)
