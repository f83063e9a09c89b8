"""The numbers of a school's front page, each with what it counts and the list behind it. (X2.03, S24-5.02)"""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from yangguang.models import Season, Unit
from yangguang.postgres.sql import Row
from yangguang.queries.reporting.completion import completion_of
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.records import record_states
from yangguang.rules.reporting.steps import CountKey, Step


class Number(NamedTuple):
    """One number in the shape of `components/stat.html`; `todo`: it needs the school."""

    label: str
    number: int
    note: str
    url: str
    key: CountKey
    todo: bool = False


def list_numbers(school: Unit, season: Season, counts: Row) -> list[Number]:
    """The numbers of a season.

    Args:
        counts: of `queries.admissions.school_overview.count_school`.
    """

    def number(
        label: str, column: str, note: str, page: str, scope: str = "school", *, todo: bool = False, **query: str
    ) -> Number:
        persons: int = getattr(counts, column)
        url = f"{reverse(f'school:{page}')}?{urlencode({'season': season.public_id.hex, **query})}"
        key = CountKey(f"{season.year}-{season.term}", column, scope, school.code)
        return Number(label, persons, note, url, key, todo and persons > 0)

    dedicated = f"，含专门编班 {counts.dedicated}" if counts.dedicated else ""
    created, completed, disputed = record_states.CREATED, record_states.COMPLETED, record_states.DISPUTED
    return [
        number("计划数", "seats", f"{counts.programmes} 个计划行{dedicated}", "plan", "all"),
        number("空余名额", "free", "各行名额减去已占", "plan", "all"),
        number("报考本校", "applicants", "结果公布后才看得到", "applicants"),
        number("持有名额、等待报到", "expected", f"其中 {counts.offered} 人还没有应答", "check_in", todo=True),
        number("已报到", Step.CHECKED_IN, "本季累计", "check_in", tab="came"),
        number("未报到", "absent", "名额已释放", "check_in", tab="absent"),
        number("学籍待补充", "to_complete", "等待学校分班", "records", todo=True, state=created),
        number("学籍待本人确认", "to_confirm", "等待学生核对", "records", state=completed),
        number("本人报告有误", "disputed", "等待学校核对", "records", todo=True, state=disputed),
    ]


def build_target(school: Unit, year: int) -> dict[str, object]:
    """The target of the school and its completion: the values of `school/base/target.html`."""
    sector = Sector(school.sector or Sector.EDUCATION)
    keys = {
        step: CountKey(str(year), step, "target", school.code, sector=sector.value)
        for step in ("target", "counted", "rate")
    }
    return {"completion": completion_of(school, [], year, sector)[school.pk], "keys": keys, "year": year}
