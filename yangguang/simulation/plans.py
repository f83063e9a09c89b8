"""Plans of the rehearsal: every school drafts, the levels pass, the province publishes; numbers are 演示.

The real 2024 targets are loaded as they are printed. Only the demonstration's own plan numbers are scaled to how
many students take part.
"""

from decimal import Decimal
from typing import Any

from yangguang.actions.plans import plans
from yangguang.actions.reporting import targets
from yangguang.actions.reporting.target_files import read_table
from yangguang.actions.runs import rounds
from yangguang.models import Plan, Round, Season, Unit
from yangguang.reference import rows
from yangguang.rules.applicants.origins import StudyForm
from yangguang.rules.organisation.sectors import Line
from yangguang.rules.plans.plan_states import APPROVED
from yangguang.rules.plans.programme_types import Pattern
from yangguang.rules.plans.programmes import BucketDraft, BucketKind, LineDraft
from yangguang.rules.plans.quotas import Mode
from yangguang.sheets import digest
from yangguang.simulation.clients import OfficerClient, approve_by_two
from yangguang.simulation.setup import OWN_TESTS, officer

# The tables of 2024 name 67,686; plans of the rehearsal are that number per student taking part, and a little more.
TABLE_2024, ROOM = 67_686, 1.06
_OTHERS = 2133 / 6  # 其他学校: six schools of the demonstration stand for the collective row.


def target_of(school: Unit, by_name: dict[str, int]) -> float:
    """What the printed table hands to a school; an area's number goes to its 职教中心; the rest is 演示."""
    if school.name in by_name:
        return by_name[school.name]
    area = school.parent.name if school.parent else ""
    if area in by_name and school.governed_by == "COUNTY":
        return by_name[area]
    return _OTHERS if school.governed_by == "CITY" else 900


def draft_lines(school: Unit, seats: float, *, by_rank: bool = True) -> list[LineDraft]:
    """The school's majors with their shares of `seats`; a dedicated class where the school runs a general line.

    Args:
        by_rank: the season has a ranked round, in which the points of a school's own test count.
    """
    found: list[LineDraft] = []
    for row in rows("school_majors_demo"):
        if row["school_code"] != school.code:
            continue
        mine = max(2, round(seats * int(row["share"]) / 100))
        special = () if found or mine < 20 else (BucketDraft(BucketKind.DEDICATED_CLASS, 2, Mode.EXACTLY, 2),)
        found.append(
            LineDraft(
                major=row["major"], pattern=Pattern(row["pattern"]), study_form=StudyForm(row["study_form"]),
                years=Decimal(row["years"]), seats=mine, fee=int(row["fee"]) if row["fee"] else None,
                partner=row["partner"], buckets=special, is_demo=True,
                own_test_max=OWN_TESTS.get((school.code, row["major"]), 0) if by_rank else 0,
            )
        )  # fmt: skip
    return found


def draft_and_pass(
    season: Season, schools: list[Unit], applicants: int, only: frozenset[str] | None = None
) -> int:
    """Every school drafts and sends up; each desk passes what lies on it; one plan goes back and comes again."""
    by_name = {row["unit"]: int(row["task"]) for row in rows("zhengzhou_tasks_2024")}
    seats_of = {s.pk: target_of(s, by_name) * applicants * ROOM / TABLE_2024 for s in schools}
    made, by_rank = 0, season.term == "AUTUMN"
    for school in schools:
        drafted = draft_lines(school, seats_of[school.pk], by_rank=by_rank)
        lines = [one for one in drafted if only is None or one.pattern in only]
        if not lines:
            continue
        head = officer(school, Line(school.line))
        total = sum(one.seats for one in lines)
        asked: dict[str, Any] = {"season": season, "capacity": total + 50}
        plan = head.sign(plans.draft, school=school, lines=lines, **asked)
        plan = head.sign(plans.submit, plan=plan, season=season)
        if made == 3:
            first = desk_of(school)[0]
            first.sign(plans.return_back, plan=plan, remark="演示：请核对学费标准后重新上报")
            plan = head.sign(plans.draft, school=school, lines=lines, **asked)
            plan = head.sign(plans.submit, plan=plan, season=season)
        for bureau in desk_of(school):
            plan = bureau.sign(plans.pass_on, plan=Plan.objects.get(pk=plan.pk))
        assert plan.state == APPROVED, f"{school}: {plan.state}"
        made += 1
    province = Unit.objects.get(level="PROVINCE")
    for line in Line:
        officer(province, line).sign(plans.publish, season=season)
    return made


def desk_of(school: Unit) -> list[OfficerClient]:
    """The bureaus that pass the school's plan, from below."""
    found: list[OfficerClient] = []
    line, unit = Line(school.line), school.parent
    while unit is not None:
        found.append(officer(unit, line))
        unit = unit.parent
    levels = {"COUNTY": 3, "CITY": 2, "PROVINCE": 1}
    return found[-levels[school.governed_by] :]


def load_targets() -> int:
    """The 33 rows of 2024, exactly 67,686, read as the city's file would be."""
    city = Unit.objects.get(code="410100")
    table = rows("zhengzhou_tasks_2024")
    lines = ["序号,单位名称,招生任务（人）", f",郑州市,{TABLE_2024}"]
    data = "\n".join(lines + [f"{r['no']},{r['unit']},{r['task']}" for r in table]).encode("utf-8-sig")
    read, total = read_table(data, "郑州市2024年招生任务分解表.csv", city, 2024)
    source = "郑州市教育局办公室《关于进一步加强中等职业学校招生工作的通知》（郑教职成函〔2024〕432号）附件1"
    officer(city, Line.EDUCATION).sign(
        targets.load_table,
        year=2024,
        parent=city,
        rows=read,
        digest=digest(data),
        source=source,
        stated=total,
    )
    return len(read)


def open_round(season: Season, number: int) -> Round:
    """The province opens a round with two people; its lines and seats are fixed from now."""
    province = Unit.objects.get(level="PROVINCE")
    first, second = officer(province, Line.EDUCATION, 1), officer(province, Line.EDUCATION, 2)
    approve_by_two(first, second, rounds.open_round, season=season, number=number)
    return Round.objects.get(season=season, number=number)
