"""In Chromium: a parent plays the example, with and without scripts, and downloads a round to check it at home."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.site import committed, served_personas, site
from tests.journeys.test_public import PHONE, serious_faults
from tests.shots import overflow
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas
from yangguang.jobs.tasks import make_bundles

__all__ = ["committed", "served_personas", "site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def season(served_personas: Personas) -> Ranked:
    """A round that is published, with a programme whose numbers are small."""
    laid = Ranked.lay(served_personas)
    for code, seats in (("A", 6), ("B", 7), ("C", 2), ("D", 3)):
        laid.programme(code, seats)
    for at in range(24):
        laid.apply(600 - at, *("A B C", "B A", "D B A", "B C")[at % 4].split())
    laid.close()
    laid.published()
    make_bundles(0)
    return laid


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_parent_plays_the_example_on_a_phone(chromium: Browser, site: str, season: Ranked, scripts: bool) -> None:
    context = chromium.new_context(java_script_enabled=scripts, viewport=PHONE)
    tab = context.new_page()
    tab.goto(site + "/rules/")
    tab.get_by_role("link", name="用自己的电脑把名单重新算一遍").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("录取回放")
    expect(tab.locator(".rounds > li")).to_have_count(5)
    own = tab.get_by_role("row", name="己")
    expect(own).to_contain_text("没有录取")
    tab.get_by_label("己的总分").select_option("85")
    tab.get_by_label("己的第1志愿").select_option("西")
    tab.get_by_role("button", name="重新计算").click()
    expect(own).to_contain_text("西校 第 1 志愿")
    expect(tab.get_by_label("己的第1志愿")).to_have_value("w")
    tab.get_by_role("link", name="恢复原样").click()
    expect(own).to_contain_text("没有录取")

    assert context.cookies() == []
    context.close()


def test_a_parent_downloads_a_round_and_checks_it_at_home(
    page: Page, site: str, season: Ranked, tmp_path: Path
) -> None:
    page.goto(site + "/replay/")
    for name, target in (("下载回放包", "bundle.zip"), ("replay.py", "replay.py")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).first.click()
        waiting.value.save_as(tmp_path / target)
    command = page.locator(".code-value", has_text="python3 replay.py").inner_text().split()
    done = subprocess.run(
        [sys.executable, "-I", "replay.py", "bundle.zip", command[3]], cwd=tmp_path, capture_output=True, timeout=60
    )

    assert done.returncode == 0 and "结论：一致" in done.stdout.decode(), done.stdout.decode()
    digest = done.stdout.decode().split("SHA-256：")[1][:64]
    expect(page.locator(".digest", has_text=digest)).to_have_count(1)


def test_replay_and_disclosure_are_free_of_faults_and_fit_their_windows(page: Page, site: str, season: Ranked) -> None:
    paths = ["/replay/", "/replay/?tie=all_wait&p4=75&p5=75", "/disclosure/", f"/disclosure/{season.round.public_id}/"]
    wide = []
    for elder in (False, True):
        if elder:
            page.goto(site + "/elder?next=/")
        for path in paths:
            for width in (320, 375, 1440):
                page.set_viewport_size({"width": width, "height": 800})
                page.goto(site + path)
                wide += [(path, width, over)] if (over := overflow(page)) else []
            assert serious_faults(page) == [], path

    assert wide == []


def test_the_disclosure_hides_small_numbers_and_leads_to_the_replay(page: Page, site: str, season: Ranked) -> None:
    page.goto(site + "/disclosure/")
    page.get_by_role("link", name="第2批").click()
    expect(page.get_by_role("row", name="专业C")).to_contain_text("不显示")
    expect(page.get_by_role("row", name="专业B")).to_contain_text("7")
    page.get_by_role("link", name="下载回放包").click()
    expect(page.get_by_role("heading", name="各批次的回放包")).to_be_visible()
