"""The states of a plan: from the school over its bureaus to the province, which publishes it. (R1.03)"""

from yangguang.rules.base.state_machine import state_machine, transition

DRAFTED, SUBMITTED, APPROVED, PUBLISHED = "DRAFTED", "SUBMITTED", "APPROVED", "PUBLISHED"
COUNTY_PASSED, CITY_PASSED = "COUNTY_PASSED", "CITY_PASSED"
IN_APPROVAL = (SUBMITTED, COUNTY_PASSED, CITY_PASSED)
"""A bureau approves it next or returns it."""

TRANSITIONS = state_machine(
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
        transition("submit", DRAFTED, to=SUBMITTED, label="上报计划"),
        transition("pass_county", SUBMITTED, to=COUNTY_PASSED, label="县级审核通过"),
        transition("pass_city", SUBMITTED, COUNTY_PASSED, to=CITY_PASSED, label="市级审核通过"),
        transition("approve", SUBMITTED, CITY_PASSED, to=APPROVED, label="省级审核通过"),
        transition("return_back", SUBMITTED, COUNTY_PASSED, CITY_PASSED, to=DRAFTED, label="退回修改"),
        transition("publish", APPROVED, to=PUBLISHED, label="公布计划"),
    ],
)

NEXT_REVIEW: dict[tuple[str, str], tuple[str, str]] = {
    ("COUNTY", SUBMITTED): ("COUNTY", "pass_county"),
    ("COUNTY", COUNTY_PASSED): ("CITY", "pass_city"),
    ("COUNTY", CITY_PASSED): ("PROVINCE", "approve"),
    ("CITY", SUBMITTED): ("CITY", "pass_city"),
    ("CITY", CITY_PASSED): ("PROVINCE", "approve"),
    ("PROVINCE", SUBMITTED): ("PROVINCE", "approve"),
}
"""(Governing level of the school, state) → level of the bureau that reviews next, and its transition."""
