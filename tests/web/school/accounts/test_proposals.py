"""A school withdraws its proposal or request on the page that lists it; the other side reads why. (F-I6)"""

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk, page_of, signed
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import officer
from yangguang import clock
from yangguang.models import PlanChange, Proposal, Withdrawal
from yangguang.rules.accounts.dual_approval import EXPIRED
from yangguang.rules.accounts.roles import Role
from yangguang.rules.organisation.sectors import Sector

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(public_season: PublicSeason) -> Proposal:
    """Points that one officer of the school has reported, waiting for the second."""
    row: Proposal = Proposal.objects.create(
        action="aptitude_test.load",
        content=b"1" * 32,
        label="报送自主测试加分",
        unit=public_season.personas.school,
        proposed_by_id=public_season.personas.teacher.actor.account,
    )
    return row


@pytest.fixture
def colleague(public_season: PublicSeason) -> Client:
    """The browser of another officer of the same school."""
    return at_desk(officer("t2", Role.VOCATIONAL_SCHOOL, public_season.personas.school, Sector.EDUCATION.value))


def test_a_school_withdraws_its_proposal_and_the_colleague_reads_why(
    proposal: Proposal, school: Client, colleague: Client
) -> None:
    url = f"/school/proposals/{proposal.public_id}/withdraw/"

    assert url in school.get("/school/proposals/").content.decode()
    assert "同事的提请等待第二个人签名" in page_of(colleague, "/school/")
    assert signed(school, url, {"reason": "分数写错了"}).status_code == 302
    assert "提请人撤回：分数写错了" in page_of(colleague, "/school/proposals/")
    assert "同事的提请等待第二个人签名" not in page_of(colleague, "/school/")


def test_a_proposal_that_lapsed_stands_in_the_task_list_of_its_author_alone(
    proposal: Proposal, school: Client, colleague: Client
) -> None:
    Proposal.objects.update(ended_at=clock.now(), end_reason=EXPIRED)

    assert "您的提请到期失效" in page_of(school, "/school/")
    assert "您的提请到期失效" not in page_of(colleague, "/school/")


def test_a_school_withdraws_its_request_for_other_seats_and_the_bureau_reads_why(
    public_season: PublicSeason, school: Client
) -> None:
    personas = public_season.personas
    row = PlanChange.objects.create(
        programme=public_season.enrolled.programme(),
        seats={"general": 60},
        reason="扩班",
        requested_by_id=personas.teacher.actor.account,
    )
    url, of = f"/school/plan/changes/{row.public_id}/withdraw/", f"?season={personas.season.public_id}"

    assert url in school.get(f"/school/plan/{of}").content.decode()
    assert signed(school, url, {"reason": "人数算错了"}).status_code == 302
    assert url not in school.get(f"/school/plan/{of}").content.decode()
    bureau = at_desk(personas.pe1)

    assert "学校撤回的计划调整申请" in page_of(bureau, f"/desk/{of}")
    assert "人数算错了" in page_of(bureau, f"/desk/plans/changes/{row.public_id}/")
    again = school.post(url, {"reason": "再来一次"})

    assert again.status_code in (409, 422)


def test_a_request_to_withdraw_waits_in_the_task_list_until_the_school_has_spoken(
    public_season: PublicSeason, school: Client
) -> None:
    admission = public_season.enrolled.admit("某甲", state="ACCEPTED")
    Withdrawal.objects.create(admission=admission, reason="family", requested_at=clock.now())

    assert "学生的退录申请等待学校意见" in page_of(school, "/school/")
    Withdrawal.objects.update(state="COMMENTED")

    assert "学生的退录申请等待学校意见" not in page_of(school, "/school/")
