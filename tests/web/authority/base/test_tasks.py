"""Everything that waits for a bureau is in the task list of its desk, with its number and its page. (X2.01)"""

from datetime import timedelta

import pytest
from django.db.models import Model

from tests.support.builders.bureau_lists import add_to_lists
from tests.support.builders.officers import at_desk
from tests.support.builders.public_season import PublicSeason
from yangguang import clock
from yangguang.models import (
    ImportedResult,
    MonthlyReport,
    PlanChange,
    Proposal,
    Round,
    Sanction,
    ViolationKind,
)
from yangguang.queries.reporting.reports import CITY, compute_form
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.dual_approval import EXPIRED
from yangguang.web.authority.base.tasks import list_tasks

pytestmark = pytest.mark.django_db


def add_proposal(by: Actor, number: int, **ended: object) -> Model:
    return Proposal.objects.create(
        action="window.set",
        content=number.to_bytes(32, "big"),
        label="设定开放时间",
        unit_id=by.unit,
        proposed_by_id=by.account,
        **ended,
    )


def lay_one_of_each(public_season: PublicSeason) -> None:
    personas, now = public_season.personas, clock.now()
    add_to_lists(public_season, 1)
    for officer in (personas.pe1, personas.ce):
        add_proposal(officer.actor, officer.actor.account or 0, ended_at=now - timedelta(days=1), end_reason=EXPIRED)
    programme, account = public_season.enrolled.programme(), personas.teacher.actor.account
    values = {"programme": programme, "seats": {"general": 60}, "requested_by_id": account}
    PlanChange.objects.create(reason="扩班", **values)
    school = {"state": "WITHDRAWN", "answer": "算错了", "answered_by": personas.school, "answered_at": now}
    PlanChange.objects.create(reason="缩班", **values, **school)
    Sanction.objects.create(
        unit=personas.school,
        kind="WARN",
        violation=ViolationKind.objects.first() or ViolationKind.objects.create(year=2024, position=1, text="测试"),
        sentence="测试",
        starts_at=now,
        proposed_by_id=personas.pe2.actor.account,
    )
    of = {"form": "CITY", "unit": personas.county, "sector": "education", "year": 2024, "month": 8}
    numbers = compute_form(personas.county, CITY, 2024, 8, now)
    MonthlyReport.objects.create(state="RETURNED", **of, **numbers)
    round = Round.objects.get(kind="imported")
    ImportedResult.objects.create(
        round=round, file_digest="1" * 64, row=1, id_hash=b"1" * 32, name="某", conflict="姓名不一致"
    )


def test_each_kind_of_waiting_thing_stands_in_the_task_list_of_its_desk(public_season: PublicSeason) -> None:
    lay_one_of_each(public_season)
    personas = public_season.personas

    def tasks_of(by: Actor) -> dict[object, object]:
        return {task["what"]: task["number"] for task in list_tasks(by, personas.season)}

    assert tasks_of(personas.pe1.actor) == {
        "志愿异议": 1,
        "查重": 1,
        f"{personas.season.year}年名录待公布": 0,
        "双人事项": 1,
        "失效的提请": 1,
        "计划调整申请": 1,
        "学校撤回的计划调整申请": 1,
        "考试机构结果": 1,
        "处理措施": 1,
        "计划审核": 0,
    }
    assert tasks_of(personas.ce.actor) == {
        "志愿异议": 1,
        "查重": 1,
        "被退回的月报": 1,
        "双人事项": 1,
        "失效的提请": 1,
        "计划审核": 1,
    }


def test_every_task_leads_to_a_page_of_its_officer(public_season: PublicSeason) -> None:
    lay_one_of_each(public_season)
    personas = public_season.personas
    for officer in (personas.pe1, personas.ce):
        browser = at_desk(officer)
        answers = {
            task["what"]: browser.get(str(task["url"])).status_code
            for task in list_tasks(officer.actor, personas.season)
        }

        assert set(answers.values()) == {200}, answers
