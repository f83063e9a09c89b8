"""Routes of a bureau's desk: duplicate cases, phones of families, scores and outside lists."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.applicants import duplicate_cases, family_phones, outside_lists, scores
from yangguang.web.kit.guard import guard

may_check_scores, may_check_lists = guard(Right.EXAM_RESULT_CHECK), guard(Right.OUTSIDE_LIST_CHECK)
urlpatterns = [
    path("cases/", guard(Right.DUPLICATE_DECIDE)(duplicate_cases.cases), name="cases"),
    path("cases/check/", guard(Right.DUPLICATE_CHECK)(duplicate_cases.check), name="case_check"),
    path("cases/<uuid:case>/", guard(Right.DUPLICATE_DECIDE)(duplicate_cases.case), name="case"),
    path("cases/<uuid:case>/settle/", guard(Right.DUPLICATE_DECIDE)(duplicate_cases.decide), name="case_settle"),
    path("family-phone/", guard(Right.FAMILY_PHONE_CHANGE)(family_phones.change_phone), name="family_phone"),
    path("scores/", may_check_scores(scores.scores), name="scores"),
    path("scores/templates/<slug:profile>.xlsx", may_check_scores(scores.template), name="score_template"),
    path("scores/<uuid:score_file>/", may_check_scores(scores.score_file), name="score_file"),
    path("scores/<uuid:score_file>/load/", guard(Right.EXAM_RESULT_LOAD)(scores.load), name="score_load"),
    path("outside/", may_check_lists(outside_lists.outside_lists), name="outside_lists"),
    path("outside/templates/<slug:profile>.xlsx", may_check_lists(outside_lists.template), name="outside_template"),
    path("outside/<uuid:outside_file>/", may_check_lists(outside_lists.outside_file), name="outside_file"),
    path("outside/<uuid:outside_file>/load/", guard(Right.DUPLICATE_CHECK)(outside_lists.load), name="outside_load"),
]
