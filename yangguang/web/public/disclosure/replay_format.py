"""The public specification of the replay bundles, in two languages, with test vectors to compare a reader. (F-N1)"""

import json
import zipfile
from functools import cache
from io import BytesIO

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.queries.disclosure.replay_vectors import INDEX, build_vectors
from yangguang.rules.base.refusals import NotFound
from yangguang.rules.disclosure.bundle_format import COLUMNS, FORMAT
from yangguang.web.kit.actor import Request
from yangguang.web.public.base.layout import HOME
from yangguang.web.public.base.markdown import title_of, to_html
from yangguang.web.public.base.page_cache import cache_for_guests

LANGUAGES = ("zh", "en")


@cache
def write_specification(language: str) -> str:
    """The specification as Markdown, its example and its list of vectors computed."""
    index = json.loads(zipfile.ZipFile(BytesIO(build_vectors())).read(INDEX))
    values = {
        "format": FORMAT,
        "example": index["example"],
        "bundles": index["bundles"],
        "headings": {table.partition(".")[0]: " ".join(names) for table, names in COLUMNS.items()},
        "vectors": reverse("public:replay_vectors"),
    }
    return render_to_string(f"public/disclosure/replay_format_{language}.md", values).lstrip()


@require_safe
@cache_for_guests
def format_page(request: Request, language: str = "zh") -> HttpResponse:
    """The specification as a page."""
    text = _get_text(language)
    trail = [HOME, ("录取回放", reverse("public:replay")), ("回放包格式", "")]
    values = {"title": title_of(text), "body": to_html(text), "language": language, "trail": trail}
    return render(request, "public/disclosure/replay_format.html", values)


@require_safe
def format_file(request: Request, language: str) -> HttpResponse:
    """The specification as a text file."""
    headers = {"Content-Disposition": f'attachment; filename="{FORMAT.replace(" ", "-")}.{language}.md"'}
    return HttpResponse(_get_text(language), content_type="text/markdown; charset=utf-8", headers=headers)


@require_safe
def vectors_file(request: Request) -> HttpResponse:
    """The test vectors."""
    headers = {"Content-Disposition": 'attachment; filename="vectors.zip"'}
    return HttpResponse(build_vectors(), content_type="application/zip", headers=headers)


def _get_text(language: str) -> str:
    if language not in LANGUAGES:
        raise NotFound("没有这种文字的格式说明", why="格式说明只有中文和英文两种", now="请从录取回放重新进入")
    return write_specification(language)
