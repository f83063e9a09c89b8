"""Routes of the public check of receipts."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.public.choices.receipts import check_page

urlpatterns = [path("audit/receipts/", guard(Right.AUDIT_ROOT_PUBLISH_VERIFY)(check_page), name="receipts")]
