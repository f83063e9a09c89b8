"""A form that was sent is returned with words, corrected and sent again; who did each step stays readable."""

import csv
import io
from datetime import date

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.monthly import YEAR, check_in, compute, enrolled, seal
from tests.support.personas import officer
from yangguang.actions.reporting import reports
from yangguang.models import AuditEntry, MonthlyReport
from yangguang.queries.reporting.filings import filings_of
from yangguang.queries.reporting.report_steps import (
    describe_signatures,
    find_return,
    list_returned,
    list_steps,
    order_steps,
)
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import IllegalMove, Refused, VersionConflict
from yangguang.rules.seasons.windows import start_of
from yangguang.sheets import render_csv
from yangguang.sheets.monthly import fill_report

__all__ = ["enrolled"]
pytestmark = pytest.mark.django_db
WHY = "一年制的人数和学校报来的不符"


def send(enrolled: Enrolled, month: int = 8) -> MonthlyReport:
    report: MonthlyReport = enrolled.personas.ce.sign(reports.send, report=seal(enrolled.personas, month))
    return report


def test_a_returned_form_is_computed_reviewed_sealed_and_sent_again(enrolled: Enrolled) -> None:
    personas = enrolled.personas
    report = send(enrolled)
    first_digest = report.digest
    returned = personas.me.act(reports.return_back, report=report, reason=WHY)

    assert (returned.state, returned.sent_at) == ("RETURNED", None)
    assert [one.pk for one in list_returned(personas.ce.actor)] == [report.pk]

    check_in(enrolled, 8)
    again = compute(personas, 8)

    assert (again.state, again.digest, again.reviewed_by, again.sealed_by) == ("COMPUTED", "", None, None)
    assert (again.rows[0]["total"], list_returned(personas.ce.actor)) == (7, [])

    for act in (reports.review, reports.seal, reports.send):
        again = personas.ce.sign(act, report=again)

    assert personas.me.act(reports.receive, report=again).state == "RECEIVED"
    assert again.digest != first_digest
    steps = [(one.step, one.by_account.username, one.total, one.reason) for one in list_steps(again)]
    assert steps == [
        ("compute", "ce", 6, ""),
        ("review", "ce", 6, ""),
        ("seal", "ce", 6, ""),
        ("send", "ce", 6, ""),
        ("return_back", "me", 6, WHY),
        ("compute", "ce", 7, ""),
        ("review", "ce", 7, ""),
        ("seal", "ce", 7, ""),
        ("send", "ce", 7, ""),
        ("receive", "me", 7, ""),
    ]


def test_a_returned_form_is_not_sent_until_it_is_sent_again(enrolled: Enrolled) -> None:
    report = send(enrolled)
    enrolled.personas.me.act(reports.return_back, report=report, reason=WHY)
    rows = filings_of(enrolled.personas.city, "CITY", YEAR, 8, start_of(date(2024, 8, 18)))
    county = next(row for row in rows if row.unit == "甲市一县")

    assert (county.label, county.is_sent, county.timeliness) == ("上级已退回", False, "逾期3天未报")


def test_only_a_form_that_waits_for_its_receipt_is_returned_and_only_with_words(enrolled: Enrolled) -> None:
    personas = enrolled.personas
    sealed = seal(personas, 8)
    with pytest.raises(IllegalMove):
        personas.me.act(reports.return_back, report=sealed, reason=WHY)

    report = personas.ce.sign(reports.send, report=sealed)
    with pytest.raises(Refused, match="没有写明原因"):
        personas.me.act(reports.return_back, report=report, reason="  ")
    with pytest.raises(Refused, match="不是报给您单位的"):
        personas.pe1.act(reports.return_back, report=report, reason=WHY)

    personas.me.act(reports.receive, report=report)
    with pytest.raises(IllegalMove):
        personas.me.act(reports.return_back, report=report, reason=WHY)


def test_a_form_is_not_returned_once_its_unit_has_sealed_a_later_month(enrolled: Enrolled) -> None:
    report = send(enrolled)
    september = compute(enrolled.personas, 9)
    for act in (reports.review, reports.seal):
        september = enrolled.personas.ce.sign(act, report=september)

    with pytest.raises(Refused, match="已经封存了9月的月报，8月的不能再退回"):
        enrolled.personas.me.act(reports.return_back, report=report, reason=WHY)


def test_a_later_month_waits_until_a_returned_form_is_sealed_again(enrolled: Enrolled) -> None:
    personas, report = enrolled.personas, send(enrolled)
    september = personas.ce.sign(reports.review, report=compute(personas, 9))
    personas.me.act(reports.return_back, report=report, reason=WHY)

    with pytest.raises(Refused, match="8月的月报还没有封存"):
        personas.ce.sign(reports.seal, report=september)


def test_of_two_officers_the_second_reads_what_the_first_one_did(enrolled: Enrolled) -> None:
    report = send(enrolled)
    second = officer("me2", Role.CITY_EDUCATION, enrolled.personas.city)
    enrolled.personas.me.act(reports.receive, report=report)
    prepared = reports.return_back.prepare(by=second.actor, report=report, reason=WHY)

    with pytest.raises((IllegalMove, VersionConflict)):
        prepared.if_version(str(report.version - 1)).execute()

    assert MonthlyReport.objects.get(pk=report.pk).state == "RECEIVED"


def test_the_log_names_the_return_and_not_its_words(enrolled: Enrolled) -> None:
    report = send(enrolled)
    enrolled.personas.me.act(reports.return_back, report=report, reason=WHY)

    assert AuditEntry.objects.get(action="report.return_back").facts == {"digest": report.digest}


def test_the_file_names_who_filled_in_reviewed_sealed_sent_and_received_it(enrolled: Enrolled) -> None:
    report = send(enrolled)
    enrolled.personas.me.act(reports.receive, report=report)
    line = describe_signatures(report)

    assert [part.split("，")[0] for part in line.split("；")] == [
        f"{signer}：某某（甲市一县）" for signer in ("填报人", "复核人", "封存人", "报送人")
    ] + ["签收人：某某（甲市）"]
    file = render_csv(fill_report(report)).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(file)) for cell in row]

    assert f"{line}。" in cells


def test_a_review_that_was_taken_back_and_a_form_computed_again_have_no_signatures_of_before(
    enrolled: Enrolled,
) -> None:
    personas = enrolled.personas
    report = personas.ce.sign(reports.review, report=compute(personas, 7))
    personas.ce.sign(reports.reopen, report=report)

    assert "复核人" not in describe_signatures(report)

    personas.ce.sign(reports.review, report=report)
    for act in (reports.seal, reports.send):
        personas.ce.sign(act, report=report)
    personas.me.act(reports.return_back, report=report, reason=WHY)

    assert describe_signatures(report) == ""
    assert find_return(list_steps(report)) is not None


def test_a_form_stands_where_its_last_signature_in_force_put_it(enrolled: Enrolled) -> None:
    report = send(enrolled)
    sent = order_steps(list_steps(report), is_sent=True)
    returned = enrolled.personas.me.act(reports.return_back, report=report, reason=WHY)

    assert [(label, state) for label, state, _ in sent] == [
        ("填报", "done"),
        ("复核", "done"),
        ("封存", "done"),
        ("报送", "done"),
        ("签收", "now"),
    ]
    assert [state for _, state, _ in order_steps(list_steps(returned), is_sent=False)] == ["now", "next", "next"]
