"""A bureau and an auditor at work in Chromium: a plan passed on, a window by two people, all pages usable."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.site import committed, served_personas, site
from tests.journeys.test_school import serious_faults, signs_in
from tests.shots import overflow
from tests.support.builders.bureau_lists import add_to_lists, submit_plan
from tests.support.builders.policy import set_rule
from tests.support.builders.public_season import PublicSeason
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas, officer
from yangguang.actions.runs import runs
from yangguang.jobs.run_steps import carry_out
from yangguang.models import AdmissionRun, Cutoff, IdentityCase, Plan, Round, Window
from yangguang.rules.accounts.roles import Role

__all__ = ["committed", "served_personas", "site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def public_season(served_personas: Personas) -> PublicSeason:
    set_rule("report.months", [7, 8, 9, 10, 11, 12])
    return PublicSeason.lay(served_personas)


def test_a_county_reads_a_plan_and_passes_it_on(page: Page, site: str, public_season: PublicSeason) -> None:
    plan = submit_plan(public_season, "县属学校")
    signs_in(page, site, public_season.personas.ce)
    page.goto(f"{site}/desk/")
    page.get_by_role("link", name="去审核：计划审核").click()
    page.get_by_role("link", name="县属学校").click()
    page.get_by_label("审核意见").fill("材料齐全")
    page.get_by_role("button", name="审核通过").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("审核通过县属学校的计划？")
    page.get_by_role("button", name="用演示优盾签名").click()
    expect(page.locator("main .chip").first).to_have_text("县级已审")

    assert Plan.objects.get(pk=plan.pk).remark == "材料齐全"


def test_two_people_set_a_window(page: Page, site: str, public_season: PublicSeason) -> None:
    for who in (public_season.personas.pe1, public_season.personas.pe2):
        signs_in(page, site, who)
        page.goto(f"{site}/desk/windows/")
        page.get_by_role("link", name="设定开放时间").last.click()
        page.get_by_label("事项").select_option(label="报名")
        page.get_by_role("button", name="下一步：填写时间").click()
        page.get_by_label("开始").fill("2030-03-01T00:00")
        page.get_by_label("截止日").fill("2030-03-20")
        page.get_by_label("依据文件").fill("测试文件")
        page.get_by_role("button", name="看影响，准备签名").click()
        page.get_by_role("button", name="用演示优盾签名").click()
    expect(page.locator("main tbody")).to_contain_text("2030年3月20日24:00（即3月21日00:00）")

    assert Window.objects.filter(kind="registration").count() == 1


def computing(public_season: PublicSeason) -> tuple[Ranked, AdmissionRun]:
    """A round whose run waits for its job."""
    ranked = Ranked.lay(public_season.personas, number=7)
    ranked.programme("Z1", 2)
    ranked.apply(600, "Z1")
    ranked.close()
    return ranked, public_season.personas.pe1.sign(runs.start, round=ranked.round)


def test_a_run_is_watched_until_it_is_done_and_its_programme_is_opened(
    page: Page, site: str, public_season: PublicSeason
) -> None:
    ranked, run = computing(public_season)
    signs_in(page, site, public_season.personas.pe1)
    page.goto(f"{site}/desk/rounds/{ranked.round.public_id}/")
    expect(page.locator(".run-progress .chip")).to_have_text("排队中")
    carry_out(run.pk)
    # The page asks by itself and shows that it is over.
    expect(page.locator(".run-progress")).to_have_count(0, timeout=15_000)
    page.get_by_role("link", name="第 1 次").click()
    expect(page.locator(".page-head .chip")).to_have_text("已核验")
    page.get_by_role("link", name="Z1").click()
    expect(page.locator(".cut-row")).to_have_text("普通录取到这里")


@pytest.mark.parametrize("width", [375, 1440])
def test_every_page_fits_its_window_and_is_accessible(
    page: Page, site: str, public_season: PublicSeason, width: int
) -> None:
    ranked, running = computing(public_season)
    add_to_lists(public_season, 1)
    auditor = officer("auditor", Role.AUDITOR, public_season.personas.province, "")
    plan, case, round = (
        Plan.objects.filter(state="SUBMITTED").get(),
        IdentityCase.objects.get(),
        public_season.enrolled.round,
    )
    later = Round.objects.create(season=public_season.personas.season, number=8, name="第二次补录", kind="ranked")
    programme = Cutoff.objects.filter(run=public_season.run)[0].programme
    desk = [
        "",
        "plans/?tab=all",
        f"plans/{plan.public_id}/",
        "rounds/",
        f"rounds/{round.public_id}/",
        f"runs/{public_season.run.public_id}/",
        f"runs/{public_season.run.public_id}/programmes/",
        f"runs/{public_season.run.public_id}/programmes/{programme.public_id}/",
        f"runs/{public_season.run.public_id}/difference/",
        f"rounds/{ranked.round.public_id}/",
        f"runs/{running.public_id}/",
        f"rounds/{later.public_id}/schedule/",
        "windows/",
        "windows/set/",
        "targets/",
        "targets/edit/",
        "progress/",
        "progress/people/",
        "reports/",
        "cases/",
        f"cases/{case.public_id}/",
        "proposals/",
        "schools/",
        "calendar/",
        "scores/",
        "imports/",
        "outside/",
        "disputes/",
        "releases/",
        "sanctions/",
        "notices/",
        "plans/changes/",
    ]
    audit = ["", "log/", "proofs/?draw=1", "invariants/?check=1"]
    faults = {}
    for who, home, tails in ((public_season.personas.pe1, "/desk/", desk), (auditor, "/audit/", audit)):
        signs_in(page, site, who)
        for tail in tails:
            answer = page.goto(site + home + tail)
            assert answer is not None and answer.status == 200, tail
            if found := find_faults(page, width):
                faults[home + tail] = found

    assert faults == {}


def find_faults(page: Page, width: int) -> list[str]:
    """What axe finds at this width; at each width what is too wide, and more than one head or one golden act."""
    faults = []
    for each in (320, 768, width):
        page.set_viewport_size({"width": each, "height": 900})
        faults += [f"{each}: 宽出{over}像素"] if (over := overflow(page)) else []
    heads, golden = page.locator("h1").count(), page.locator(".todo, .button--primary:not(.todo *)")
    faults += [f"{heads} h1"] if heads != 1 else []
    visible = [one for one in golden.all() if one.is_visible()]
    return faults + ([f"{len(visible)} 处金色"] if len(visible) > 1 else []) + serious_faults(page)
