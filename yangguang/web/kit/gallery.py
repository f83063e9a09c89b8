"""The gallery: every component in every state on one page, each with the programmes that call it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template, render_to_string
from django.views.decorators.http import require_safe

from yangguang.web.kit.gallery_samples import TITLES, values


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Render all samples of `templates/gallery/` with made-up values; needs no database."""
    made_up = values()
    shown = []
    for name, title in TITLES.items():
        path = f"gallery/{name}.html"
        usage = get_template(path).template.source  # type: ignore[attr-defined]
        html = render_to_string(path, made_up, request)
        shown.append({"name": name, "title": title, "usage": usage, "html": html})
    page = {"shown": shown, "trail": [("首页", "/"), ("组件一览", "")]}
    return render(request, "gallery.html", page)
