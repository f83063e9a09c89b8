"""The public pages: found without logging in, sourced, never late, never a name, the same cost for 1 and 3 rows."""

import base64
import csv
import io
import json
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
from tests.support.personas import Cast, unit
from tests.support.production import leave_demonstration
from yangguang.models import AuditRoot, PolicyRule, Quota, Round, Season, SpecialNeeds, ViolationKind
from yangguang.queries.audit.log_chain import merkle_root
from yangguang.reference import rows
from yangguang.rules.seasons.rounds import WindowKind
from yangguang.web.public.seasons.rule_words import say_value

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Pages kept for guests do not outlive a test; WhiteNoise wants its folder, empty as it is."""
    cache.clear()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return Stage.lay(cast)


def root_of(day: date) -> AuditRoot:
    links = [bytes([n] * 32) for n in range(256)]
    return AuditRoot.objects.create(
        day=day, root=merkle_root(links).hex(), entries=7, heads=[[1, link.hex()] for link in links]
    )


def test_the_first_page_has_three_doors_and_says_what_is_open_and_until_when(stage: Stage) -> None:
    stage.cast.open(WindowKind.REGISTRATION, days=3)
    page = stage.text("/")
    for words in ("我要报名", "查学校查计划", "查录取结果", "正在报名，还剩3天", "进行中"):
        assert words in page
    assert "1 所学校，计划招 50 人" in page


@pytest.mark.parametrize("typed", [b"[" * 5000, b'["name","\\ud800","x"]', b'["name","x","\\ud800"]'])
def test_a_page_key_somebody_typed_begins_the_directory_at_the_beginning(stage: Stage, typed: bytes) -> None:
    after = base64.urlsafe_b64encode(typed).decode()
    assert "甲市第一职业学校" in stage.text("/schools/", {"after": after})


def test_staff_are_led_to_their_desk_where_families_register(stage: Stage) -> None:
    for who, home in ((stage.cast.ce, "/desk/"), (stage.cast.teacher, "/school/")):
        page = at_desk(who).get("/").content.decode().split("doors")[1]
        assert f'href="{home}"' in page and "进入工作台" in page
        assert "我要报名" not in page and "/login/?next=/me/" not in page
    family = family_at(stage.cast.family().account or 0).get("/").content.decode()
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
    session["account"] = stage.cast.family().account
    session.save()
    answer = stage.get("/schools/")
    assert "我的页面" in seen(answer) and answer.headers["Cache-Control"] == "private, no-store"
    assert "我的页面" not in seen(Client().get("/schools/"))


def test_large_letters_are_kept_apart_from_standard_ones(stage: Stage) -> None:
    assert b'class="elder"' not in stage.get("/schools/").content
    stage.client.cookies["elder"] = "1"
    assert b'class="elder"' in stage.get("/schools/").content


def test_every_window_stands_in_the_calendar_with_its_source(stage: Stage) -> None:
    window = stage.cast.open(WindowKind.REPORTING)
    window.source = "测试通知第五条"
    window.save(update_fields=["source"])
    page = stage.text("/calendar/")
    assert "月报 （学校和主管部门办理）" in page and "测试通知第五条" in page
    cache.clear()
    shown = stage.text("/").split("演示：进入为")[0]
    assert "招生时间" in shown and "月报" not in shown


@pytest.mark.parametrize("typed", ["甲市第一", "jsdyzyxx", "JSDY", "zhiye", "ｊｓｄｙ", " 第一 职业 "])
def test_a_school_is_found_by_name_pinyin_and_initials(stage: Stage, typed: str) -> None:
    other = stage.school("乙市农校")
    page = stage.text("/schools/", {"text": typed})
    assert ("甲市第一职业学校" in page, other.name in page) == (True, False)


def test_schools_are_found_by_area_and_kind(stage: Stage) -> None:
    stage.school("乙市农校")
    assert "甲市第一职业学校" not in stage.text("/schools/", {"area": stage.cast.other_city.code})
    assert "乙市农校" in stage.text("/schools/", {"area": stage.cast.other_city.code, "kind": "职业高中"})
    assert "没有符合条件的学校" in stage.text("/schools/", {"kind": "技师学院"})


def test_the_map_counts_what_the_table_counts(stage: Stage) -> None:
    stage.school("乙市农校")
    page = stage.get("/schools/").content.decode()
    tiles = page.split('class="tiles"')[1].split("</ul>")[0]
    assert [tiles.count("甲市</span>"), tiles.count("甲</span>"), tiles.count("tile-number")] == [0, 1, 2]
    assert '合计</th><td class="num">2</td>' in page


def test_a_school_outside_of_the_list_is_neither_listed_nor_shown(stage: Stage) -> None:
    stranger = unit("没有资质的学校", "SCHOOL", stage.cast.county, sector="education")
    pupil = unit("某初中", "JUNIOR", stage.cast.county)
    assert "没有资质的学校" not in stage.text("/schools/")
    for hidden in (stranger, pupil):
        answer = stage.get(f"/schools/{hidden.public_id}/")
        assert answer.status_code == 404 and "招生学校名录中" in seen(answer)


def test_the_warning_stands_on_every_page_that_names_the_school(stage: Stage) -> None:
    stage.warns(stage.cast.school, "虚假宣传，责令改正")
    for url in ("/", f"/schools/{stage.cast.school.public_id}/", "/plans/"):
        assert "虚假宣传，责令改正" in stage.text(url), url
    assert "警示标注" in stage.text("/schools/")


def test_the_school_page_says_the_seats_that_are_left_now(stage: Stage) -> None:
    url = f"/schools/{stage.cast.school.public_id}/"
    assert "剩余名额 50" in stage.text(url)
    Quota.objects.update(taken=8)
    cache.clear()
    page = stage.get(url)
    assert "剩余名额 42" in seen(page) and b'src="data:image/svg+xml' in page.content
    assert "测试名录" in seen(page)


def test_up_to_four_programmes_stand_side_by_side_in_the_order_chosen(stage: Stage) -> None:
    programmes = [
        stage.enrolled.programme(),
        *(stage.enrolled.programme(school=stage.school(f"乙市{n}校")) for n in "一二三四"),
    ]
    ids = [str(programme.public_id) for programme in (programmes[2], programmes[0])]
    page = stage.text("/plans/compare/", {"programme": [*ids, "不是编号", ids[0]]})
    assert "比较 2 个专业" in page and page.index("乙市二校") < page.index("甲市第一职业学校")
    many = stage.text(
        "/plans/compare/", {"programme": [str(programme.public_id) for programme in programmes]}
    )
    assert "比较 4 个专业" in many and "一次最多比较 4 个" in many
    none = stage.get("/plans/compare/")
    assert none.status_code == 422 and "还没有选要比较的专业" in seen(none)


def test_plans_are_filtered_by_what_a_family_asks(stage: Stage) -> None:
    programme = stage.enrolled.programme()
    programme.fee, programme.origins = 3000, ["veteran"]
    programme.save(update_fields=["fee", "origins"])
    found = {"fee": "3000", "origin": "veteran", "text": "护", "programme_type": "three_year", "left": "on"}
    assert "甲市第一职业学校" in stage.text("/plans/", found)
    for wrong in ({"fee": "2000"}, {"origin": "farmer"}, {"programme_type": "one_year"}, {"text": "焊接"}):
        assert "没有符合条件的专业" in stage.text("/plans/", found | wrong)
    Quota.objects.update(taken=50)
    assert "没有符合条件的专业" in stage.text("/plans/", {"left": "on"})


@pytest.mark.parametrize("url", ["/schools/", "/plans/", "/notices/", "/audit/roots/"])
@pytest.mark.parametrize(
    "query",
    [
        {"after": "%00"},
        {"after": '["a"]'},
        {"area": "\x00", "sort": "drop"},
        {"fee": "x", "root": "\x00" * 64},
    ],
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


def test_the_rules_page_gives_every_rule_row_with_its_clause(stage: Stage) -> None:
    page = stage.text("/rules/")
    assert "测试规则 总分、抽签号 全部 测试文件 第一条" in page
    assert "没有“浪费志愿”" in page and "本年度已占用名额的人没有再次被录取" in page


def test_the_rules_page_promises_the_true_order_only_where_it_is_true(stage: Stage) -> None:
    PolicyRule.objects.create(
        key="round.edge_tie", value="all_wait", says="测试", valid_from="2021-01-01", source="测试文件"
    )
    page = stage.text("/rules/")
    assert "极少数情况里少填一个志愿反而更有利" in page and "一起候补：不抽签" in page
    assert "没有人会因为敢填高志愿而吃亏" not in page
    cache.clear()
    PolicyRule.objects.filter(key="round.edge_tie").update(value="lottery")
    page = stage.text("/rules/")
    assert "少填一个志愿反而更有利" not in page and "仍相同，比抽签号" in page
    assert "照真实想法排就是最好的排法，也不用猜别人怎么填" in page


@pytest.mark.parametrize("row", rows("policy_rules"), ids=lambda row: f"{row['key']}-{row['scope']}")
def test_no_value_of_a_rule_is_shown_as_a_code(row: dict[str, str]) -> None:
    said = say_value(row["key"], json.loads(row["value"]))
    assert said and not any("a" <= c <= "z" or c in "_{}[]" for c in said), said


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
    assert (
        f"?school={quote(small.code)}" in stage.get("/disclosure/", {"school": small.code}).content.decode()
    )
    assert "某独一" not in page and person.application.number not in page


def test_a_round_that_is_not_published_has_no_disclosure(stage: Stage) -> None:
    other = Round.objects.create(
        season=stage.cast.season, number=3, name="第一次补录", kind="supplementary_ranked"
    )
    answer = stage.get(f"/disclosure/{other.public_id}/")
    assert answer.status_code == 404 and "还没有公布" in seen(answer)
    assert "第一次补录 补录（按志愿）" in stage.text("/disclosure/") and "尚未公布" in stage.text(
        "/disclosure/"
    )


@pytest.mark.parametrize(
    "url", ["/", "/schools/", "/plans/", "/notices/", "/disclosure/", "/calendar/", "/rules/",
            "/open-data/schools.json",
            "/open-data/plans.csv", "/audit/roots/", "{round}", "{school}", "/open-data/results-2.json"],
)  # fmt: skip
def test_a_page_costs_the_same_queries_for_one_and_three_rows(stage: Stage, url: str) -> None:
    asked = url.format(
        round=f"/disclosure/{stage.enrolled.round.public_id}/",
        school=f"/schools/{stage.cast.school.public_id}/",
    )
    stage.notice("一"), root_of(date(2024, 8, 1)), stage.warns(stage.cast.school, "一")
    stage.get(asked)
    cache.clear()
    one = cost(stage, asked)
    for n, name in enumerate("二三"):
        stage.warns(stage.school(f"乙市{name}校"), name)
        stage.notice(name), root_of(date(2024, 8, n + 2)), stage.cast.open(list(WindowKind)[n])
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
    assert [(row["学校名称"], row["计划数（人）"]) for row in table] == [
        ("'=乙市校", "50"),
        ("甲市第一职业学校", "50"),
    ]
    said = stage.get("/open-data/plans.json").json()
    assert [(row["school"], row["left"]) for row in said["rows"]] == [
        ("=乙市校", 50),
        ("甲市第一职业学校", 50),
    ]
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
    for url in (
        "/",
        "/schools/",
        "/plans/",
        "/notices/",
        "/rules/",
        "/disclosure/",
        "/audit/roots/",
        "/open-data/",
    ):
        assert stage.client.post(url).status_code == 405, url
