"""Every route of the site, by desk."""

from pathlib import Path

from django.urls import URLPattern, URLResolver, include, path

from yangguang.rules.rights import Right
from yangguang.web.kit.gallery import gallery
from yangguang.web.kit.guard import guard

DESKS = (
    ("", "entry"),
    ("", "public"),
    ("me/", "student"),
    ("school/", "school"),
    ("desk/", "authority"),
    ("audit/", "auditor"),
)
WEB = Path(__file__).parent / "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("gallery/", guard(Right.SCHOOL_DIRECTORY_READ)(gallery), name="gallery"),
    *(
        path(prefix, include(f"yangguang.web.{desk}.urls"))
        for prefix, desk in DESKS
        if (WEB / desk / "urls.py").is_file()
    ),
]

handler400 = "yangguang.web.kit.refusals.bad_request"
handler403 = "yangguang.web.kit.refusals.denied"
handler404 = "yangguang.web.kit.refusals.not_found"
handler500 = "yangguang.web.kit.refusals.broken"
