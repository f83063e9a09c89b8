"""A family disputes a version on a phone without scripts, officers put its own back, and the receipt proves itself."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.site import committed, served_personas, site
from tests.journeys.test_school import signs_in
from tests.journeys.test_student import PHONE, comes_in, faults, newest_code
from tests.support.builders.officers import at_desk, signed
from tests.support.builders.web_season import Desk
from tests.support.personas import SHELL, Personas
from yangguang import clock
from yangguang.actions.admissions import exam_board_results
from yangguang.actions.audit import audit_roots
from yangguang.models import ChoiceDispute, ChoiceVersion, ImportedResult, Round, Window
from yangguang.queries.admissions.exam_board_results import ImportedRow
from yangguang.rules.seasons.windows import SHANGHAI, WindowKind

__all__ = ["committed", "served_personas", "site"]
pytestmark = pytest.mark.browser
NUMBER = "15400000001"


@pytest.fixture
def desk(served_personas: Personas) -> Desk:
    """Two versions submitted, the review period open."""
    laid = Desk.lay(served_personas)
    laid.add(laid.programmes[0], laid.programmes[1])
    laid.proves(laid.choices_url + "submit/")
    laid.edit(drop=str(laid.programmes[0].public_id))
    laid.proves(laid.choices_url + "submit/")
    now = clock.now()
    Window.objects.filter(kind="choices").update(closes_at=now)
    Window.objects.create(
        season=served_personas.season,
        round=laid.round,
        kind=WindowKind.REVIEW.value,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=2),
    )
    return laid


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN", viewport=PHONE)
    yield context.new_page()
    context.close()


def test_a_disputed_version_goes_back_by_two_officers(tab: Page, page: Page, site: str, desk: Desk) -> None:
    comes_in(tab, site, NUMBER)
    tab.get_by_role("link", name="核对我的志愿").click()
    tab.get_by_label(re.compile("第 1 版")).check()
    tab.get_by_role("button", name="不是我改的").click()
    tab.get_by_role("button", name="发到监护人手机").click()
    tab.get_by_label("短信验证码").fill(newest_code("15450000001"))
    tab.get_by_role("button", name="不是我改的").click()
    expect(tab.get_by_role("heading", name="您提出的异议")).to_be_visible()
    dispute = ChoiceDispute.objects.get()
    address = f"/desk/disputes/{dispute.public_id}/"
    verdict = {"verdict": "restore", "reason": "当面核对了身份证"}
    signed(at_desk(desk.personas.ce), address + "propose/", verdict)
    signed(at_desk(desk.personas.me), address + "decide/")
    tab.reload()
    expect(tab.locator("main")).to_contain_text("已恢复")

    assert ChoiceVersion.objects.get(number=3).programmes == [desk.programmes[0].pk, desk.programmes[1].pk]


def test_the_receipts_proof_is_taken_along_and_checked_in_public(
    tab: Page, site: str, desk: Desk, tmp_path: Path
) -> None:
    audit_roots.publish_root(by=SHELL, day=clock.now().astimezone(SHANGHAI).date())
    comes_in(tab, site, NUMBER)
    tab.goto(f"{site}/me/receipts/{ChoiceVersion.objects.get(number=2).public_id}/")
    tab.get_by_text("改不了的证明").click()
    with tab.expect_download() as waited:
        tab.get_by_role("link", name="下载证明").click()
    waited.value.save_as(tmp_path / "receipt.json")
    tab.get_by_role("link", name="到公开页面核对").click()
    tab.get_by_label("证明文件").set_input_files(tmp_path / "receipt.json")
    tab.get_by_role("button", name="核对回执").click()
    expect(tab.get_by_role("heading", name="3 步全部相符")).to_be_visible()


def test_a_receipt_of_six_choices_prints_on_one_page_without_buttons(page: Page, site: str, desk: Desk) -> None:
    version = ChoiceVersion.objects.get(number=2)
    comes_in(page, site, NUMBER)
    page.goto(f"{site}/me/receipts/{version.public_id}/")
    line = page.locator(".receipt ol > li").first
    line.evaluate("one => { while (one.parentElement.children.length < 6) one.after(one.cloneNode(true)) }")
    expect(page.locator(".receipt")).to_contain_text(version.application.person.name)
    page.emulate_media(media="print")

    assert page.locator("button:visible").count() == 0
    assert len(re.findall(rb"/Type /Page\b", page.pdf(format="A4"))) == 1


@pytest.mark.parametrize("width", [375, 1440])
def test_the_pages_are_accessible_and_fit(page: Page, site: str, desk: Desk, width: int, tmp_path: Path) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    comes_in(page, site, NUMBER)
    found = {}
    review = desk.url(f"review/{desk.round.number}/")
    receipt = f"/me/receipts/{ChoiceVersion.objects.get(number=2).public_id}/"
    for url in ("/me/", review, receipt, "/audit/receipts/"):
        page.goto(site + url)
        page.screenshot(path=tmp_path / f"{width}{url.replace('/', '_')[:40]}.png", full_page=True)
        if problems := faults(page):
            found[url] = problems

    assert found == {}


@pytest.mark.parametrize("width", [375, 1440])
def test_the_officers_pages_are_accessible_and_fit(
    page: Page, site: str, desk: Desk, width: int, tmp_path: Path
) -> None:
    personas = desk.personas
    row = ChoiceDispute.objects.create(
        application=desk.application,
        round=desk.round,
        disputed=ChoiceVersion.objects.get(number=2),
        back_to=ChoiceVersion.objects.get(number=1),
        by_account_id=desk.by.account,
        note="老师替我改的",
    )
    board = Round.objects.create(season=personas.season, number=8, name="3+2与五年一贯制", kind="imported")
    ImportedResult.objects.create(
        round=board, file_digest="0" * 64, row=7, id_hash=b"1" * 32, name="某甲", conflict="姓名与报名信息不一致"
    )
    file = exam_board_results.check_file(
        by=personas.pe1.actor,
        round=board,
        profile="board",
        digest="1" * 64,
        rows=[ImportedRow(n, f"41010120090305{n:04d}", "某乙", "甲市第一职业学校", "护理") for n in (2, 3)],
    )
    page.set_viewport_size({"width": width, "height": 900})
    imports = f"/desk/imports/{board.public_id}/"
    pages = (
        (personas.ce, ("/desk/", "/desk/disputes/", f"/desk/disputes/{row.public_id}/")),
        (
            personas.pe1,
            (
                "/desk/imports/",
                imports,
                f"/desk/imports/files/{file.public_id}/",
                f"{imports}settle/?programme={'0' * 64}:7",
            ),
        ),
    )
    found = {}
    for who, urls in pages:
        signs_in(page, site, who)
        for n, url in enumerate(urls):
            page.goto(site + url)
            page.screenshot(path=tmp_path / f"{who.username}-{n}.png", full_page=True)
            if problems := faults(page):
                found[url] = problems

    assert found == {}
