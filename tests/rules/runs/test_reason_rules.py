"""Every reason rests on a rule: a row that exists, or plain words that claim no clause. (F-N8)"""

import csv
from pathlib import Path

import pytest

from yangguang.rules.runs.matching_types import Barred, Reason, ReasonCode
from yangguang.rules.runs.reason_rules import BARS, ENDS, KEYS, PLAN, ground_of

ROWS = Path(__file__).parents[3] / "yangguang" / "reference" / "policy_rules.csv"


def of(code: ReasonCode, barred: str | None = None) -> str:
    return ground_of(Reason(1, 7, code, None, 0, None, None, barred)).key


def test_no_end_and_no_bar_is_without_a_ground() -> None:
    assert {*ENDS} == {*ReasonCode} - {ReasonCode.BARRED} and {*BARS} == {*Barred}
    assert all(ground.plain for ground in (*ENDS.values(), *BARS.values(), PLAN))


@pytest.mark.parametrize(
    ("code", "barred", "key"),
    [
        (ReasonCode.ADMITTED, None, "round.tie_order"),
        (ReasonCode.OUTRANKED, None, "round.tie_order"),
        (ReasonCode.TIED_AT_CUTOFF, None, "round.edge_tie"),
        (ReasonCode.HIGHER_CHOICE_ADMITTED, None, ""),
        (ReasonCode.NO_SEATS, None, ""),
        (ReasonCode.BARRED, "origin", "imported.origins"),
        (ReasonCode.BARRED, "study_form", ""),
        (ReasonCode.BARRED, "score_floor", "imported.score_floor"),
        (ReasonCode.BARRED, "stopped", "sanction.measures"),
        (ReasonCode.BARRED, "has_seat", "seat.spring_blocks_autumn"),
        (ReasonCode.BARRED, "quarantine", ""),
        (ReasonCode.BARRED, "no_quota", ""),
        (ReasonCode.BARRED, "年满十八周岁方可报考", ""),
    ],
)
def test_each_reason_rests_on_its_own_rule(code: ReasonCode, barred: str | None, key: str) -> None:
    assert of(code, barred) == key


def test_every_row_that_may_be_cited_is_delivered() -> None:
    with ROWS.open(encoding="utf-8") as file:
        assert {*KEYS} <= {row["key"] for row in csv.DictReader(file)}


def test_plain_words_claim_no_notice_and_no_clause() -> None:
    for ground in (*ENDS.values(), *BARS.values(), PLAN):
        assert not {*"《》〔〕“”"} & {*ground.plain} and "条" not in ground.plain.replace("招收条件", "")
