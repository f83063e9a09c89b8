"""Routes of a bureau's desk: its front page."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.base.home import home
from yangguang.web.kit.guard import guard

urlpatterns = [path("", guard(Right.PLAN_APPROVE)(home), name="home")]
