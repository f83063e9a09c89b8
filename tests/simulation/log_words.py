"""Run beside a finished season: every Latin word of the audit log, and the reports that correct others."""

import json
import re
import sys

import django
from django.test import Client
from django.test.utils import setup_test_environment

# Not words: public ids, digests, and the serials of keys.
CODES = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16}…|演示优盾-[a-z]+-\w+-\d+")


def words() -> tuple[int, set[str]]:
    """How many entries were read, and the words."""
    from yangguang.models import Account

    client = Client()
    account = Account.objects.get(username="auditor")
    session = client.session
    session["account"], session["seat"] = account.pk, account.role_assignments.get().pk
    session.save()
    count, latin, url = 0, set[str](), "/audit/log/"
    while url:
        answer = client.get(url)
        assert answer.status_code == 200, url
        page = answer.content.decode()
        body = page[page.index("<tbody") : page.index("</tbody>")]
        count += len(answer.context["rows"])
        latin |= set(re.findall("[A-Za-z]{3,}", CODES.sub("", re.sub(r"<[^>]+>", " ", body))))
        url = f"/audit/log/{answer.context['list'].next}" if answer.context["list"].next else ""
    return count, latin


def corrected() -> list[tuple[str, int]]:
    """Form and month of every sealed report that corrects an earlier one."""
    from yangguang.models import MonthlyReport

    sealed = MonthlyReport.objects.exclude(correction=None).exclude(sealed_at=None)
    return list(sealed.order_by("form", "month").values_list("form", "month"))


if __name__ == "__main__":
    django.setup()
    setup_test_environment()
    entries, latin = words()
    json.dump({"entries": entries, "words": sorted(latin), "corrected": corrected()}, sys.stdout)
