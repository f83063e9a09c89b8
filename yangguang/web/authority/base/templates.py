"""Empty files of a layout, to be filled in and uploaded."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from yangguang.rules.base.refusals import NotFound
from yangguang.sheets.import_profiles import Profile, empty_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_template(profiles: Mapping[str, Profile], code: str) -> HttpResponse:
    """The empty workbook of one profile. Raises NotFound for an unknown code."""
    layout = profiles.get(code)
    if layout is None:
        raise NotFound("没有这个文件格式", why="网址不完整或被改动过", now="请从上传文件的页面下载")
    name = content_disposition_header(as_attachment=True, filename=f"{layout.label}.xlsx")
    return HttpResponse(empty_workbook(layout), content_type=XLSX, headers={"Content-Disposition": str(name)})
