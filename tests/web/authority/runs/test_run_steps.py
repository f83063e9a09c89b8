"""A round on the bureaus' desk, step by step: conditions, seed, proposal, approval, report. (X2.03)"""

import re

import pytest

from tests.actions.runs.test_runs import ranked
from tests.support.builders.bureau_lists import submit_plan
from tests.support.builders.officers import at_desk, page_of, seen, signed
from tests.support.builders.public_season import PublicSeason
from tests.support.builders.ranked_round import Ranked
from yangguang.models import (
    AdmissionRun,
    LotterySeed,
    Round,
)

__all__ = ["ranked"]
pytestmark = pytest.mark.django_db


def test_the_round_says_every_condition_before_anybody_presses(public_season: PublicSeason) -> None:
    later = Round.objects.create(
        season=public_season.personas.season, number=3, name="第一次补录", kind="supplementary_ranked"
    )
    submit_plan(public_season, "县属学校")
    page = page_of(at_desk(public_season.personas.pe1), f"/desk/rounds/{later.public_id}/")

    assert "志愿填报还没有截止" in page
    assert "还有1所学校的招生计划在审核中" in page
    assert "抽签种子还没有由两人承诺" in page
    assert "发起正式运算" not in page
    assert "试算" in page
    refused = at_desk(public_season.personas.pe1).post(f"/desk/rounds/{later.public_id}/start/")

    assert refused.status_code == 422
    assert "志愿填报已截止" in seen(refused)


def test_a_run_is_proposed_by_one_and_approved_by_another(ranked: Ranked) -> None:
    run = ranked.run()
    first, second = at_desk(ranked.personas.pe1), at_desk(ranked.personas.pe2)
    url = f"/desk/runs/{run.public_id}/"

    assert f"拟录取 {run.counts['placed']} 人" in seen(first.post(f"{url}propose/"))
    assert signed(first, f"{url}propose/").status_code == 302
    alone = first.post(f"{url}approve/")

    assert alone.status_code == 422
    assert "须由另一个人批准" in seen(alone)
    assert "批准公布" in page_of(second, url)
    assert signed(second, f"{url}approve/").status_code == 302
    assert AdmissionRun.objects.get(pk=run.pk).state == "APPROVED"
    assert "须由另一个人执行公布" in seen(second.post(f"{url}publish/"))


def test_the_report_of_a_run_shows_the_ten_promises_and_hides_it_from_other_cities(public_season: PublicSeason) -> None:
    page = page_of(at_desk(public_season.personas.pe1), f"/desk/runs/{public_season.run.public_id}/")

    assert all(f" P{n} " in page for n in range(1, 11))
    assert page.count("成立") >= 10
    later = Round.objects.create(season=public_season.personas.season, number=3, name="补录", kind="ranked")
    hidden = AdmissionRun.objects.create(
        round=later, number=1, state="CHECKED", started_by_id=public_season.personas.pe1.actor.account
    )

    assert at_desk(public_season.personas.me).get(f"/desk/runs/{hidden.public_id}/").status_code == 404


def test_the_seed_takes_two_different_people(public_season: PublicSeason) -> None:
    later = Round.objects.create(season=public_season.personas.season, number=3, name="补录", kind="ranked")
    url = f"/desk/rounds/{later.public_id}/seed/"
    first, second = at_desk(public_season.personas.pe1), at_desk(public_season.personas.pe2)
    made = re.findall(r'name="secret" value="([0-9a-f]{64})"', first.get(url).content.decode())

    assert len(made) == 1
    assert made != re.findall(r'value="([0-9a-f]{64})"', first.get(url).content.decode())
    assert "64 位十六进制数" in seen(first.post(url, {"secret": "掷骰子"}))
    assert signed(first, url, {"secret": "a" * 64}).status_code == 302
    assert "须由两人各自提交" in seen(first.post(url, {"secret": "b" * 64}))
    assert signed(second, url, {"secret": "b" * 64}).status_code == 302
    assert LotterySeed.objects.get(round=later).commitment in page_of(first, f"/desk/rounds/{later.public_id}/")


def steps_of(public_season: PublicSeason, round: Round) -> list[tuple[str, str]]:
    """Look and label of each step on the page of a round."""
    html = at_desk(public_season.personas.pe1).get(f"/desk/rounds/{round.public_id}/").content.decode()
    row = html.split('class="steps steps--long"')[1].split("</ol>")[0]
    return re.findall(r'<li(?: class="([\w-]+)")?[^>]*><span>(.*?)</span>', row)


def test_the_steps_of_a_round_end_with_the_publication_and_what_follows(public_season: PublicSeason) -> None:
    steps = steps_of(public_season, public_season.run.round)

    assert ("is-done", "运算和核验") in steps
    assert ("is-done", "公布") in steps
    assert [look for look, _ in steps].count("is-now") <= 1


def test_the_first_step_that_is_not_done_is_the_present_one(public_season: PublicSeason) -> None:
    later = Round.objects.create(season=public_season.personas.season, number=3, name="补录", kind="ranked")

    assert steps_of(public_season, later)[:2] == [("is-now", "开设"), ("", "承诺种子")]
    assert ("", "公布") in steps_of(public_season, later)


def test_a_step_that_was_skipped_is_not_the_present_one(public_season: PublicSeason) -> None:
    round = public_season.run.round
    Round.objects.filter(pk=round.pk).update(opened_at=None)
    steps = steps_of(public_season, round)

    assert steps[0] == ("", "开设")
    assert ("is-done", "公布") in steps
