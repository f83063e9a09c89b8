"""A proposal that waits for a second person is done, withdrawn or overtaken; it never waits for ever. (F-I6)"""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.support.builders.officers import at_desk, page_of, seen, sends, signed
from tests.support.builders.public_season import PublicSeason
from tests.support.builders.web_season import sealed_in
from tests.support.clients import signature_for
from tests.support.personas import officer
from yangguang import clock
from yangguang.actions.runs import rounds
from yangguang.jobs.tasks import lapse_proposals
from yangguang.models import AuditEntry, Proposal, Window
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts.roles import Role
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.seasons import policy_keys

pytestmark = pytest.mark.django_db
URL = "/desk/windows/set/?kind=registration"
PAGE = "/desk/proposals/"


def registration_until(day: str) -> dict[str, str]:
    return {"kind": "registration", "opens_at": "2030-03-01T00:00", "last_day": day, "source": f"至{day}的文件"}


@pytest.fixture
def first(public_season: PublicSeason) -> Client:
    return at_desk(public_season.personas.pe1)


@pytest.fixture
def second(public_season: PublicSeason) -> Client:
    return at_desk(public_season.personas.pe2)


def withdraw(client: Client) -> HttpResponse:
    """Press the button of the only waiting proposal, read and sign."""
    [url] = re.findall(r'href="(/desk/proposals/[^"]+)"', client.get(PAGE).content.decode())
    opened = client.post(url, {"reason": "日期写错了"})
    return client.post(url, sealed_in(opened) | signature_for(opened, client))


def test_a_proposal_whose_window_was_set_since_ends_and_is_proposed_again(
    public_season: PublicSeason, first: Client, second: Client
) -> None:
    signed(first, URL, registration_until("2030-03-20"))
    Window.objects.create(season=public_season.personas.season, kind="registration", source="命令行")
    opened = sends(second, URL, registration_until("2030-03-20"))

    assert "提请之后，所办理的内容又变了，已失效" in seen(opened)
    answer = signed(second, URL, registration_until("2030-03-20"))

    assert answer.status_code == 202
    assert "提请已经失效：提请之后，所办理的内容又变了。您的签名是一份新的提请" in seen(answer)
    assert signed(first, URL, registration_until("2030-03-20")).status_code == 302
    assert Window.objects.get(kind="registration").source == "至2030-03-20的文件"
    assert Proposal.objects.filter(done_at=None, ended_at=None).count() == 0
    page = page_of(first, PAGE)

    assert "没有等待第二个人的事项" in page
    assert "提请之后，所办理的内容又变了" in page


def test_of_two_proposals_for_one_window_the_other_ends_when_one_is_done(first: Client, second: Client) -> None:
    signed(first, URL, registration_until("2030-03-20"))
    signed(first, URL, registration_until("2030-03-25"))
    signed(second, URL, registration_until("2030-03-25"))

    assert "同一件事已按另一份内容办成" in page_of(first, PAGE)
    assert list(Proposal.objects.exclude(ended_at=None).values_list("done_at", flat=True)) == [None]


def test_its_author_withdraws_a_proposal_and_proposes_it_again(first: Client, second: Client) -> None:
    signed(first, URL, registration_until("2030-03-20"))
    answer = withdraw(first)

    assert answer.status_code == 302
    assert "提请人撤回：日期写错了" in page_of(second, PAGE)
    entry = AuditEntry.objects.get(action="proposal.withdraw")

    assert (entry.outcome, entry.facts["act"]) == ("DONE", "window.set")
    assert signed(second, URL, registration_until("2030-03-20")).status_code == 202, "a withdrawn one is no first half"
    assert signed(first, URL, registration_until("2030-03-20")).status_code == 302


def test_a_colleague_of_the_same_post_rejects_it_and_another_post_cannot(
    public_season: PublicSeason, first: Client, second: Client
) -> None:
    signed(first, URL, registration_until("2030-03-20"))
    labour = at_desk(officer("ph1", Role.PROVINCE_LABOUR, public_season.personas.province, Sector.LABOUR.value))
    proposal = Proposal.objects.get()

    assert labour.post(f"{PAGE}{proposal.public_id}/withdraw/", {"reason": "不对"}).status_code in (404, 422)
    assert withdraw(second).status_code == 302
    proposal.refresh_from_db()

    assert proposal.end_reason == "同岗位的另一位同事退回：日期写错了"


def test_a_proposal_that_is_done_cannot_be_withdrawn(first: Client, second: Client) -> None:
    signed(first, URL, registration_until("2030-03-20"))
    proposal = Proposal.objects.get()
    signed(second, URL, registration_until("2030-03-20"))
    answer = first.post(f"{PAGE}{proposal.public_id}/withdraw/", {"reason": "不对"})

    assert answer.status_code == 422
    assert "另一位同事已经批准" in seen(answer)


def test_nothing_is_proposed_that_cannot_be_done(public_season: PublicSeason) -> None:
    personas = public_season.personas
    number = public_season.enrolled.round.number
    with pytest.raises(Exception, match="已经开设"):
        personas.pe1.sign(rounds.open_round, season=personas.season, number=number)

    assert not Proposal.objects.exists()


def test_without_a_reason_nothing_is_withdrawn(first: Client) -> None:
    signed(first, URL, registration_until("2030-03-20"))
    answer = first.post(f"{PAGE}{Proposal.objects.get().public_id}/withdraw/", {"reason": " "})

    assert answer.status_code == 422
    assert Proposal.objects.get().ended_at is None


def test_a_proposal_without_a_second_person_lapses_and_its_author_reads_it_in_the_task_list(
    public_season: PublicSeason, first: Client, second: Client
) -> None:
    signed(first, URL, registration_until("2030-03-20"))
    days = rule_at(clock.now(), policy_keys.PROPOSAL_DAYS).value
    Proposal.objects.update(proposed_at=clock.now() - timedelta(days=days) + timedelta(minutes=5))

    assert lapse_proposals(timestamp=0) == 0
    Proposal.objects.update(proposed_at=clock.now() - timedelta(days=days))

    assert (lapse_proposals(timestamp=0), lapse_proposals(timestamp=0)) == (1, 0)
    assert Proposal.objects.get().end_reason == "到期没有第二个人办理"
    assert "失效的提请" in page_of(first, "/desk/")
    assert "失效的提请" not in page_of(second, "/desk/")
    assert f"双人事项提请后{days}天内没有第二个人办理的，自动失效" in page_of(first, PAGE)
    assert signed(second, URL, registration_until("2030-03-20")).status_code == 202, "a lapsed one is no first half"
