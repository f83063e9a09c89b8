"""What a student reads, and which numbers no student may learn."""

from datetime import timedelta

import pytest

from tests.support.builders.enrolment import id_number
from tests.support.builders.policy import set_rule
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas, personas
from tests.support.query_counter import statements
from yangguang import clock
from yangguang.actions.runs import runs
from yangguang.models import AdmissionRun, Application, PolicyRule, Programme, Round
from yangguang.models.base.fields import blind
from yangguang.queries.disclosure.results import load_own_results, look_up
from yangguang.queries.runs.runs import list_disclosed

__all__ = ["personas"]
pytestmark = pytest.mark.django_db
CLAUSE = "（依据：“成绩依次比较：总分、语文、数学、英语”，平台自定（演示））。"
HIGHER = "（依据：平台公布的录取规则：每人录取到自己能得到的最靠前的志愿）。"
LAST_SCORE = "（总分"
"""How the last score begins; the rule of comparison names 总分, too."""
FEW = "（录取人数少、没有录满等情形，不显示末位成绩）"
BEYOND = "（所有填报者一起排位，其中有人被更靠前的志愿录取或不占这类名额，所以位次大于名额数）"


@pytest.fixture
def ranked(personas: Personas) -> Ranked:
    ranked = Ranked.lay(personas)
    ranked.programme("A", 1)
    ranked.programme("B", 1, dedicated=1)
    ranked.programme("B0", 1)
    ranked.apply(600, "A", "B")
    ranked.apply(590, "A", "B")
    ranked.apply(580, "A", "B")
    ranked.apply(300, "A", "B", dedicated=True)
    ranked.close()
    return ranked


def read_sentences(number: str) -> list[str]:
    application = Application.objects.get(number=number)
    (round,) = load_own_results(application.pk, number, application.person_id).rounds
    return [choice.sentence for choice in round.choices]


def test_nothing_is_read_before_it_is_published(ranked: Ranked) -> None:
    ranked.approved()
    application = Application.objects.get(number="N0001")
    results = load_own_results(application.pk, "N0001", application.person_id)

    assert (results.rounds, results.admissions) == ((), ())


def test_every_choice_has_one_sentence_with_place_seats_last_place_and_clause(ranked: Ranked) -> None:
    ranked.published()

    assert read_sentences("N0001") == [
        f"第1志愿：面向您的名额1个，录取到第1位，您排第1位，已被录取{CLAUSE}",
        f"第2志愿：您已被更靠前的志愿录取，本志愿不再参加录取；面向您的名额1个，录取到第2位{BEYOND}，您排第1位{HIGHER}",
    ]
    assert read_sentences("N0003") == [
        f"第1志愿：面向您的名额1个，录取到第1位，您排第3位，未达到录取位次{CLAUSE}",
        f"第2志愿：面向您的名额1个，录取到第2位{BEYOND}，您排第3位，未达到录取位次{CLAUSE}",
    ]
    assert read_sentences("N0004") == [
        "第1志愿：不属于该专业任何一类名额的招收对象，没有参加排名；本专业普通名额1个，录取到第1位"
        "（依据：招生计划公布的名额类别）。",
        f"第2志愿：面向您的名额1个，录取到第4位{BEYOND}，您排第4位，已被录取{CLAUSE}",
    ]


def allow_scores() -> None:
    set_rule("disclosure.last_score", value=True)


@pytest.fixture
def sizes(personas: Personas) -> AdmissionRun:
    """Six are admitted to A, one each to S and T, which are small."""
    ranked = Ranked.lay(personas)
    Round.objects.filter(pk=ranked.round.pk).update(max_choices=3)
    for code, seats, dedicated in (("A", 6, 6), ("S", 1, 0), ("T", 1, 0)):
        ranked.programme(code, seats, dedicated=dedicated)
    ranked.apply(700, "S", "A", "T")
    ranked.apply(690, "T", "A", "S")
    for at in range(7):
        ranked.apply(600 - at, "S", "A", "T")
    for at in range(6):
        ranked.apply(300 - at, "A", dedicated=True, number=f"OWN{at}")
    ranked.apply(610, "A", origin="veteran", number="BARRED")
    Programme.objects.filter(code="A").update(origins=["junior_this_year"])
    ranked.close()
    return ranked.published()


def test_the_last_score_is_public_only_if_a_rule_row_allows_it(sizes: AdmissionRun) -> None:
    assert not any(LAST_SCORE in sentence or "末位成绩" in sentence for sentence in read_sentences("N0009"))
    allow_scores()

    assert read_sentences("N0009")[1] == (
        f"第2志愿：面向您的名额6个，录取到第8位（总分595；{BEYOND[1:-1]}），您排第9位，未达到录取位次{CLAUSE}"
    )


def test_the_last_score_of_a_small_programme_is_hidden_above_and_below_the_own_seat(
    sizes: AdmissionRun,
) -> None:
    allow_scores()

    assert read_sentences("N0003") == [
        f"第1志愿：面向您的名额1个，录取到第1位{FEW}，您排第3位，未达到录取位次{CLAUSE}",
        f"第2志愿：面向您的名额6个，录取到第8位（总分595；{BEYOND[1:-1]}），您排第3位，已被录取{CLAUSE}",
        f"第3志愿：您已被更靠前的志愿录取，本志愿不再参加录取；面向您的名额1个，"
        f"录取到第2位{FEW[:-1]}；{BEYOND[1:]}，您排第3位{HIGHER}",
    ]
    assert read_sentences("N0001")[0] == f"第1志愿：面向您的名额1个，录取到第1位{FEW}，您排第1位，已被录取{CLAUSE}"


