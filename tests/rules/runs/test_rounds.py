"""The kinds of rounds and windows."""

from yangguang.rules.runs.rounds import ONLY_WITHOUT_SEAT, RANKING, RoundKind
from yangguang.rules.seasons.windows import WindowKind


def test_windows_have_the_labels_of_the_glossary() -> None:
    assert [label for _, label in WindowKind.choices()] == [
        "计划录入",
        "简章审核",
        "报名",
        "志愿填报",
        "志愿复核",
        "录取",
        "结果公布",
        "应答",
        "候补递补",
        "报到",
        "学籍核验",
        "月报",
    ]


def test_two_kinds_of_round_rank_and_two_admit_only_persons_without_a_seat() -> None:
    assert {kind for kind in RoundKind if kind in RANKING} == {RoundKind.RANKED, RoundKind.SUPPLEMENTARY_RANKED}
    assert {kind for kind in RoundKind if kind in ONLY_WITHOUT_SEAT} == {
        RoundKind.SUPPLEMENTARY_RANKED,
        RoundKind.SUPPLEMENTARY_DIRECT,
    }
