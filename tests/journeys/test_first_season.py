"""From a bare database to a family that registers: exactly the steps of 从空库到第一个招生季 in the operator's manual.

Pages and documented commands only; no action is called, and no row is written by the test.
"""

import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from tests.support.builders.enrolment import id_number
from tests.support.builders.family import number_of
from tests.support.builders.officers import page_of, seen, signed
from tests.support.builders.web_season import code_for, posted
from tests.support.clients import OfficerClient
from tests.web.login.officers import options_in, sign_in
from yangguang import clock, reference
from yangguang.models import Application, CalendarDay, PolicyRule, Season, Unit
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.simulation.soft_key import SoftKey

pytestmark = pytest.mark.django_db
OFFICERS = {
    "pe1": ("PE", "某省"),
    "pe2": ("PE", "某省"),
    "me1": ("ME", "某市"),
    "ce1": ("CE", "某县"),
    "v1": ("V", "某县职业学校"),
}
MANUAL = Path(__file__).parents[2] / "docs" / "manuals" / "operator.md"
HEADING = "## 从空库到第一个招生季"
PHONE = "15400000088"


def run(command: str, *words: str) -> str:
    out = io.StringIO()
    call_command(command, *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def bare(_reference_rules: None) -> None:
    """A database as it is after `migrate`: the rules and the calendar that other tests have are gone."""
    cache.clear()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    PolicyRule.objects.all().delete()
    CalendarDay.objects.all().delete()
    assert Unit.objects.count() == 0
    assert Season.objects.count() == 0


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The province's own files; the rules are those that the platform ships."""
    today = clock.now().astimezone(SHANGHAI).date()
    year, opens, closes = today.year, today - timedelta(days=2), today + timedelta(days=20)
    texts = {
        "units": "code,name,kind,level,region_code,reports_to,source\n"
        "990000,某省,省,PROVINCE,990000,,省文件\n990100,某市,省辖市,CITY,990100,990000,省文件\n"
        "990101,某县,县,COUNTY,990101,990100,省文件\n",
        "schools": "code,name,kind,sector,owner,governed_by,reports_to,source\n"
        "S1,某县职业学校,职业高中,education,公办,COUNTY,990101,省名录\n",
        "policy_rules": (Path(reference.__file__).parent / "policy_rules.csv").read_text(encoding="utf-8"),
        "seasons": f"year,term,source\n{year},AUTUMN,省文件\n",
        "rounds": "year,term,number,name,kind,programme_types,origins,keeps_waiting_list\n"
        f"{year},AUTUMN,1,集中录取,ranked,three_year,,0\n",
        "windows": "year,term,round,kind,opens_on,closes_on,source\n"
        f"{year},AUTUMN,,plan_entry,{opens},{closes},省文件\n",
        "calendar": f"日期,安排,说明,依据文件\n{year}-01-01,休息,元旦,某通知\n",
        "targets": "序号,单位名称,招生任务（人）\n,某市,300\n1,某县,300\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def open_account(username: str, role: str, unit: str) -> Client:
    """Create the account on the console, bind its key at /login/key/ and log in with it."""
    words = (
        "--name",
        "某某",
        "--role",
        role,
        "--unit",
        unit,
        "--sector",
        "education",
        "--key",
        f"K-{username}",
    )
    code = json.loads(run("createaccount", username, *words, "--json"))["binding_code"]
    browser = Client(raise_request_exception=False)
    page = browser.post("/login/key/", {"username": username, "code": code})
    key = SoftKey(username.encode(), settings.PUBLIC_URL.rstrip("/"))
    attestation = json.dumps(key.register(options_in(page, "data-bind")))
    bound = browser.post("/login/key/", {"username": username, "_step": "act", "_attestation": attestation})
    assert "已绑定这把优盾" in seen(bound)
    assert sign_in(browser, OfficerClient(username)).status_code == 302
    return browser


def by_two(first: Client, second: Client, url: str, data: dict[str, object] | None = None) -> None:
    """The same page with the same content, signed by two officers."""
    for client, status in ((first, 202), (second, 302)):
        answer = signed(client, url, data)
        assert answer.status_code == status, seen(answer)


def upload(client: Client, url: str, code: str, *lines: str, **more: object) -> str:
    """The address of the checked file."""
    file = SimpleUploadedFile("list.csv", "\r\n".join(lines).encode())
    answer = client.post(url, {"year": clock.now().year, "profile": code, "file": file, **more})
    assert answer.status_code == 302, seen(answer)
    return answer.headers["Location"]


def address_in(client: Client, url: str, pattern: str) -> str:
    """The first address of a page that matches."""
    match = re.search(pattern, client.get(url).content.decode())
    assert match is not None, f"{url}: {pattern}"
    return match[0]


def set_registration(first: Client, second: Client) -> None:
    today = clock.now().astimezone(SHANGHAI)
    data = {
        "kind": "registration",
        "opens_at": f"{today - timedelta(days=1):%Y-%m-%dT%H:%M}",
        "last_day": f"{today + timedelta(days=20):%Y-%m-%d}",
        "source": "省文件",
    }
    by_two(first, second, "/desk/windows/set/?kind=registration", data)


def enter_plan(desk: dict[str, Client]) -> None:
    """The school's plan from its own page over county, city and province to the public."""
    plan = {
        "capacity": 200,
        "programme-TOTAL_FORMS": 1,
        "programme-INITIAL_FORMS": 0,
        "save": 1,
        "programme-0-major": "护理",
        "programme-0-seats": 40,
        "programme-0-programme_type": "three_year",
        "programme-0-study_form": "full_time",
        "programme-0-years": 3,
    }
    typed = desk["v1"].get("/school/plan/edit/").content.decode()
    displayed = re.search(r'name="_displayed" value="([^"]*)"', typed)
    assert displayed is not None
    answer = desk["v1"].post("/school/plan/edit/", plan | {"_displayed": displayed[1]})
    assert answer.status_code == 302, seen(answer)
    submit_without_key(desk["v1"], "/school/plan/submit/")
    for officer in ("ce1", "me1", "pe1"):
        address = address_in(desk[officer], "/desk/plans/", r"/desk/plans/[0-9a-f-]{36}/")
        assert signed(desk[officer], f"{address}pass/").status_code == 302
    assert signed(desk["pe1"], "/desk/plans/publish/").status_code == 302


def submit_without_key(client: Client, url: str) -> None:
    confirmation = client.post(url)
    fields = dict(re.findall(r'name="(_typed|_key)" value="([^"]*)"', confirmation.content.decode()))
    assert client.post(url, fields | {"_step": "act"}).status_code == 302


def register_child(browser: Client) -> HttpResponse:
    """A family logs in with a code and goes through every step of the registration."""
    browser.get("/login/")
    posted(browser, "/login/", {"phone": PHONE})
    assert browser.post("/login/", {"phone": PHONE, "code": code_for(PHONE)}).status_code == 302
    steps: dict[str, dict[str, object]] = {
        "consent": {"consent_by": "guardian", "agree": "on"},
        "person": {"name": "欧阳小满", "id_number": number_of(1)},
        "origin": {"origin": "junior_this_year", "track": "CHOOSES", "junior_school": "某县实验初中"},
        "guardian": {"guardian_name": "欧阳大满", "guardian_relation": "父亲", "guardian_phone": "15450000001"},
        "needs": {"needs": ""},
        "review": {},
    }
    address = browser.get("/me/register/").headers["Location"]
    assert address == "/me/register/consent/"
    for step, data in steps.items():
        page = browser.get(f"/me/register/{step}/").content.decode()
        sent = dict(re.findall(r'name="(_key|_displayed)" value="([^"]*)"', page))
        if step == "origin":
            home = re.search(r'<option value="([^"]+)">某县</option>', page)
            assert home is not None
            sent["home"] = home[1]
        answer = browser.post(f"/me/register/{step}/", sent | data)
        assert answer.status_code == 302, seen(answer)
    return answer


def test_a_bare_installation_reaches_its_first_season_and_a_family_registers(bare: None, files: Path) -> None:
    run("load_directory", str(files))
    desk = {name: open_account(name, *post) for name, post in OFFICERS.items()}
    first, second = desk["pe1"], desk["pe2"]
    year = clock.now().astimezone(SHANGHAI).year

    run("load_calendar", str(files / "calendar.csv"))
    run("load_targets", str(files / "targets.csv"), "--year", str(year), "--parent", "某市")
    by_two(first, second, "/desk/schools/publish/", {"year": year, "basis": "省文件", "pasted": "S1 某县职业学校"})
    assert (
        signed(first, "/desk/notices/new/", {"title": "招生办法", "body": "正文", "source": "省文件"}).status_code
        == 302
    )
    set_registration(first, second)
    enter_plan(desk)
    round_address = address_in(first, "/desk/rounds/", r"/desk/rounds/[0-9a-f-]{36}/")
    by_two(first, second, f"{round_address}open/")
    scores = upload(first, "/desk/scores/", "scores", "身份证号,总分,语文,数学,英语", f"{number_of(1)},600,110,100,90")
    by_two(first, second, f"{scores}load/")
    outside = upload(
        first,
        "/desk/outside/",
        "outside",
        "身份证号,姓名,学校",
        f"{id_number(9)},某丙,某普通高中",
        register="high_school",
    )
    assert signed(first, f"{outside}load/").status_code == 302
    assert signed(first, "/desk/cases/check/").status_code == 302
    family = Client(raise_request_exception=False)

    assert register_child(family).headers["Location"] == "/me/register/received/"
    assert "600" in page_of(family, family.get("/me/").headers["Location"])
    assert Application.objects.get().season == Season.objects.get()
    assert "护理" in page_of(Client(), "/plans/")


def test_the_manual_names_every_page_and_command_of_the_journey_in_this_order() -> None:
    section = MANUAL.read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]
    steps = (
        "load-directory",
        "createaccount",
        "/login/key/",
        "load-calendar",
        "load-targets",
        "/desk/schools/publish/",
        "/desk/notices/new/",
        "/desk/windows/",
        "/school/plan/",
        "/desk/plans/",
        "/desk/rounds/",
        "/desk/scores/",
        "/desk/outside/",
        "/desk/cases/",
        "/me/register/",
    )

    assert [section.find(step) for step in steps] == sorted(section.find(step) for step in steps)
    assert [step for step in steps if step not in section] == []
