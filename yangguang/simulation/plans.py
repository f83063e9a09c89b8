"""Plans and targets of the simulated season: schools draft, bureaus approve, the province publishes.

The seats of the plans and the printed targets of 2024 are scaled to the number of students, so that rates look like
those of a year; both are 演示, and the source of the targets says so.
"""

from decimal import Decimal

from yangguang.actions.plans import plans
from yangguang.actions.reporting import targets
from yangguang.actions.reporting.target_files import read_target_file
from yangguang.models import Plan, Season, Unit
from yangguang.reference import rows
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.plan_states import APPROVED
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import ProgrammeDraft, QuotaDraft, QuotaKind
from yangguang.rules.plans.quotas import Mode
from yangguang.sheets import digest
from yangguang.simulation.clients import officer, province_officers, school_officer
from yangguang.simulation.setup import APTITUDE_TESTS, list_above

# The table of 2024 has 67,686 places; the plans have as many per student taking part, and a little more. Some nine in
# ten students are expected to check in at a school whose persons count.
TABLE_2024, ROOM, EXPECTED = 67_686, 1.06, 0.92
_OTHERS = 2133 / 6  # 其他学校: six schools of the demonstration stand for the collective row.
_BUREAUS_OF = {"COUNTY": 3, "CITY": 2, "PROVINCE": 1}


def target_of(school: Unit, by_name: dict[str, int]) -> float:
    """The target of a school in the printed table; an area's target is that of its 职教中心; the rest is 演示."""
    if school.name in by_name:
        return by_name[school.name]
    area = school.parent.name if school.parent else ""
    if area in by_name and school.governed_by == "COUNTY":
        return by_name[area]
    return _OTHERS if school.governed_by == "CITY" else 900


def draft_programmes(school: Unit, seats: float, *, by_rank: bool) -> list[ProgrammeDraft]:
    """The school's majors with their shares of `seats`; the first large one has a dedicated class.

    Args:
        by_rank: the season has a ranked round, in which the points of an aptitude test count.
    """
    drafts: list[ProgrammeDraft] = []
    for row in rows("school_majors_demo"):
        if row["school_code"] != school.code:
            continue
        places = max(2, round(seats * int(row["share"]) / 100))
        special = () if drafts or places < 20 else (QuotaDraft(QuotaKind.DEDICATED_CLASS, 2, Mode.EXACTLY, 2),)
        drafts.append(
            ProgrammeDraft(
                major=row["major"],
                programme_type=ProgrammeType(row["programme_type"]),
                study_form=StudyForm(row["study_form"]),
                years=Decimal(row["years"]),
                seats=places,
                fee=int(row["fee"]) if row["fee"] else None,
                partner=row["partner"],
                quotas=special,
                is_demo=True,
                aptitude_test_max=APTITUDE_TESTS.get((school.code, row["major"]), 0) if by_rank else 0,
            )
        )
    return drafts


def draft_and_approve(season: Season, schools: list[Unit], applicants: int) -> int:
    """Every school drafts its plan, the bureaus approve it, the province publishes; one plan is returned once.

    Returns:
        how many schools have a plan.
    """
    by_name = {row["unit"]: int(row["task"]) for row in rows("zhengzhou_tasks_2024")}
    with_plan = 0
    for school in schools:
        seats = target_of(school, by_name) * applicants * ROOM / TABLE_2024
        if programmes := draft_programmes(school, seats, by_rank=season.term == "AUTUMN"):
            approve_plan(school, season, programmes, is_returned=with_plan == 3)
            with_plan += 1
    for sector in Sector:
        province_officers(sector)[0].sign(plans.publish, season=season)
    return with_plan


def approve_plan(school: Unit, season: Season, programmes: list[ProgrammeDraft], *, is_returned: bool) -> None:
    """Submit a school's plan and bring it past every bureau; a plan that is returned is submitted twice."""
    bureaus = [officer(unit, Sector(school.sector)) for unit in list_above(school)]
    approvers = bureaus[-_BUREAUS_OF[school.governed_by] :]
    plan = submit_plan(school, season, programmes)
    if is_returned:
        approvers[0].sign(plans.return_back, plan=plan, remark="演示：请核对学费标准后重新上报")
        plan = submit_plan(school, season, programmes)
    for bureau in approvers:
        plan = bureau.sign(plans.pass_on, plan=Plan.objects.get(pk=plan.pk))
    assert plan.state == APPROVED, f"{school}: {plan.state}"


def submit_plan(school: Unit, season: Season, programmes: list[ProgrammeDraft]) -> Plan:
    author, capacity = school_officer(school), sum(one.seats for one in programmes) + 50
    plan = author.sign(plans.draft, school=school, season=season, capacity=capacity, programmes=programmes)
    return author.sign(plans.submit, plan=plan, season=season)


def load_targets(applicants: int) -> int:
    """Load the 33 rows of 2024 from a file as the city would send it, each scaled to the number of students.

    Returns:
        the number of rows.
    """
    city = Unit.objects.get(code="410100")
    scale = min(1.0, applicants * EXPECTED / TABLE_2024)
    tasks = {row["unit"]: max(1, round(int(row["task"]) * scale)) for row in rows("zhengzhou_tasks_2024")}
    lines = ["序号,单位名称,招生任务（人）", f",郑州市,{sum(tasks.values())}"]
    lines += [f"{row['no']},{row['unit']},{tasks[row['unit']]}" for row in rows("zhengzhou_tasks_2024")]
    data = "\n".join(lines).encode("utf-8-sig")
    read, total = read_target_file(data, "郑州市2024年招生任务分解表.csv", city, 2024)
    source = "郑州市教育局办公室《关于进一步加强中等职业学校招生工作的通知》（郑教职成函〔2024〕432号）附件1"
    if scale < 1:
        source = f"演示：按学生人数缩小为原文的{scale:.1%}。原文：{source}"
    officer(city, Sector.EDUCATION).sign(
        targets.load_table, year=2024, parent=city, rows=read, digest=digest(data), source=source, stated=total
    )
    return len(read)
