"""Routes of the demonstration: those of the site, and the page of personas."""

from django.urls import URLPattern, URLResolver, path

from yangguang.rules.accounts.rights import Right
from yangguang.simulation.web import personas_page
from yangguang.urls import handler400, handler403, handler404, handler500
from yangguang.urls import urlpatterns as site
from yangguang.web.kit.guard import guard

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns: list[URLPattern | URLResolver] = [
    path("demo/", guard(Right.ACCOUNT_SIGN_IN)(personas_page), name="demo"),
    *site,
]
