"""A file of another office in Chromium: refused with its name, given back with its faults marked, mended, and taken."""

import io

import openpyxl
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.bad_input.test_every_intake import book
from tests.journeys.site import committed, served_personas, site
from tests.journeys.test_school import serious_faults, signs_in
from tests.shots import overflow
from tests.support.builders.enrolment import id_number
from tests.support.personas import Personas

__all__ = ["committed", "served_personas", "site"]
pytestmark = pytest.mark.browser
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize("width", [375, 1440])
def test_a_refused_file_comes_back_marked_and_is_taken_once_it_is_mended(
    page: Page, site: str, served_personas: Personas, width: int
) -> None:
    head = ["序号", "身份证号（必填）", "姓名", "总分", "语文", "数学", "英语", "备注"]
    rows = [["1", id_number(1), "张三", "缺考", "1", "1", "1"], ["2", id_number(2), "李四", "9", "3", "3", "3"]]
    data = book([["中招成绩汇总表"], head, *rows, ["填表人：王五", "审核人：赵六"]])
    signs_in(page, site, served_personas.pe1)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/desk/scores/")

    _upload(page, data)
    expect(page.locator("main")).to_contain_text("刚才上传的是“成绩汇总（终稿）.xlsx”")
    expect(page.locator(".refusal")).to_contain_text("第 3 行·总分：‘缺考’不是整数")
    seen = (overflow(page), serious_faults(page))
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标出错误的表格").click()
    marked = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    marked.worksheets[0]["D3"] = "0"
    mended = io.BytesIO()
    marked.save(mended)
    _upload(page, mended.getvalue())

    assert seen == (0, [])
    expect(page.locator("dl.facts")).to_contain_text("行数2")


def _upload(page: Page, data: bytes) -> None:
    page.get_by_label("名单文件").set_input_files(FilePayload(name="成绩汇总（终稿）.xlsx", mimeType=XLSX, buffer=data))
    page.get_by_role("button", name="上传并核对").click()
