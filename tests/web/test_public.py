"""The public pages: found without logging in, sourced, never late, never a name, the same cost for 1 and 3 rows."""

import csv
import io
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tests.support.builders.officers import at_desk, family_at
from tests.support.builders.public_season import Stage, cost, seen
from tests.support.personas import Personas
from tests.support.production import leave_demonstration
from yangguang.models import AuditRoot, Round, Season, SpecialNeeds, ViolationKind
from yangguang.reference import rows
from yangguang.rules.audit.merkle import merkle_root
from yangguang.rules.seasons.rounds import WindowKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Pages kept for guests do not outlive a test; WhiteNoise wants its folder, empty as it is."""
    cache.clear()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def stage(personas: Personas) -> Stage:
    return Stage.lay(personas)


def root_of(day: date) -> AuditRoot:
    links = [bytes([n] * 32) for n in range(256)]
    return AuditRoot.objects.create(
        day=day, root=merkle_root(links).hex(), entries=7, heads=[[1, link.hex()] for link in links]
    )


def test_the_first_page_has_three_doors_and_says_what_is_open_and_until_when(stage: Stage) -> None:
    stage.personas.open(WindowKind.REGISTRATION, days=3)
    page = stage.text("/")
    for words in ("我要报名", "查学校查计划", "查录取结果", "正在报名，还剩3天", "进行中"):
        assert words in page
    assert "1 所学校，计划招 50 人" in page


def test_staff_are_led_to_their_desk_where_families_register(stage: Stage) -> None:
    for who, home in ((stage.personas.ce, "/desk/"), (stage.personas.teacher, "/school/")):
        page = at_desk(who).get("/").content.decode().split("main-links")[1]
        assert f'href="{home}"' in page and "进入工作台" in page
        assert "我要报名" not in page and "/login/?next=/me/" not in page
    family = family_at(stage.personas.family().account or 0).get("/").content.decode()
    assert "我要报名" in family and 'href="/me/"' in family and "进入工作台" not in family


def test_the_demonstration_says_what_it_is_and_its_roles_open_doors(stage: Stage) -> None:
    page = stage.get("/").content.decode()
    assert "这是演示站点" in page and "进入为市教育局" in page
    value = page.split("进入为市教育局")[0].rsplit('name="seat" value="', 1)[1].split('"')[0]
    assert stage.client.post("/demo/", {"seat": value}).headers["Location"] == "/desk/"


def test_outside_of_the_demonstration_no_role_is_offered(stage: Stage, settings: Settings) -> None:
    leave_demonstration(settings)
    page = stage.get("/").content.decode()
    assert "演示" not in seen(stage.get("/")) and 'name="seat"' not in page


def test_a_guest_gets_the_kept_page_and_nothing_when_it_is_the_same(stage: Stage) -> None:
    first = stage.get("/schools/")
    assert first.headers["Cache-Control"] == "public, max-age=5" and "Cookie" in first.headers["Vary"]
    again = stage.get("/schools/", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_kept_page_is_never_given_to_someone_who_is_signed_in(stage: Stage) -> None:
    stage.get("/schools/")
    session = stage.client.session
    session["account"] = stage.personas.family().account
    session.save()
    answer = stage.get("/schools/")
    assert "我的页面" in seen(answer) and answer.headers["Cache-Control"] == "private, no-store"
    assert "我的页面" not in seen(Client().get("/schools/"))


def test_large_letters_are_kept_apart_from_standard_ones(stage: Stage) -> None:
    assert b'class="elder"' not in stage.get("/schools/").content
    stage.client.cookies["elder"] = "1"
    assert b'class="elder"' in stage.get("/schools/").content


def test_every_window_stands_in_the_calendar_with_its_source(stage: Stage) -> None:
    window = stage.personas.open(WindowKind.REPORTING)
    window.source = "测试通知第五条"
    window.save(update_fields=["source"])
    page = stage.text("/calendar/")
    assert "月报 （学校和主管部门办理）" in page and "测试通知第五条" in page
    cache.clear()
    shown = stage.text("/").split("演示：进入为")[0]
    assert "招生时间" in shown and "月报" not in shown


@pytest.mark.parametrize("url", ["/schools/", "/plans/", "/notices/", "/audit/roots/"])
@pytest.mark.parametrize(
    "query", [{"after": "%00"}, {"after": '["a"]'}, {"area": "\x00", "sort": "drop"}, {"fee": "x", "root": "\x00" * 64}]
)
def test_an_address_that_somebody_typed_breaks_nothing(stage: Stage, url: str, query: dict[str, str]) -> None:
    assert stage.get(url, query).status_code == 200


def test_notices_are_public_from_their_instant_and_escaped(stage: Stage) -> None:
    shown, later = stage.notice("名录公告"), stage.notice("明天的公告", days=1)
    assert "名录公告" in stage.text("/notices/") and "明天的公告" not in stage.text("/notices/")
    assert b"<b>" not in stage.get(f"/notices/{shown.public_id}/").content
    assert "第二段&lt;b&gt;" in stage.get(f"/notices/{shown.public_id}/").content.decode()
    assert stage.get(f"/notices/{later.public_id}/").status_code == 404


def test_what_is_forbidden_stands_word_for_word_with_its_source(stage: Stage) -> None:
    for row in rows("prohibitions_2023"):
        ViolationKind.objects.create(**row)
    page = stage.text("/notices/")
    for row in rows("prohibitions_2023"):
        assert row["text"] in page and row["source"] in page


def test_the_disclosure_counts_and_proves_but_hides_small_numbers_and_names(stage: Stage) -> None:
    person = stage.admitted("某独一")
    small = stage.school("乙市小校")
    stage.run.cuts.filter(programme__plan__school=small).update(admitted=4, applicants=3, last_place=4)
    assert "集中录取" in stage.text("/disclosure/") and "20" in stage.text("/disclosure/")
    page = stage.text(f"/disclosure/{stage.enrolled.round.public_id}/")
    assert "护理 甲市第一职业学校 50 20 不显示 — —" in page
    assert "护理 乙市小校 50 不显示 不显示 — —" in page
    assert page.count("成立") == 10 and stage.run.output_hash in page and "000102030405" in page
    one = stage.text(f"/disclosure/{stage.enrolled.round.public_id}/", {"school": small.code})
    assert "乙市小校" in one and "护理 甲市第一职业学校" not in one
    assert f"?school={quote(small.code)}" in stage.get("/disclosure/", {"school": small.code}).content.decode()
    assert "某独一" not in page and person.application.number not in page


def test_a_round_that_is_not_published_has_no_disclosure(stage: Stage) -> None:
    other = Round.objects.create(season=stage.personas.season, number=3, name="第一次补录", kind="supplementary_ranked")
    answer = stage.get(f"/disclosure/{other.public_id}/")
    assert answer.status_code == 404 and "还没有公布" in seen(answer)
    assert "第一次补录 补录（按志愿）" in stage.text("/disclosure/") and "尚未公布" in stage.text("/disclosure/")


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/schools/",
        "/plans/",
        "/notices/",
        "/disclosure/",
        "/calendar/",
        "/rules/",
        "/open-data/schools.json",
        "/open-data/plans.csv",
        "/audit/roots/",
        "{round}",
        "{school}",
        "/open-data/results-2.json",
    ],
)
def test_a_page_costs_the_same_queries_for_one_and_three_rows(stage: Stage, url: str) -> None:
    asked = url.format(
        round=f"/disclosure/{stage.enrolled.round.public_id}/", school=f"/schools/{stage.personas.school.public_id}/"
    )
    stage.notice("一"), root_of(date(2024, 8, 1)), stage.warns(stage.personas.school, "一")
    stage.get(asked)
    cache.clear()
    one = cost(stage, asked)
    for n, name in enumerate("二三"):
        stage.warns(stage.school(f"乙市{name}校"), name)
        stage.notice(name), root_of(date(2024, 8, n + 2)), stage.personas.open(list(WindowKind)[n])
        stage.enrolled.programme(("five_year", "one_year")[n])
    cache.clear()
    assert (cost(stage, asked), one > 0) == (one, True)


def test_the_daily_roots_can_be_kept_compared_and_computed_again(stage: Stage) -> None:
    root = root_of(date(2024, 8, 28))
    assert root.root in stage.text("/audit/roots/")
    assert "相符：这是 2024年8月28日" in stage.text("/audit/roots/", {"root": root.root.upper()})
    assert "没有哪一天的日志根是这个数" in stage.text("/audit/roots/", {"root": "0" * 64})
    assert "复算相符" in stage.text("/audit/roots/2024-08-28/")
    heads = stage.get("/audit/roots/2024-08-28.json").json()["heads"]
    assert merkle_root([bytes.fromhex(link) for _, link in heads]).hex() == root.root
    assert stage.get("/audit/roots/2024-08-29/").status_code == 404
    assert stage.get("/audit/roots/2024-99-99/").status_code == 404


def test_a_root_that_does_not_compute_is_said_so(stage: Stage) -> None:
    AuditRoot.objects.create(day="2024-08-27", root="0" * 64, entries=1, heads=[[1, "00" * 32]])
    assert "复算不符" in stage.text("/audit/roots/2024-08-27/")


def test_open_data_says_what_the_pages_say_and_runs_no_formula(stage: Stage) -> None:
    stage.school("=乙市校")
    table = list(csv.DictReader(io.StringIO(stage.get("/open-data/schools.csv").content.decode("utf-8-sig"))))
    assert [(row["学校名称"], row["计划数（人）"]) for row in table] == [("'=乙市校", "50"), ("甲市第一职业学校", "50")]
    said = stage.get("/open-data/plans.json").json()
    assert [(row["school"], row["left"]) for row in said["rows"]] == [("=乙市校", 50), ("甲市第一职业学校", 50)]
    results = stage.get("/open-data/results-2.json").json()["rows"]
    assert [row["admitted"] for row in results] == [12, 12]
    assert stage.get("/open-data/persons.csv").status_code == 404
    assert "招生学校名录" in stage.text("/open-data/")


def test_before_any_season_the_pages_say_what_will_be_there(db: None) -> None:
    cache.clear()
    client = Client()
    assert Season.objects.count() == 0 and SpecialNeeds.objects.count() == 0
    for url in ("/", "/plans/", "/notices/", "/rules/", "/disclosure/", "/calendar/", "/audit/roots/"):
        assert client.get(url).status_code == 200, url
    answer = client.get("/schools/")
    assert answer.status_code == 404 and "还没有设立招生季" in seen(answer)


def test_the_health_page_says_ok_and_is_kept_by_nobody(stage: Stage) -> None:
    answer = stage.get("/healthz")
    assert answer.content.startswith(b"ok ") and answer.headers["Cache-Control"] == "no-store"


def test_no_public_page_takes_a_post_but_the_look_up(stage: Stage) -> None:
    for url in ("/", "/schools/", "/plans/", "/notices/", "/rules/", "/disclosure/", "/audit/roots/", "/open-data/"):
        assert stage.client.post(url).status_code == 405, url
