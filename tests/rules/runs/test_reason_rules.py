"""Every reason rests on a rule: a row that exists, or plain words that claim no clause. (F-N8)"""

import csv
from pathlib import Path

import pytest

from yangguang.rules.runs.matching_types import Barred, Reason, ReasonCode
from yangguang.rules.runs.reason_rules import BARS, ENDS, KEYS, PLAN, find_reason_rule

ROWS = Path(__file__).parents[3] / "yangguang" / "reference" / "policy_rules.csv"


def of(code: ReasonCode, barred: str | None = None) -> str:
    key = find_reason_rule(Reason(1, 7, code, None, 0, None, None, barred)).key
    return key.name if key else ""


def test_every_end_and_every_bar_has_a_rule() -> None:
    assert {*ENDS} == {*ReasonCode} - {ReasonCode.BARRED}
    assert {*BARS} == {*Barred}
    assert all(rule.plain for rule in (*ENDS.values(), *BARS.values(), PLAN))


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
        (ReasonCode.BARRED, "has_seat", ""),
        (ReasonCode.BARRED, "quarantine", ""),
        (ReasonCode.BARRED, "no_quota", ""),
        (ReasonCode.BARRED, "年满十八周岁方可报考", ""),
    ],
)
def test_each_reason_rests_on_its_own_rule(code: ReasonCode, barred: str | None, key: str) -> None:
    assert of(code, barred) == key


def test_every_rule_row_that_a_reason_names_is_delivered() -> None:
    with ROWS.open(encoding="utf-8") as file:
        assert {key.name for key in KEYS} <= {row["key"] for row in csv.DictReader(file)}


def test_plain_words_claim_no_notice_and_no_clause() -> None:
    for rule in (*ENDS.values(), *BARS.values(), PLAN):
        assert not {*"《》〔〕“”"} & {*rule.plain}
        assert "条" not in rule.plain.replace("招收条件", "")
