"""A request that is too large gets an answer, instead of being cut off in the middle of sending. (X1.05)"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from yangguang.rules.base.refusals import Refused
from yangguang.web.kit.refusals import page

# So much is read and discarded, so that the browser gets to reading our answer; larger requests are cut off.
MOST_READ = 64 * 2**20
_PIECE = 2**16


class TooLarge(Refused):
    """More bytes than any page of ours needs."""

    status = 413
    code = "too_large"


class SizeMiddleware:
    """Answers a request whose body is over the limit before it is parsed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length, limit = request.META.get("CONTENT_LENGTH") or "0", settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        size = int(length) if length.isascii() and length.isdecimal() else 0
        if size <= limit:
            return self.get_response(request)
        read = 0
        while read < min(size, MOST_READ) and (piece := request.read(_PIECE)):
            read += len(piece)
        refusal = TooLarge(
            f"上传的内容太大，没有接收：共{size / 2**20:.1f}兆字节，最多{limit / 2**20:.1f}兆字节",
            why="所有表格都远小于这个限额，更大的文件通常带有图片或多余的工作表",
            now="请删去图片、空白行和无关的工作表，或分成几个文件上传；已经办好的事不受影响",
        )
        return page(request, TooLarge.status, refusal)
