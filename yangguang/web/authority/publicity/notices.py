"""政策公告: the notices of this bureau and below, and writing one, which is read as the public will and signed.
(S23-2.10, S24-4.01)
"""

from dataclasses import replace

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yangguang import clock
from yangguang.actions.publicity import notices as acts
from yangguang.models import Notice, Unit
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.web.authority.base.layout import confirmation, page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import add_refusal
from yangguang.web.kit.paging import page_of


class NoticeForm(forms.Form):
    """A notice; empty lines of the text separate paragraphs."""

    title = forms.CharField(label="标题", max_length=acts.FIELDS["title"][1])
    body = forms.CharField(
        label="正文",
        max_length=acts.FIELDS["body"][1],
        help_text="空一行是另起一段；不要写学生的姓名和号码",
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    source = forms.CharField(
        label="来源文件", required=False, max_length=acts.FIELDS["source"][1], help_text="文件名和文号；显示在正文下面"
    )


@require_safe
def notices(request: Request) -> HttpResponse:
    """The notices of the actor's unit and below, the newest first."""
    rows = Notice.objects.for_actor(request.actor, Right.POLICY_NOTICE_PUBLISH).filter(published_at__lte=clock.now())
    listed = page_of(request, rows.select_related("unit").defer("body"), ("-published_at", "-public_id"))
    return page(request, "publicity/notices", {"list": listed})


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request) -> HttpResponse:
    """Write the notice, read it as the public will, sign."""
    form = NoticeForm(submitted_data(request) if request.method == "POST" else None)
    if form.is_valid():
        prepared = acts.publish.prepare(by=request.actor, **form.cleaned_data)
        try:
            return confirm(request, prepared, lambda: _preview(request, form), _lead_to_notice)
        except Refused as refusal:
            add_refusal(form, refusal)
    trail = [("政策公告", reverse("authority:notices")), ("写公告", "")]
    values = {"form": form, "trail": trail}
    return page(request, "publicity/notice_new", values, status=422 if form.errors else 200)


def _lead_to_notice(notice: Notice) -> HttpResponse:
    return redirect_to(reverse("public:notice", args=[notice.public_id]))(notice)


def _preview(request: Request, form: NoticeForm) -> Confirmation:
    """The page before the signature: the notice exactly as the public will read it."""
    own = Unit.objects.for_actor(request.actor, Right.POLICY_NOTICE_PUBLISH)
    unit = own.get_or_not_found(pk=request.actor.unit)
    effects = [
        (f"这篇公告以{unit.name}的名义公开，任何人立即在首页和“政策公告”看到。", False),
        ("公布以后不能改，也不能撤下；写错了，请另发一篇更正。", True),
    ]
    back, notice = reverse("authority:notices"), Notice(unit=unit, published_at=clock.now(), **form.cleaned_data)
    ask = confirmation(request, "公布这篇公告？", "公布公告", effects, back, notice=notice)
    return replace(ask, template="authority/publicity/notice_confirm.html")
