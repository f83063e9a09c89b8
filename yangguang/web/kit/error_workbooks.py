"""The error workbook of a refused upload: sealed in the officer's session, and sent by the page that refused it."""

import base64
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from yangguang.gateways import ciphers
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.sheets import Sheet, error_workbook
from yangguang.web.kit.actor import Request

MAX_WORKBOOK = 4 * 2**20
"""Bytes; a larger one would slow down every page of the session."""
ADDRESS = "?errors=xlsx"
_KEY = "error_workbook"
_CONTEXT = b"session.error_workbook"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def store_error_workbook(request: Request, upload: UploadedFile | None, refusal: BadRows, sheet: Sheet) -> str:
    """Store the uploaded file with its faults marked, until the next refused upload or the log-out.

    Args:
        sheet: the layout after which the file was read.

    Returns:
        the address of the workbook on this page; "" without a file, or when the workbook is too large to store.
    """
    request.session.pop(_KEY, None)
    if upload is None:
        return ""
    upload.seek(0)
    name = upload.name or ""
    try:
        book = error_workbook(upload.read(), refusal, name, sheet)
    except Refused:
        return ""
    if len(book) > MAX_WORKBOOK:
        return ""
    sealed = ciphers.seal(settings.DATA_KEYS, book, _CONTEXT)
    title = f"{PurePath(name).stem}（标出错误）.xlsx"
    request.session[_KEY] = [request.path, title, base64.b64encode(sealed).decode()]
    return ADDRESS


def send_error_workbook(request: Request) -> HttpResponse | None:
    """The workbook that this page stored, if its address asks for it; None otherwise."""
    path, title, sealed = request.session.get(_KEY, ("", "", ""))
    if "errors" not in request.GET or path != request.path:
        return None
    book = ciphers.unseal(settings.DATA_KEYS, base64.b64decode(sealed), _CONTEXT)
    headers = {"Content-Disposition": str(content_disposition_header(as_attachment=True, filename=title))}
    return HttpResponse(book, content_type=_TYPE, headers=headers)
