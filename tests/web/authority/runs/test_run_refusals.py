"""What cannot be done with a round or run is said before an officer signs, with the link to fix it. (X1.04, F-D5)"""

from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.support.builders.officers import at_desk, page_of, seen
from tests.support.builders.ranked_round import Ranked
from tests.support.builders.web_season import displayed_on
from tests.support.personas import Personas, officer
from yangguang.actions.runs import runs
from yangguang.models import AuditEntry, Round
from yangguang.rules.accounts.roles import Role
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranked(personas: Personas) -> Ranked:
    laid = Ranked.lay(personas)
    laid.programme("A", 2)
    laid.apply(600, "A")
    laid.close()
    return laid


def both_ways(client: Client, url: str) -> HttpResponse:
    """The refusal, the same whether the page is visited or a button leads there."""
    visited, pressed = client.get(url), client.post(url)
    assert visited.status_code == pressed.status_code and seen(visited) == seen(pressed), seen(pressed)
    assert "优盾签名" not in seen(visited) and "challenge" not in visited.content.decode(), seen(visited)
    assert not AuditEntry.objects.filter(action__startswith="run.", outcome="DENIED").exists()
    return visited


def test_a_published_run_is_neither_asked_for_nor_approved_nor_published_nor_timed(ranked: Ranked) -> None:
    at = f"/desk/runs/{ranked.published().public_id}/"
    for step in ("propose", "approve", "publish", "time", "call-off", "cancel"):
        refused = both_ways(at_desk(ranked.personas.pe1), f"{at}{step}/")
        assert refused.status_code == 409
        assert "现在是“已公布”" in seen(refused)
        assert f'href="{at}"' in refused.content.decode()
    of = f"/desk/rounds/{ranked.round.public_id}/"
    for step in ("start", "schedule"):
        refused = both_ways(at_desk(ranked.personas.pe1), f"{of}{step}/")
        assert refused.status_code == 422
        assert "公布后的结果不再改动" in seen(refused)
        assert 'href="/desk/rounds/"' in refused.content.decode()
    for step, says in (("open", "已经开设"), ("seed", "不能再承诺抽签种子")):
        refused = both_ways(at_desk(ranked.personas.pe1), f"{of}{step}/")
        assert says in seen(refused)
        assert f'href="{of}"' in refused.content.decode()


def test_a_trial_is_not_asked_for_and_leads_to_its_round(ranked: Ranked) -> None:
    refused = both_ways(at_desk(ranked.personas.pe1), f"/desk/runs/{ranked.trial().public_id}/propose/")

    assert "试算的结果不能公布" in seen(refused)
    assert f'href="/desk/rounds/{ranked.round.public_id}/"' in refused.content.decode()


def test_the_wrong_person_the_wrong_hour_and_an_unread_difference_are_said_at_once(ranked: Ranked) -> None:
    one, other = at_desk(ranked.personas.pe1), at_desk(ranked.personas.pe2)
    ranked.run()
    run = ranked.run()
    at = f"/desk/runs/{run.public_id}/"
    refused = both_ways(one, f"{at}propose/")

    assert "您还没有核对" in seen(refused)
    assert f'href="{at}difference/"' in refused.content.decode()
    assert one.post(f"{at}compare/", {"_displayed": displayed_on(one, f"{at}difference/")}).status_code == 302
    ranked.personas.pe1.sign(runs.propose, run=run)

    assert "须由另一个人批准" in seen(both_ways(one, f"{at}approve/"))
    ranked.personas.pe2.sign(runs.approve, run=run)

    assert "须由另一个人执行公布" in seen(both_ways(other, f"{at}publish/"))
    assert "须由另一个人执行公布" in seen(both_ways(other, f"{at}time/"))
    ranked.window(WindowKind.PUBLICATION, 1, None)

    assert "统一公布时间是" in seen(both_ways(one, f"{at}publish/"))
    ranked.window(WindowKind.PUBLICATION, -1, None)

    assert "公布录取" in page_of(one, f"{at}publish/")


def test_what_takes_part_beyond_an_officers_reach_is_not_asked_to_be_signed(ranked: Ranked) -> None:
    elsewhere = at_desk(officer("me2", Role.CITY_EDUCATION, ranked.personas.other_city))
    for step in ("start", "schedule", "what-if", "seed"):
        assert both_ways(elsewhere, f"/desk/rounds/{ranked.round.public_id}/{step}/").status_code == 404


def test_a_supplementary_round_waits_for_the_results_before_it(ranked: Ranked) -> None:
    later = Round.objects.create(
        season=ranked.personas.season, number=3, name="补录", kind="supplementary_ranked", opened_at=None
    )
    refused = both_ways(at_desk(ranked.personas.pe1), f"/desk/rounds/{later.public_id}/open/")

    assert "的结果还没有公布，不能开设补录" in unescape(seen(refused))
