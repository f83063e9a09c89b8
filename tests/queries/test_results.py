"""What a student reads, and what nobody learns about anybody."""

import pytest

from tests.cast import Cast, cast
from tests.counting import statements
from tests.enrolled import id_number
from tests.ranked import Ranked
from yangguang.actions import runs
from yangguang.models import AdmissionRun, Application, PolicyRule
from yangguang.models.fields import blind
from yangguang.queries.results import look_up, own_results

__all__ = ["cast"]
pytestmark = pytest.mark.django_db
CLAUSE = "（依据：测试文件 第一条）。"
BEYOND = "（所有填报者一起排位，其中有人被更靠前的志愿录取或不占这类名额，所以位次大于名额数）"


@pytest.fixture
def ranked(cast: Cast) -> Ranked:
    laid = Ranked.lay(cast)
    laid.line("A", 1)
    laid.line("B", 1, dedicated=1)
    laid.line("B0", 1)
    laid.apply(600, "A", "B")
    laid.apply(590, "A", "B")
    laid.apply(580, "A", "B")
    laid.apply(300, "A", "B", dedicated=True)
    laid.close()
    return laid


def says(number: str) -> list[str]:
    application = Application.objects.get(number=number)
    (round,) = own_results(application.pk, number, application.person_id).rounds
    return [choice.says for choice in round.choices]


def test_nothing_is_read_before_it_is_published(ranked: Ranked) -> None:
    ranked.approved()
    application = Application.objects.get(number="N0001")
    results = own_results(application.pk, "N0001", application.person_id)
    assert (results.rounds, results.admissions) == ((), ())


def test_every_choice_has_one_sentence_with_place_seats_last_place_and_clause(ranked: Ranked) -> None:
    ranked.published()
    assert says("N0001") == [
        f"第1志愿：面向您的名额1个，录取到第1位，您排第1位，已被录取{CLAUSE}",
        f"第2志愿：您已被更靠前的志愿录取，本志愿不再参加录取；面向您的名额1个，录取到第2位{BEYOND}，您排第1位{CLAUSE}",
    ]
    assert says("N0003") == [
        f"第1志愿：面向您的名额1个，录取到第1位，您排第3位，未达到录取位次{CLAUSE}",
        f"第2志愿：面向您的名额1个，录取到第2位{BEYOND}，您排第3位，未达到录取位次{CLAUSE}",
    ]
    assert says("N0004") == [
        f"第1志愿：不属于该专业任何一类名额的招收对象，没有参加排名；本专业名额1个，录取到第1位{CLAUSE}",
        f"第2志愿：面向您的名额1个，录取到第4位{BEYOND}，您排第4位，已被录取{CLAUSE}",
    ]


def test_the_last_score_is_said_only_where_a_rule_row_allows_it(ranked: Ranked) -> None:
    ranked.published()
    PolicyRule.objects.create(
        key="disclosure.last_score", value=True, says="测试", valid_from="2021-01-01", source="测试文件"
    )
    assert says("N0003")[0] == (
        f"第1志愿：面向您的名额1个，录取到第1位（总分600），您排第3位，未达到录取位次{CLAUSE}"
    )


def test_a_line_that_is_held_back_says_so_and_nothing_else(ranked: Ranked) -> None:
    run = ranked.approved()
    AdmissionRun.objects.filter(pk=run.pk).update(report=run.report | {"held_back": ["B"]})
    ranked.cast.pe1.signs(runs.publish, run=run)
    assert says("N0002")[1] == "第2志愿：该专业的结果正在复核，暂缓公布。"
    application = Application.objects.get(number="N0002")
    assert own_results(application.pk, "N0002", application.person_id).rounds[0].rank is None


def test_a_line_whose_code_only_begins_like_one_that_is_held_back_is_shown(ranked: Ranked) -> None:
    run = ranked.approved()
    AdmissionRun.objects.filter(pk=run.pk).update(report=run.report | {"held_back": ["B0"]})
    ranked.cast.pe1.signs(runs.publish, run=run)
    assert says("N0002")[1].startswith("第2志愿：面向您的名额1个")


def test_three_facts_open_ones_own_results_and_any_two_of_them_do_not(ranked: Ranked) -> None:
    ranked.published()
    person = Application.objects.get(number="N0001").person
    person.id_hash = blind(id_number(1))
    person.save(update_fields=["id_hash"])
    found = look_up(" N0001", id_number(1).lower(), " 某 甲")
    assert found is not None
    assert ([r.rank for r in found.rounds], [a.state for a in found.admissions]) == ([1], ["OFFERED"])
    for wrong in (
        ("N0002", id_number(1), "某甲"), ("N0001", id_number(2), "某甲"), ("N0001", id_number(1), "某乙"),
        ("", "", ""), ("N0001", "x" * 300, "\x00"), ("' OR 1=1 --", id_number(1), "某甲"),
    ):  # fmt: skip
        assert look_up(*wrong) is None


def test_an_unknown_person_costs_the_same_queries_as_a_known_one(ranked: Ranked) -> None:
    ranked.published()
    person = Application.objects.get(number="N0001").person
    person.id_hash = blind(id_number(1))
    person.save(update_fields=["id_hash"])
    costs = []
    for facts in (("N0001", id_number(1), "某甲"), ("N0009", id_number(9), "某甲"), ("x", "y", "1")):
        with statements() as seen:
            look_up(*facts)
        costs.append(len(seen))
    assert costs[0] == costs[1] == costs[2]
