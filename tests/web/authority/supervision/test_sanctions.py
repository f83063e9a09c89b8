"""处理措施 on the screens: proposed by a bureau, decided at the province, public and at the school's desk at once."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from tests.support.builders.officers import at_desk, cost, page_of, seen, signed
from tests.support.builders.plans import qualify
from tests.support.personas import Personas, personas
from yangguang import clock
from yangguang.models import Sanction, ViolationKind
from yangguang.rules.seasons.windows import SHANGHAI

__all__ = ["personas"]
pytestmark = pytest.mark.django_db
NEW, LIST = "/desk/sanctions/new/", "/desk/sanctions/"
SENTENCE = "招生宣传与备案不一致"
TASK = r"处理措施：(\d+) 件 批准并到起始时间才生效"


@pytest.fixture(autouse=True)
def violation(personas: Personas) -> ViolationKind:
    qualify(personas.school, personas.season.year)
    return ViolationKind.objects.create(year=2023, position=4, text="严禁虚假宣传", source="通知", clause="二")


def sent(personas: Personas, **more: object) -> dict[str, object]:
    start = (clock.now() - timedelta(hours=1)).astimezone(SHANGHAI)
    return {
        "unit": str(personas.school.public_id),
        "measure": "WARN",
        "violation": "2023-4",
        "sentence": SENTENCE,
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        **more,
    }


def test_a_county_proposes_and_the_province_decides(personas: Personas) -> None:
    county, province, school = at_desk(personas.ce), at_desk(personas.pe1), at_desk(personas.teacher)
    assert signed(county, NEW, sent(personas)).headers["Location"] == LIST
    row = Sanction.objects.get()

    assert "等待省级批准" in page_of(county, LIST)
    assert SENTENCE not in page_of(Client(), f"/schools/{personas.school.public_id}/")
    assert SENTENCE not in page_of(school, "/school/")
    assert "去批准" in page_of(province, LIST)
    assert signed(province, f"{LIST}{row.public_id}/approve/").headers["Location"] == LIST
    cache.clear()  # Public pages are kept a few seconds.
    assert "生效中" in page_of(county, LIST)
    assert SENTENCE in page_of(Client(), f"/schools/{personas.school.public_id}/")
    assert f"警示标注 ：{SENTENCE}" in page_of(school, "/school/")


def test_the_front_page_counts_what_the_officer_may_approve_and_nothing_it_proposed(personas: Personas) -> None:
    signed(at_desk(personas.ce), NEW, sent(personas))
    signed(at_desk(personas.pe2), NEW, sent(personas, sentence="宣传材料没有备案"))

    first, second = (page_of(at_desk(account), "/desk/") for account in (personas.pe1, personas.pe2))

    assert re.findall(TASK, first) == ["2"]
    assert re.findall(TASK, second) == ["1"]
    assert "批准并到起始时间才生效" not in page_of(at_desk(personas.ce), "/desk/")


def test_the_proposer_withdraws_before_the_decision_and_the_list_marks_it(personas: Personas) -> None:
    county, province = at_desk(personas.ce), at_desk(personas.pe1)
    signed(county, NEW, sent(personas))
    address = f"{LIST}{Sanction.objects.get().public_id}/withdraw/"

    assert address in county.get(LIST).content.decode()
    assert address not in province.get(LIST).content.decode()
    assert "只有提出人本人能撤回" in seen(province.get(address))
    assert "省级不能再批准这项措施" in page_of(county, address)
    assert signed(county, address).headers["Location"] == LIST
    assert "已撤回" in page_of(county, LIST)
    assert address not in county.get(LIST).content.decode()
    assert "去批准" not in page_of(province, LIST)
    assert re.findall(TASK, page_of(province, "/desk/")) == []


def test_a_decided_measure_has_no_button_to_withdraw(personas: Personas) -> None:
    county = at_desk(personas.ce)
    signed(county, NEW, sent(personas))
    address = f"{LIST}{Sanction.objects.get().public_id}/"
    signed(at_desk(personas.pe1), f"{address}approve/")

    assert f"{address}withdraw/" not in county.get(LIST).content.decode()
    assert "现在是“已批准”，不能撤回" in seen(county.get(f"{address}withdraw/"))


@pytest.mark.parametrize(
    ("measure", "number", "sentence"),
    [
        ("WARN", "", "首页、招生学校名录、学校主页、招生计划、填报志愿和应答的页面都公开警示标注"),
        ("CAP", "30", "到 30 人以后，不再接受新的填报"),
        ("SHRINK", "20", "按比例压缩到 20 人"),
        ("STOP", "", "收到短信；志愿已截止的，另给时间改报"),
    ],
)
def test_every_effect_is_named_before_each_signature(
    personas: Personas, measure: str, number: str, sentence: str
) -> None:
    county = at_desk(personas.ce)
    data = sent(personas, measure=measure, number=number)

    first = seen(county.post(NEW, data))
    signed(county, NEW, data)
    second = page_of(at_desk(personas.pe1), f"{LIST}{Sanction.objects.get().public_id}/approve/")

    assert sentence in first
    assert sentence in second


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"measure": "CAP"}, "需要填写上限人数"),
        ({"number": "5"}, "警示标注不需要人数"),
        ({"ends_at": "2001-01-01T00:00"}, "终止时间不晚于起始时间"),
        ({"sentence": ""}, "这一项必填"),
    ],
)
def test_a_faulty_proposal_is_refused_before_the_key(personas: Personas, change: dict[str, str], sentence: str) -> None:
    answer = at_desk(personas.ce).post(NEW, sent(personas, **change))

    assert answer.status_code == 422
    assert sentence in seen(answer)
    assert Sanction.objects.count() == 0


def test_the_proposer_does_not_decide_and_a_school_of_another_city_is_no_choice(personas: Personas) -> None:
    province = at_desk(personas.pe1)
    signed(province, NEW, sent(personas))
    own = province.get(f"{LIST}{Sanction.objects.get().public_id}/approve/")

    assert "不能由提出人自己批准" in seen(own)
    assert "去批准" not in page_of(province, LIST)
    assert personas.school.name in page_of(at_desk(personas.me), NEW)


def test_the_list_costs_the_same_for_three(personas: Personas) -> None:
    county = at_desk(personas.ce)
    signed(county, NEW, sent(personas))
    for_one = cost(county, LIST)
    signed(county, NEW, sent(personas, sentence="二"))
    signed(county, NEW, sent(personas, sentence="三"))

    assert cost(county, LIST) == for_one
