"""The draft of one round: every press saves it, what can be added, and what is left after the window."""

import re
from datetime import timedelta

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.warnings import warn
from tests.support.builders.web_season import Desk, text
from tests.support.personas import Personas
from tests.support.query_counter import statements
from yangguang import clock
from yangguang.models import Window


def test_each_press_saves_the_draft_and_a_draft_is_not_in_force(desk: Desk) -> None:
    desk.add(desk.programmes[2], desk.programmes[0])
    first, second = desk.programmes[2], desk.programmes[0]

    assert desk.fresh().draft_programmes == [first.pk, second.pk]
    desk.edit(order=[str(first.public_id), str(second.public_id)], up=str(second.public_id))

    assert desk.fresh().draft_programmes == [second.pk, first.pk]
    desk.edit(drop=str(second.public_id))

    assert (desk.fresh().draft_programmes, desk.application.programmes) == ([first.pk], [])
    page = text(desk.client.get(desk.choices_url))

    assert "草稿·未生效" in page
    assert "到截止时草稿自动作废，等于没有填报" in page


def test_the_order_of_the_page_is_saved_as_it_was_dragged(desk: Desk) -> None:
    desk.add(*desk.programmes)
    wanted = [desk.programmes[1], desk.programmes[2], desk.programmes[0]]
    desk.edit(order=[str(programme.public_id) for programme in wanted], act="save")

    assert desk.fresh().draft_programmes == [programme.pk for programme in wanted]


def test_an_order_with_strange_ids_loses_no_choice(desk: Desk) -> None:
    desk.add(*desk.programmes)
    before = desk.fresh().draft_programmes
    desk.edit(order=["nonsense", str(desk.programmes[1].public_id)], act="save")

    assert sorted(desk.fresh().draft_programmes) == sorted(before)
    assert desk.application.draft_programmes[0] == desk.programmes[1].pk


def test_a_fourth_choice_is_refused_where_three_are_allowed(desk: Desk) -> None:
    extra = desk.offer(Enrolled(desk.personas, desk.round), 9)
    desk.add(*desk.programmes)
    answer = desk.edit(add=str(extra.public_id))

    assert answer.status_code == 422
    assert "本批次最多填报3个志愿" in text(answer)
    assert desk.fresh().draft_programmes == [programme.pk for programme in desk.programmes]


def test_after_the_window_the_choices_in_force_are_read_only_and_a_draft_has_lapsed(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    desk.proves(desk.choices_url + "submit/")
    desk.add(desk.programmes[1])
    Window.objects.filter(round=desk.round).update(closes_at=clock.now() - timedelta(minutes=1))
    page = desk.client.get(desk.choices_url)

    assert "的第 1 版为准" in text(page)
    assert "没有提交的草稿，截止时已自动作废" in text(page)
    assert desk.programmes[0].major in text(page)
    assert desk.programmes[1].major not in text(page)
    for press in ("上移", "移除", "加入", "保存草稿", "还可以修改"):
        assert press not in text(page)
    answer = desk.client.post(desk.choices_url + "edit/", {"drop": "x"})

    assert answer.status_code == 409
    assert "填报志愿已经截止" in text(answer)
    assert len(desk.fresh().draft_programmes) == 2


def test_programmes_that_are_not_open_to_this_person_say_why(desk: Desk) -> None:
    desk.programmes[1].origins = ["veteran"]
    desk.programmes[1].save(update_fields=["origins"])

    assert "不招收“应届初中毕业生”" in text(desk.client.get(desk.choices_url))
    refused = desk.edit(add=str(desk.programmes[1].public_id))

    assert refused.status_code == 422
    assert desk.fresh().draft_programmes == []


@pytest.mark.parametrize(("query", "names"), [("护理1", ["护理1"]), ("没有这个", []), ("%", []), ("\x00", ["护理0"])])
def test_programmes_are_searched_by_words_and_no_word_is_a_wildcard(desk: Desk, query: str, names: list[str]) -> None:
    page = text(desk.client.get(desk.choices_url, {"q": query}))
    majors = re.findall(r"护理\d", page)

    assert majors[: len(names) or None] == names


def test_the_choices_page_costs_the_same_for_one_and_three_programmes(personas: Personas) -> None:
    desk = Desk.lay(personas, programmes=1)
    counts = []
    for serial in (1, 2):
        with statements() as queries:
            assert desk.client.get(desk.choices_url).status_code == 200
        counts.append(len(queries))
        desk.offer(Enrolled(personas, desk.round), serial)
        desk.offer(Enrolled(personas, desk.round), serial + 10)

    assert counts[0] == counts[1]


def test_a_warned_school_is_marked_in_the_search_the_choices_and_the_check(desk: Desk) -> None:
    warn(desk.personas, desk.programmes[0].plan.school, "虚假宣传，责令改正")
    search = text(desk.client.get(desk.choices_url))
    desk.add(desk.programmes[0])

    chosen, check = (text(desk.client.get(url)) for url in (desk.choices_url, desk.choices_url + "submit/"))

    assert "虚假宣传，责令改正" in search
    assert "虚假宣传，责令改正" in chosen
    assert "虚假宣传，责令改正" in check
