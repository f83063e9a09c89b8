"""How a plan becomes public: school → county → city → province, by its governing level. ([S24] §一, domain-rules §1)"""

from yangguang.rules.base.state_machine import move, moves

DRAFTED, SUBMITTED, COUNTY_PASSED, CITY_PASSED, APPROVED, PUBLISHED = (
    "DRAFTED", "SUBMITTED", "COUNTY_PASSED", "CITY_PASSED", "APPROVED", "PUBLISHED",
)  # fmt: skip
IN_APPROVAL = (SUBMITTED, COUNTY_PASSED, CITY_PASSED)
"""A bureau has to pass it next, or send it back."""

MOVES = moves(
    "招生计划",
    {
        DRAFTED: "编报中",
        SUBMITTED: "已上报",
        COUNTY_PASSED: "县级已审",
        CITY_PASSED: "市级已审",
        APPROVED: "省级已审",
        PUBLISHED: "已公布",
    },
    [
        move("submit", DRAFTED, to=SUBMITTED, says="上报计划"),
        move("pass_county", SUBMITTED, to=COUNTY_PASSED, says="县级审核通过"),
        move("pass_city", SUBMITTED, COUNTY_PASSED, to=CITY_PASSED, says="市级审核通过"),
        move("approve", SUBMITTED, CITY_PASSED, to=APPROVED, says="省级审核通过"),
        move("return_back", SUBMITTED, COUNTY_PASSED, CITY_PASSED, to=DRAFTED, says="退回修改"),
        move("publish", APPROVED, to=PUBLISHED, says="公布计划"),
    ],
)

# Which desk passes a plan next: (governing level of the school, state) → the bureau's level and its move.
NEXT_DESK: dict[tuple[str, str], tuple[str, str]] = {
    ("COUNTY", SUBMITTED): ("COUNTY", "pass_county"),
    ("COUNTY", COUNTY_PASSED): ("CITY", "pass_city"),
    ("COUNTY", CITY_PASSED): ("PROVINCE", "approve"),
    ("CITY", SUBMITTED): ("CITY", "pass_city"),
    ("CITY", CITY_PASSED): ("PROVINCE", "approve"),
    ("PROVINCE", SUBMITTED): ("PROVINCE", "approve"),
}
