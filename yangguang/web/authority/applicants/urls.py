"""Routes of duplicate cases at a bureau's desk."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.applicants import duplicate_cases
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("cases/", guard(Right.DUPLICATE_DECIDE)(duplicate_cases.cases), name="cases"),
    path("cases/<uuid:case>/", guard(Right.DUPLICATE_DECIDE)(duplicate_cases.case), name="case"),
    path("cases/<uuid:case>/settle/", guard(Right.DUPLICATE_DECIDE)(duplicate_cases.decide), name="case_settle"),
]
