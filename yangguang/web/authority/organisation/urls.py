"""Routes of a bureau's desk: the list of schools that may recruit."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.authority.organisation import school_lists
from yangguang.web.kit.guard import guard

urlpatterns = [
    path("schools/", guard(Right.SCHOOL_DIRECTORY_CHANGE)(school_lists.school_lists), name="school_lists"),
    path("schools/publish/", guard(Right.SCHOOL_DIRECTORY_CHANGE)(school_lists.publish), name="school_list_publish"),
]
