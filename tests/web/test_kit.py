"""The kit: guard, refusals as pages, context, factor for staff, filters, paging by key."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path

from tests.support.builders.web_season import sealed_in, text
from tests.support.clients import signature_for
from tests.support.personas import Personas
from yangguang import checks
from yangguang.actions.seasons import windows
from yangguang.models import AuditEntry, Proposal, Unit, Window
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import BadRows, Refused, VersionConflict
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.web.kit.actor import Request, device_of
from yangguang.web.kit.confirmation import Confirmation, confirm, redirect_to, submitted_data
from yangguang.web.kit.forms import Filters, add_refusal
from yangguang.web.kit.guard import guard
from yangguang.web.kit.paging import page_of, read_key

STACK = VersionConflict("这一页打开之后，内容已被别人改过", why="版本不同", now="请刷新页面")


def fails(fault: Exception) -> Any:
    def view(request: Request) -> HttpResponse:
        raise fault

    return guard(Right.SCHOOL_DIRECTORY_READ)(view)


def set_window(request: Request) -> HttpResponse:
    """A staff act of two people, as a desk would write it."""
    from yangguang.models import Season

    asked = submitted_data(request)
    kwargs = {
        "season": Season.objects.get(),
        "round": None,
        "kind": WindowKind.CHOICES,
        "opens_at": None,
        "closes_at": None,
        "source": asked.get("source", ""),
    }
    page = Confirmation("设定开放时间？", "设定开放时间", [("按新时间开放。", False)], "/desk/")
    prepared = windows.set_window.prepare(by=request.actor, **kwargs)
    return confirm(request, prepared, lambda: page, redirect_to("/done/"))


def names(request: Request) -> HttpResponse:
    order = {"code": ["code"], "-code": ["-code"], "name": ["name", "code"], "-name": ["-name", "code"]}
    page = page_of(request, Unit.objects.order_by(), order[request.GET.get("sort", "code")], 3)
    rows = ",".join(unit.code for unit in page.rows)
    return HttpResponse(f"{rows}|{page.previous}|{page.next}")


def told(request: Request) -> HttpResponse:
    return render(request, "errors/404.html")


urlpatterns = [
    path("", include("yangguang.web.login.urls")),
    path("missing/", fails(Http404())),
    path("stale/", fails(STACK)),
    path("down/", fails(OperationalError("server closed the connection: secret detail"))),
    path("bug/", fails(ZeroDivisionError("secret detail"))),
    path("bureau/", guard(Right.PLAN_APPROVE)(told)),
    path("window/", guard(Right.ROUND_WINDOW_SET)(set_window)),
    path("names/", guard(Right.SCHOOL_DIRECTORY_READ)(names)),
]
handler404 = handler500 = "yangguang.web.kit.refusals.answer"
open_door = [path("open/", told)]


@pytest.fixture(autouse=True)
def own_routes() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def sit_in(browser: Client, account: int | None) -> Client:
    session = browser.session
    session["account"] = account
    session.save()
    return browser


@pytest.mark.parametrize(
    ("url", "status", "says"),
    [
        ("/missing/", 404, "没有找到"),
        ("/nowhere/", 404, "没有找到"),
        ("/stale/", 409, "内容已被别人改过"),
        ("/down/", 503, "系统暂时不能办理"),
        ("/bug/", 500, "报修时请说出这个编号"),
    ],
)
def test_every_failure_is_a_page_in_chinese(db: None, browser: Client, url: str, status: int, says: str) -> None:
    answer = browser.get(url)
    assert answer.status_code == status
    assert says in text(answer) and "secret detail" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode() and "ZeroDivision" not in answer.content.decode()


def test_a_database_that_is_down_asks_to_come_again_and_keeps_the_form(db: None, browser: Client) -> None:
    answer = browser.get("/down/")
    assert answer.headers["Retry-After"] == "30" and "退回上一页再提交一次" in text(answer)


def test_a_database_down_before_the_view_is_the_same_page(db: None, browser: Client, monkeypatch: Any) -> None:
    def broken(*_: Any) -> None:
        raise OperationalError("secret detail")

    monkeypatch.setattr("yangguang.web.kit.actor.actor_for", broken)
    answer = browser.get("/missing/")
    assert (answer.status_code, "系统暂时不能办理" in text(answer)) == (503, True)


def test_a_post_from_elsewhere_is_refused_in_chinese(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/logout/")
    assert answer.status_code == 403 and "这个页面已经过期，刚才的内容没有提交" in text(answer)


def test_a_partial_request_gets_only_the_refusal(db: None, browser: Client) -> None:
    answer = browser.get("/stale/", headers={"HX-Request": "true"})
    assert answer.status_code == 409 and "<html" not in answer.content.decode()


def test_a_guest_is_led_to_the_log_in_also_by_a_partial_request(db: None, browser: Client) -> None:
    assert browser.get("/bureau/?a=1").headers["Location"] == "/login/?next=%2Fbureau%2F%3Fa%3D1"
    partial = browser.get("/bureau/", headers={"HX-Request": "true"})
    assert (partial.status_code, partial.headers["HX-Redirect"]) == (204, "/login/?next=%2Fbureau%2F")


def test_a_role_without_the_right_is_refused_once_and_kept_once(personas: Personas, browser: Client) -> None:
    answer = sit_in(browser, personas.teacher.actor.account).get("/bureau/")
    assert answer.status_code == 403 and "不能审核招生计划" in text(answer)
    entry = AuditEntry.objects.get(action="route.denied")
    assert (entry.outcome, "审核招生计划" in entry.facts["what"]) == ("DENIED", True)


def test_a_route_without_a_guard_fails_the_start_up_check() -> None:
    with override_settings(ROOT_URLCONF="yangguang.urls"):
        assert checks.every_route_is_guarded(None) == []
    urlpatterns.extend(open_door)
    try:
        with override_settings(ROOT_URLCONF=__name__):
            found = checks.every_route_is_guarded(None)
    finally:
        del urlpatterns[-1]
    assert [error.id for error in found] == ["yangguang.E020"]


def sign_up(browser: Client, personas: Personas, who: Any, data: dict[str, Any]) -> HttpResponse:
    """Open the confirm page as an officer and sign with the key."""
    sit_in(browser, who.actor.account)
    opened = browser.post("/window/", data)
    assert opened.status_code == 200 and "data-sign" in opened.content.decode()
    return browser.post("/window/", sealed_in(opened) | signature_for(opened, browser))


def test_two_officers_sign_the_same_content_and_only_then_it_happens(personas: Personas, browser: Client) -> None:
    first = sign_up(browser, personas, personas.pe1, {"source": "演示通知"})
    assert first.status_code == 202 and "等待另一人批准" in text(first)
    assert (Proposal.objects.count(), Window.objects.count()) == (1, 0)
    second = sign_up(browser, personas, personas.pe2, {"source": "演示通知"})
    assert (second.status_code, second.headers["Location"]) == (302, "/done/")
    assert Window.objects.get().source == "演示通知"


def test_a_signature_over_one_content_is_worthless_for_another(personas: Personas, browser: Client) -> None:
    sit_in(browser, personas.pe1.actor.account)
    opened = browser.post("/window/", {"source": "甲"})
    found = re.search(r'data-sign="([^"]*)"', opened.content.decode())
    assert found is not None
    options = json.loads(found[1].replace("&quot;", '"'))
    assertion = json.dumps(personas.pe1.key.sign(options))
    other = sealed_in(browser.post("/window/", {"source": "乙"}))
    assert browser.post("/window/", other | {"_step": "act", "_assertion": assertion}).status_code == 403
    right = browser.post("/window/", sealed_in(opened) | {"_step": "act", "_assertion": assertion})
    assert right.status_code == 202


def test_opening_a_confirm_page_by_a_link_keeps_no_challenge(personas: Personas, browser: Client) -> None:
    answer = sit_in(browser, personas.pe1.actor.account).get("/window/")
    assert answer.status_code == 200 and "下一步：优盾签名" in text(answer)
    assert "data-sign" not in answer.content.decode()


def test_a_refusal_stands_beside_its_field_and_rows_are_listed() -> None:
    class Sample(forms.Form):
        name = forms.CharField()

    form = Sample({"name": "张三"})
    add_refusal(form, Refused("姓名里有数字", where="name"))
    add_refusal(form, BadRows("没有写入", [Refused("不是整数", where="第 7 行")]))
    assert form.errors == {"name": ["姓名里有数字。"], "__all__": ["没有写入。", "第 7 行：不是整数。"]}


def test_a_filter_that_makes_no_sense_is_as_if_not_given() -> None:
    class Sample(Filters):
        q = forms.CharField(max_length=5)
        size = forms.IntegerField()
        kind = forms.ChoiceField(choices=[("a", "A")])

    assert Sample({"q": "太长太长太长", "size": "x", "kind": "z"}).chosen == {"q": "", "size": None, "kind": ""}
    assert Sample({"q": "郑州", "size": "3", "kind": "a"}).chosen == {"q": "郑州", "size": 3, "kind": "a"}


def walk(browser: Client, url: str, way: int) -> list[str]:
    """The pages from `url` on, following next (2) or previous (1)."""
    pages = []
    while url:
        parts = browser.get(url).content.decode().split("|")
        pages.append(parts[0])
        url = "/names/" + parts[way] if parts[way] else ""
    return pages


@pytest.mark.parametrize("sort", ["code", "-code", "name", "-name"])
def test_pages_follow_each_other_without_gap_or_repeat_both_ways(db: None, browser: Client, sort: str) -> None:
    Unit.objects.bulk_create(
        Unit(code=f"U{n:02d}", name=f"名{n % 4}{n}", level="SCHOOL", kind="x", path=f"{n}/") for n in range(8)
    )
    field = sort.lstrip("-")
    rows = sorted(Unit.objects.all(), key=lambda unit: (getattr(unit, field), unit.code), reverse=sort[0] == "-")
    codes = [unit.code for unit in rows]
    ahead = walk(browser, f"/names/?sort={sort}", 2)
    assert ",".join(ahead).split(",") == codes and len(ahead) == 3
    end = browser.get(f"/names/?sort={sort}").content.decode().split("|")[2]
    second = browser.get("/names/" + end).content.decode().split("|")
    assert walk(browser, "/names/" + second[1], 1)[0] == ahead[0]


@pytest.mark.parametrize(
    "after",
    [
        '["x\\u0000"]',
        "[1,2,3]",
        "nonsense",
        '[{"a":1}]',
        "[null]",
        '["Z"]',
        '["\\ud800"]',
        "[1e400]",
        "[NaN]",
        "[-Infinity]",
        "[true]",
        "[" * 2000,
    ],
)
def test_a_key_somebody_typed_never_breaks_a_list(db: None, browser: Client, after: str) -> None:
    Unit.objects.create(code="U1", name="名", level="SCHOOL", kind="x")
    answer = browser.get("/names/", {"after": after})
    assert answer.status_code == 200 and answer.content.decode().startswith(("U1", "|"))


@pytest.mark.parametrize("part", ["1e400", "-1e400", "NaN", '"\\ud800"', "true"])
def test_a_key_no_list_can_have_written_is_none(part: str) -> None:
    asked = RequestFactory().get("/names/", {"after": f'["a",{part}]', "before": '["a",1.5]'})
    assert (read_key(asked, "after", 2), read_key(asked, "before", 2)) == ([], ["a", 1.5])


def test_a_device_is_a_digest_of_browser_and_address_and_only_our_proxy_is_believed() -> None:
    def device(**meta: str) -> str:
        return device_of(RequestFactory().get("/", **meta))

    own = device(HTTP_USER_AGENT="A", REMOTE_ADDR="10.0.0.1")
    assert re.fullmatch(r"[0-9a-f]{16}", own) and own != device(HTTP_USER_AGENT="B", REMOTE_ADDR="10.0.0.1")
    assert own == device(HTTP_USER_AGENT="A", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.0.0.1")
    assert own == device(HTTP_USER_AGENT="A", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="7.7.7.7")


def test_a_page_says_who_reads_it_and_a_fresh_key(personas: Personas, browser: Client) -> None:
    words = "{{ home_url }} {{ actor.role.label }} {{ fresh_key }} {{ fresh_key }} {{ desk }}"
    request = RequestFactory().get("/")
    request.actor = personas.ce.actor
    request.resolver_match = None
    home, role, first, second, desk = engines["django"].from_string(words).render({}, request).split()
    assert (home, role, desk) == ("/desk/", "县（市、区）教育局", "public") and first != second
