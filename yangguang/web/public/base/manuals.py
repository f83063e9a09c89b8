"""The manuals (操作手册) of docs/manuals as pages and as text files. (S23-4.13, F-A10)"""

from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.rules.base.refusals import NotFound
from yangguang.web.kit.actor import Request
from yangguang.web.public.base.layout import HOME
from yangguang.web.public.base.markdown import title_of, to_html
from yangguang.web.public.base.page_cache import cache_for_guests

FOLDER = Path(settings.ROOT) / "docs" / "manuals"


@require_safe
@cache_for_guests
def manual_list(request: Request) -> HttpResponse:
    """The list of manuals."""
    manuals = [{"name": path.stem, "title": title_of(_read(path)) or path.stem} for path in _list_files()]
    values = {"manuals": manuals, "trail": [HOME, ("操作手册", "")]}
    return render(request, "public/base/manuals.html", values)


@require_safe
@cache_for_guests
def manual_page(request: Request, name: str) -> HttpResponse:
    """One manual, which can be printed."""
    text = _read(_get_file(name))
    title = title_of(text) or name
    trail = [HOME, ("操作手册", reverse("public:manuals")), (title, "")]
    values = {"title": title, "name": name, "body": to_html(text), "trail": trail}
    return render(request, "public/base/manual.html", values)


@require_safe
@cache_for_guests
def manual_file(request: Request, name: str) -> HttpResponse:
    """The manual as a text file."""
    path = _get_file(name)
    headers = {"Content-Disposition": f'attachment; filename="{path.stem}.md"'}
    return HttpResponse(_read(path), content_type="text/markdown; charset=utf-8", headers=headers)


def _list_files() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def _get_file(name: str) -> Path:
    """The file called `name`; the name is compared with the folder, so no address leads out of it."""
    for path in _list_files():
        if path.stem == name:
            return path
    raise NotFound("没有找到这本手册", why="它可能已经改名", now="请从操作手册的列表重新进入")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