def test_a_last_score_appears_only_if_the_disclosure_has_it(sizes: AdmissionRun) -> None:
    allow_scores()
    public = {row.code: row.last_score for row in list_disclosed(sizes, clock.now())}

    assert public == {"A": 595, "S": None, "T": None}
    for application in Application.objects.exclude(number__startswith="OWN"):
        (round,) = load_own_results(application.pk, application.number, application.person_id).rounds
        for choice in round.choices:
            assert choice.reason is not None
            score = choice.reason.last_score[0] if choice.reason.last_score else None
            assert score == public[choice.major.removeprefix("专业")]


def test_a_programme_of_which_only_seats_are_disclosed_has_no_last_score(
    sizes: AdmissionRun,
) -> None:
    allow_scores()

    assert LAST_SCORE + "595" in read_sentences("N0009")[1]
    Round.objects.filter(pk=sizes.round_id).update(max_choices=1)

    assert [row.last_score for row in list_disclosed(sizes, clock.now())] == [None, None, None]
    assert LAST_SCORE not in read_sentences("N0009")[1]


def test_a_programme_hidden_beside_a_small_one_has_the_same_sentence(personas: Personas) -> None:
    ranked = Ranked.lay(personas)
    ranked.programme("A", 8)
    ranked.programme("S", 1)
    for at in range(7):
        ranked.apply(600 - at, "S", "A")
    ranked.close()
    run = ranked.published()
    allow_scores()

    assert [row.admitted for row in list_disclosed(run, clock.now())] == [None, None]
    assert [FEW[1:-1] in sentence for sentence in read_sentences("N0007")] == [True, True]
    assert not any(LAST_SCORE in sentence for sentence in read_sentences("N0007"))


def test_a_dedicated_class_of_any_size_has_no_last_score(sizes: AdmissionRun) -> None:
    allow_scores()
    (sentence,) = read_sentences("OWN0")

    assert "面向您的名额6个" in sentence
    assert LAST_SCORE not in sentence
    assert FEW[1:-1] in sentence


def test_a_barred_applicant_reads_the_public_numbers_and_none_of_a_dedicated_class(sizes: AdmissionRun) -> None:
    assert read_sentences("BARRED")[0] == (
        f"第1志愿：生源类别不在招收范围，没有参加排名；本专业普通名额6个，录取到第8位{BEYOND}"
        "（依据：招生计划和本批次公布的招收对象）。"
    )


def test_the_citation_is_the_order_the_round_was_opened_with(ranked: Ranked) -> None:
    run = ranked.published()
    before = read_sentences("N0003")
    Round.objects.filter(pk=run.round_id).update(opened_at=clock.now() - timedelta(days=30))
    PolicyRule.objects.create(
        key="round.tie_order",
        value=["total"],
        source="后来的文件",
        valid_from=(clock.now() - timedelta(days=10)).date(),
    )

    assert read_sentences("N0003") == before
    assert before[0].endswith(CLAUSE)


def test_more_choices_and_programmes_cost_no_more_queries(sizes: AdmissionRun) -> None:
    costs = []
    for number in ("OWN0", "BARRED", "N0009"):
        application = Application.objects.get(number=number)
        with statements() as seen:
            load_own_results(application.pk, number, application.person_id)
        costs.append(len(seen))

    assert costs[0] == costs[1] == costs[2]


def test_a_programme_under_review_has_this_sentence_only(ranked: Ranked) -> None:
    run = ranked.approved()
    AdmissionRun.objects.filter(pk=run.pk).update(report=run.report | {"held_back": ["B"]})
    ranked.personas.pe1.sign(runs.publish, run=run)

    assert read_sentences("N0002")[1] == "第2志愿：该专业的结果正在复核，暂缓公布。"
    application = Application.objects.get(number="N0002")

    assert load_own_results(application.pk, "N0002", application.person_id).rounds[0].rank is None


def test_a_programme_whose_code_only_begins_like_one_under_review_has_results(ranked: Ranked) -> None:
    run = ranked.approved()
    AdmissionRun.objects.filter(pk=run.pk).update(report=run.report | {"held_back": ["B0"]})
    ranked.personas.pe1.sign(runs.publish, run=run)

    assert read_sentences("N0002")[1].startswith("第2志愿：面向您的名额1个")


def test_three_facts_open_the_own_results_and_any_two_of_them_do_not(ranked: Ranked) -> None:
    ranked.published()
    person = Application.objects.get(number="N0001").person
    person.id_hash = blind(id_number(1))
    person.save(update_fields=["id_hash"])
    results = look_up(" N0001", id_number(1).lower(), " 某 甲")

    assert results is not None
    assert ([r.rank for r in results.rounds], [a.state for a in results.admissions]) == ([1], ["OFFERED"])
    for wrong in (
        ("N0002", id_number(1), "某甲"),
        ("N0001", id_number(2), "某甲"),
        ("N0001", id_number(1), "某乙"),
        ("", "", ""),
        ("N0001", "x" * 300, "\x00"),
        ("' OR 1=1 --", id_number(1), "某甲"),
    ):
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
