"""Plans: drafted within the rules, passed desk by desk, public at once, changed later by two people only."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests.support.builders.plans import drafted, programme, published, qualify, ready
from tests.support.clients import approve_by_two
from tests.support.personas import Personas as Personas
from tests.support.personas import officer, unit
from tests.support.query_counter import statements
from yangguang.actions.base.dual_approval import AwaitingSecond
from yangguang.actions.plans import plans
from yangguang.actions.runs.rounds import open_round
from yangguang.models import Plan, PlanVersion, Programme, Quota, RoundProgramme, Unit, Window
from yangguang.rules.accounts.roles import Role
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.base.refusals import BadRows, Denied, IllegalMove, NotFound, Refused, WindowClosed
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import QuotaDraft, QuotaKind
from yangguang.rules.plans.quotas import Mode
from yangguang.rules.runs.rounds import RoundKind

pytestmark = pytest.mark.django_db


def faults(personas: Personas, *programmes: object, capacity: int = 300) -> list[tuple[str, str]]:
    """(where, what) of every fault of a draft that is refused; nothing was saved."""
    with pytest.raises(BadRows) as refused:
        drafted(personas, *programmes, capacity=capacity)  # type: ignore[arg-type]
    assert Plan.objects.count() == 0
    return [(row.where, row.what) for row in refused.value.rows]


def test_a_draft_is_kept_whole_with_a_general_quota_and_its_version(personas: Personas) -> None:
    plan = drafted(ready(personas), programme("护理", 50), programme("会计事务", 40))

    assert list(plan.programmes.values_list("code", "major", "seats")) == [
        (f"甲市第一职业学校-{personas.season.year % 100}A001", "护理", 50),
        (f"甲市第一职业学校-{personas.season.year % 100}A002", "会计事务", 40),
    ]
    assert list(
        Quota.objects.order_by("programme__code").values_list("code", "name", "seats", "mode", "tie", "taken")
    ) == [("general", "普通", 50, "at_least", "all_wait", 0), ("general", "普通", 40, "at_least", "all_wait", 0)]
    kept = PlanVersion.objects.get(plan=plan)

    assert (kept.version, kept.state, [row["seats"] for row in kept.programmes]) == (1, "DRAFTED", [50, 40])


def test_the_seats_other_quotas_leave_go_to_the_general_one(personas: Personas) -> None:
    special = QuotaDraft(QuotaKind.DEDICATED_CLASS, 10, Mode.EXACTLY, 1)
    plan = drafted(ready(personas), programme(seats=50, quotas=(special,)))

    assert list(
        Quota.objects.filter(programme__plan=plan).values_list("code", "seats", "mode", "priority", "flows_to")
    ) == [("dedicated", 10, "exactly", 1, ""), ("general", 40, "at_least", 2, "")]


def test_directed_seats_are_refused_while_nobody_can_be_told_to_be_a_directed_student(personas: Personas) -> None:
    directed = QuotaDraft(QuotaKind.DIRECTED, 15, Mode.AT_MOST, 2, QuotaKind.GENERAL)
    assert faults(ready(personas), programme(seats=50, quotas=(directed,))) == [
        ("第 1 行（护理）·名额类别", "定向（订单）名额还没有开放")
    ]


def test_a_second_draft_replaces_the_first_and_programmes_that_stay_keep_their_codes(personas: Personas) -> None:
    drafted(ready(personas), programme("护理"), programme("会计事务"))
    drafted(personas, programme("会计事务", 60))
    plan = drafted(personas, programme("会计事务", 70), programme("护理"))
    stem = f"甲市第一职业学校-{personas.season.year % 100}A"
    # The code of a programme that went away is never given to another one.
    assert list(plan.programmes.values_list("code", "major", "seats")) == [
        (f"{stem}002", "会计事务", 70),
        (f"{stem}003", "护理", 50),
    ]
    assert list(PlanVersion.objects.order_by("version").values_list("version", flat=True)) == [1, 2, 3]


def test_every_fault_of_a_draft_is_named_at_once(personas: Personas) -> None:
    ready(personas)
    found = faults(
        personas,
        programme(" ", 0, fee=-1),
        programme("护理", 200),
        programme("护理", 200, years=Decimal(5)),
        capacity=300,
    )

    assert found == [
        ("计划数", "各行计划合计400人，超过办学容量300人，多100人"),
        ("第 3 行·专业", "第 2、3 行是同一个专业：“护理”（三年制、全日制）"),
        ("第 1 行（ ）·专业", "专业名称为空、过长或含有不可见字符"),
        ("第 1 行（ ）·计划数", "计划数为0"),
        ("第 1 行（ ）·学费", "学费为-1元，不能是负数"),
        ("第 3 行（护理）·学制", "三年制的学制为2至4年，填写的是5年"),
    ]


def test_a_major_in_two_spellings_is_one_and_both_rows_are_named(personas: Personas) -> None:
    ready(personas)
    spelled = faults(personas, programme("汽车（新能源）", 20), programme("汽车 (新能源)", 20))

    assert spelled == [("第 2 行·专业", "第 1、2 行是同一个专业：“汽车（新能源）”、“汽车 (新能源)”（三年制、全日制）")]


def test_majors_whose_brackets_say_the_same_in_another_order_are_two(personas: Personas) -> None:
    ready(personas)
    plan = drafted(personas, programme("汽车（新能源）（定向）", 20), programme("汽车（定向）（新能源）", 20))

    assert plan.programmes.count() == 2


def test_the_seats_of_a_major_in_two_spellings_count_together(personas: Personas) -> None:
    ready(personas)
    Unit.objects.filter(pk=personas.school.pk).update(is_new=True)
    named = faults(
        personas,
        programme("汽车（新能源）", 60),
        programme("汽车(新能源)", 60, study_form=StudyForm.PART_TIME),
    )

    assert ("汽车（新能源）·计划数", "汽车（新能源）专业计划120人，超过每专业上限100人") in named


def test_quotas_never_add_up_to_more_than_the_programme(personas: Personas) -> None:
    ready(personas)
    big = QuotaDraft(QuotaKind.DEDICATED_CLASS, 60, Mode.AT_MOST, 1)

    assert [where for where, _ in faults(personas, programme(seats=50, quotas=(big,)))] == ["第 1 行（护理）·名额类别"]


def test_a_new_school_takes_at_most_100_a_major_and_500_in_all(personas: Personas) -> None:
    ready(personas)
    Unit.objects.filter(pk=personas.school.pk).update(is_new=True)
    programmes = [programme(f"专业{n}", 100) for n in range(5)]

    assert faults(personas, *programmes, programme("专业5", 1), capacity=900) == [
        ("计划数", "各行计划合计501人，超过上限500人，多1人")
    ]
    assert faults(personas, programme("护理", 101), capacity=900) == [
        ("护理·计划数", "护理专业计划101人，超过每专业上限100人")
    ]
    assert drafted(personas, *programmes, capacity=900).programmes.count() == 5


def test_college_departments_offer_no_one_year_and_no_part_time_programmes(personas: Personas) -> None:
    ready(personas)
    one_year = programme("护理", programme_type=ProgrammeType.ONE_YEAR, years=Decimal(1))
    part_time = programme("会计事务", study_form=StudyForm.PART_TIME)
    Unit.objects.filter(pk=personas.school.pk).update(kind="高校中专部")
    with pytest.raises(BadRows) as refused:
        drafted(personas, one_year, part_time)

    assert [(row.where, row.what) for row in refused.value.rows] == [
        ("第 1 行（护理）·培养类型", "本校不能招收一年制学生"),
        ("第 2 行（会计事务）·办学形式", "本校不能招收非全日制学生"),
    ]
    assert all("〔2024〕432号" in row.clause for row in refused.value.rows)
    Unit.objects.filter(pk=personas.school.pk).update(kind="职业高中")

    assert drafted(personas, one_year, part_time).programmes.count() == 2


def test_an_origin_that_may_not_study_so_is_refused(personas: Personas) -> None:
    ready(personas)
    one_year = programme(
        programme_type=ProgrammeType.ONE_YEAR, years=Decimal(1), origins=(Origin.JUNIOR_THIS_YEAR, Origin.VETERAN)
    )

    assert faults(personas, one_year) == [("第 1 行（护理）·招收对象", "应届初中毕业生不能就读全日制一年制")]


def test_a_school_outside_the_published_list_plans_nothing(personas: Personas) -> None:
    ready(personas)
    personas.school.qualifications.all().delete()
    with pytest.raises(Refused, match="不在已公布的"):
        drafted(personas)


def test_a_school_plans_for_itself_only_and_inside_the_window(personas: Personas) -> None:
    ready(personas)
    other = unit("甲市第二职业学校", "SCHOOL", personas.county, sector="education")
    qualify(other, personas.season.year)
    with pytest.raises(NotFound):
        personas.teacher.act(plans.draft, school=other, season=personas.season, capacity=99, programmes=[programme()])
    Window.objects.all().delete()
    with pytest.raises(WindowClosed):
        drafted(personas)


def test_a_plan_passes_county_city_and_province_in_this_order(personas: Personas) -> None:
    plan = drafted(ready(personas))
    with pytest.raises(IllegalMove):
        personas.ce.sign(plans.pass_on, plan=plan)
    personas.teacher.act(plans.submit, plan=plan, season=personas.season)
    for early in (personas.me, personas.pe1):
        with pytest.raises(Refused, match="不在您这一级"):
            early.sign(plans.pass_on, plan=plan)

    assert personas.ce.sign(plans.pass_on, plan=plan).state == "COUNTY_PASSED"
    assert personas.me.sign(plans.pass_on, plan=plan).state == "CITY_PASSED"
    assert personas.pe1.sign(plans.pass_on, plan=plan, remark="同意").state == "APPROVED"
    assert list(PlanVersion.objects.order_by("version").values_list("state", flat=True)) == [
        "DRAFTED",
        "SUBMITTED",
        "COUNTY_PASSED",
        "CITY_PASSED",
        "APPROVED",
    ]


def test_a_county_that_reports_to_the_province_passes_at_the_citys_level(personas: Personas) -> None:
    ready(personas)
    direct = unit("直管县", "COUNTY", personas.province)
    school = unit("直管县职教中心", "SCHOOL", direct, sector="education", governed_by="COUNTY")
    qualify(school, personas.season.year)
    head, bureau = (officer("head", Role.VOCATIONAL_SCHOOL, school), officer("dc", Role.COUNTY_EDUCATION, direct))
    plan = head.act(plans.draft, school=school, season=personas.season, capacity=99, programmes=[programme()])
    head.act(plans.submit, plan=plan, season=personas.season)

    assert bureau.sign(plans.pass_on, plan=plan).state == "CITY_PASSED"
    assert personas.pe1.sign(plans.pass_on, plan=plan).state == "APPROVED"


def test_a_returned_plan_begins_the_chain_again(personas: Personas) -> None:
    plan = drafted(ready(personas))
    personas.teacher.act(plans.submit, plan=plan, season=personas.season)
    personas.ce.sign(plans.pass_on, plan=plan)
    with pytest.raises(Refused, match="原因"):
        personas.me.sign(plans.return_back, plan=plan, remark=" ")
    with pytest.raises(Refused, match="不在您这一级"):
        personas.ce.sign(plans.return_back, plan=plan, remark="不是我这里了")
    back = personas.me.sign(plans.return_back, plan=plan, remark="护理师资不足")

    assert (back.state, back.remark) == ("DRAFTED", "护理师资不足")
    drafted(personas, programme(seats=30))
    personas.teacher.act(plans.submit, plan=plan, season=personas.season)
    with pytest.raises(Refused, match="不在您这一级"):
        personas.me.sign(plans.pass_on, plan=plan)


def test_a_submitted_plan_cannot_be_edited(personas: Personas) -> None:
    plan = drafted(ready(personas))
    personas.teacher.act(plans.submit, plan=plan, season=personas.season)
    with pytest.raises(IllegalMove, match="不能再编辑"):
        drafted(personas, programme(seats=99))

    assert plan.programmes.get().seats == 50


def test_publishing_takes_every_approved_plan_of_the_programme_and_nothing_else(personas: Personas) -> None:
    plan = published(ready(personas))

    assert (plan.state, plan.version) == ("PUBLISHED", 6)
    assert PlanVersion.objects.get(plan=plan, version=6).state == "PUBLISHED"
    labour = unit("甲市技工学校", "SCHOOL", personas.city, sector="labour", governed_by="CITY")
    waiting = Plan.objects.create(school=labour, season=personas.season, capacity=1)
    Plan.objects.filter(pk=waiting.pk).update(state="SUBMITTED")
    Plan.objects.filter(pk=waiting.pk).update(state="CITY_PASSED")
    Plan.objects.filter(pk=waiting.pk).update(state="APPROVED")

    assert personas.pe1.sign(plans.publish, season=personas.season) == 0
    waiting.refresh_from_db()

    assert waiting.state == "APPROVED"


def test_only_the_province_publishes(personas: Personas) -> None:
    ready(personas)
    with pytest.raises(Denied):
        personas.me.sign(plans.publish, season=personas.season)


def change(personas: Personas, plan: Plan, seats: dict[str, int]) -> object:
    return approve_by_two(
        personas.pe1,
        personas.pe2,
        plans.change_after_open,
        plan=plan,
        programme=plan.programmes.get(),
        seats=seats,
        reason="扩班",
    )


def test_a_published_plan_is_changed_by_two_people_and_open_rounds_follow(personas: Personas) -> None:
    plan = published(ready(personas))
    approve_by_two(
        personas.pe1,
        personas.pe2,
        open_round,
        season=personas.season,
        number=1,
        name="集中录取",
        kind=RoundKind.RANKED,
        programme_types=[ProgrammeType.THREE_YEAR],
    )
    asked = {"plan": plan, "programme": plan.programmes.get(), "seats": {"general": 60}, "reason": "扩班"}

    assert isinstance(personas.pe1.sign(plans.change_after_open, **asked), AwaitingSecond)
    assert plan.programmes.get().seats == 50
    personas.pe2.sign(plans.change_after_open, **asked)

    assert (plan.programmes.get().seats, Quota.objects.get().seats) == (60, 60)
    assert RoundProgramme.objects.get().seats == 60
    assert PlanVersion.objects.get(plan=plan, version=7).programmes[0]["seats"] == 60


def test_a_published_plan_never_goes_below_the_seats_taken(personas: Personas) -> None:
    plan = published(ready(personas))
    Quota.objects.update(taken=20)
    with pytest.raises(Refused, match="已有20个名额被学生占用"):
        change(personas, plan, {"general": 19})
    # Below every check of ours the database refuses it, too.
    with pytest.raises(IntegrityError), transaction.atomic():
        Quota.objects.update(seats=19)
    change(personas, plan, {"general": 20})

    assert (plan.programmes.get().seats, Quota.objects.get().seats) == (20, 20)


def test_a_programme_that_was_cut_to_nothing_does_not_stop_another_from_growing(personas: Personas) -> None:
    plan = published(ready(personas), programme("护理"), programme("会计事务"))
    first, second = plan.programmes.order_by("pk")
    Quota.objects.filter(programme=first).update(seats=0)
    type(first).objects.filter(pk=first.pk).update(seats=0)
    asked = {"plan": plan, "programme": second, "seats": {"general": 60}, "reason": "扩班"}
    approve_by_two(personas.pe1, personas.pe2, plans.change_after_open, **asked)

    assert [one.seats for one in plan.programmes.order_by("pk")] == [0, 60]


def test_added_seats_stay_within_the_capacity(personas: Personas) -> None:
    plan = published(ready(personas))
    with pytest.raises(BadRows) as refused:
        change(personas, plan, {"general": 301})

    assert [row.what for row in refused.value.rows] == ["各行计划合计301人，超过办学容量300人，多1人"]
    assert Programme.objects.get().seats == 50


def test_drafting_asks_the_database_the_same_number_of_times_for_one_programme_and_for_thirty(
    personas: Personas,
) -> None:
    ready(personas)
    drafted(personas, programme("首次"), programme("首次二"))
    counts = []
    for size in (1, 30):
        drafted(personas, *(programme(f"甲{n}", 5) for n in range(size)))
        with statements() as asked:
            drafted(personas, *(programme(f"甲{n}", 6) for n in range(size)))
        counts.append(len(asked))

    assert counts[0] == counts[1]
