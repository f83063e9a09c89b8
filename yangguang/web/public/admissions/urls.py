"""Routes of the public pages: the area admissions."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.public.admissions import result_lookup

urlpatterns = [path("result/", guard(Right.RESULT_LOOKUP_THREE_FACTS)(result_lookup.look_up), name="result")]
