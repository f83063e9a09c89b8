"""Bureaus of every level and programme at a round and its runs: what is linked opens, what is not says why.
(X2.03, F-I1)
"""

import re
from html import unescape

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk, cost, page_of, seen
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas, officer
from yangguang.models import AdmissionRun, RoundProgramme
from yangguang.rules.accounts.roles import Role
from yangguang.rules.organisation.sectors import Sector

pytestmark = pytest.mark.django_db
PROVINCES = (Role.PROVINCE_EDUCATION, Role.PROVINCE_LABOUR)


@pytest.fixture
def ranked(personas: Personas) -> Ranked:
    """A round with a programme of a school of each city."""
    laid = Ranked.lay(personas)
    laid.programme("A", 2, dedicated=1)
    far = laid.school("外地学校")
    far.parent, far.path = personas.other_city, f"{personas.other_city.path}{far.pk}/"
    far.save()
    laid.programme("B", 1, school=far)
    for score in (600, 590, 580, 570):
        laid.apply(score, "A", "B")
    laid.close()
    return laid


def bureaus(personas: Personas) -> dict[str, Client]:
    """A browser of each bureau, by its user name."""
    seats = {
        "me": (Role.CITY_EDUCATION, personas.city),
        "far": (Role.CITY_EDUCATION, personas.other_city),
        "mh": (Role.CITY_LABOUR, personas.city),
        "pe": (Role.PROVINCE_EDUCATION, personas.province),
        "ph": (Role.PROVINCE_LABOUR, personas.province),
    }
    programmes = {"mh": Sector.LABOUR, "ph": Sector.LABOUR}
    return {
        name: at_desk(officer(f"b{name}", role, at, programmes.get(name, Sector.EDUCATION).value))
        for name, (role, at) in seats.items()
    }


def links(client: Client, url: str) -> set[str]:
    """Addresses that a page links to inside its main part."""
    answer = client.get(url)
    assert answer.status_code == 200, f"{url}: {seen(answer)}"
    main = answer.content.decode().split("<main", 1)[1]
    return {unescape(href) for href in re.findall(r'<a[^>]* href="(/[^"#]*)', main)}


def pages(ranked: Ranked, *runs: AdmissionRun) -> list[str]:
    at = ["/desk/rounds/", f"/desk/rounds/{ranked.round.public_id}/"]
    return at + [f"/desk/runs/{run.public_id}/{rest}" for run in runs for rest in ("", "programmes/")]


def test_no_bureau_is_led_to_a_page_that_is_not_there(ranked: Ranked) -> None:
    first, trial = ranked.run(), ranked.trial()
    last = ranked.published()
    statuses: dict[str, dict[tuple[str, str], int]] = {}
    for name, client in bureaus(ranked.personas).items():
        mine = (first, trial, last) if name in ("pe", "ph") else (last,)
        statuses[name] = {
            (url, href): client.get(href).status_code for url in pages(ranked, *mine) for href in links(client, url)
        }

    assert {url for url, _ in statuses["pe"]} >= set(pages(ranked, first, last))
    assert [name for name, followed in statuses.items() if not followed] == []
    assert {name: [at for at, status in of.items() if status != 200] for name, of in statuses.items()} == {
        name: [] for name in statuses
    }


def test_conditions_that_do_not_hold_lead_nobody_where_he_may_not_go(ranked: Ranked) -> None:
    ranked.programme("C", 1)
    ranked.run()
    RoundProgramme.objects.filter(programme__code="C").delete()
    clients = bureaus(ranked.personas)
    on_page = {name: links(client, f"/desk/rounds/{ranked.round.public_id}/") for name, client in clients.items()}

    dead = [(name, href) for name in clients for href in on_page[name] if clients[name].get(href).status_code != 200]
    to_plans = {name for name in clients if any(href.startswith("/desk/plans/") for href in on_page[name])}

    assert to_plans == {"pe"}
    assert dead == []


def test_a_ranking_opens_for_both_provincial_programmes_and_for_a_city_that_governs_the_whole_round(
    ranked: Ranked,
) -> None:
    run = ranked.published()
    own = f"/desk/runs/{run.public_id}/programmes/{ranked.programmes['A'].public_id}/"
    for name, client in bureaus(ranked.personas).items():
        may = name in ("pe", "ph")
        assert (own in links(client, f"/desk/runs/{run.public_id}/")) == may
        assert client.get(own).status_code == (200 if may else 404)
        assert (
            "排名只给管辖本批次全部学校的主管部门" in page_of(client, f"/desk/runs/{run.public_id}/programmes/")
        ) != may
    RoundProgramme.objects.filter(programme__code="B").delete()
    city = at_desk(ranked.personas.me)

    assert own in links(city, f"/desk/runs/{run.public_id}/programmes/")
    assert city.get(own).status_code == 200


def test_seats_of_dedicated_classes_are_named_where_the_seats_stand(ranked: Ranked) -> None:
    run, client = ranked.published(), at_desk(ranked.personas.pe1)
    for url in pages(ranked, run):
        assert page_of(client, url).count("含专门编班 1") == 1, url
    RoundProgramme.objects.update(dedicated=0)

    assert "专门编班" not in page_of(client, "/desk/rounds/")


def test_a_trial_says_how_many_were_left_out_because_they_have_a_seat(ranked: Ranked) -> None:
    before = ranked.trial()
    client = at_desk(ranked.personas.pe1)

    assert "人本年度已占用名额" not in page_of(client, f"/desk/runs/{before.public_id}/")
    ranked.published()
    of = f"/desk/rounds/{ranked.round.public_id}/"

    assert "试算的数字会比公布的小得多" in page_of(client, of)
    after = ranked.trial()
    says = page_of(client, f"/desk/runs/{after.public_id}/")
    placed = before.counts["placed"]

    assert f"参加的 4 人中，{placed} 人本年度已占用名额，不再排名" in says
    assert f"拟录取只有 {after.counts['placed']} 人" in says
    assert cost(client, f"/desk/runs/{after.public_id}/") == cost(client, f"/desk/runs/{before.public_id}/")
