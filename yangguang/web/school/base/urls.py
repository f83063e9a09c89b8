"""Routes of the school's desk: its front page."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.school.base.home import home

urlpatterns = [path("", guard(Right.PLAN_DRAFT)(home), name="home")]
