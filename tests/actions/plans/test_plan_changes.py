"""A school asks for other seats of a published programme; two officers carry it out, or one refuses with words."""

import pytest

from tests.support.builders.plans import published, ready
from tests.support.builders.ranked_round import Ranked
from tests.support.clients import approve_by_two
from tests.support.personas import Personas
from yangguang.actions.plans import plan_changes, plans
from yangguang.actions.plans.plan_change_effects import notify_families
from yangguang.models import Message, Plan, PlanChange, Quota
from yangguang.rules.base.refusals import BadRows, Denied, IllegalMove, NotFound, Refused

pytestmark = pytest.mark.django_db


def ask(personas: Personas, plan: Plan, seats: int = 60, reason: str = "扩班") -> PlanChange:
    row: PlanChange = personas.teacher.sign(
        plan_changes.request_change,
        plan=plan,
        programme=plan.programmes.get(),
        seats={"general": seats},
        reason=reason,
    )
    return row


def carry_out(personas: Personas, row: PlanChange) -> object:
    return approve_by_two(
        personas.pe1,
        personas.pe2,
        plans.change_after_open,
        plan=row.programme.plan,
        programme=row.programme,
        seats=row.seats,
        reason=row.reason,
        request=row,
    )


def test_a_request_changes_nothing_until_two_officers_carry_it_out(personas: Personas) -> None:
    plan = published(ready(personas))
    row = ask(personas, plan)

    assert Quota.objects.get().seats == 50

    carry_out(personas, row)
    row.refresh_from_db()

    assert (row.state, row.version, row.answered_by_id) == ("CARRIED_OUT", 2, personas.province.pk)
    assert Quota.objects.get().seats == 60

    with pytest.raises(IllegalMove, match="已批准调整"):
        personas.pe1.sign(plan_changes.refuse, change=row, answer="不同意")


def test_a_request_is_refused_with_words_and_can_be_repeated(personas: Personas) -> None:
    plan = published(ready(personas))
    row = ask(personas, plan)

    with pytest.raises(IllegalMove, match="已有一份调整申请"):
        ask(personas, plan, 70)

    with pytest.raises(Refused, match="没有写明不批准的原因"):
        personas.me.sign(plan_changes.refuse, change=row, answer=" ")

    personas.me.sign(plan_changes.refuse, change=row, answer="实训设备不足")
    row.refresh_from_db()

    assert (row.state, row.answer, row.answered_by_id) == ("REFUSED", "实训设备不足", personas.city.pk)
    assert Quota.objects.get().seats == 50

    with pytest.raises(IllegalMove, match="未批准"):
        carry_out(personas, row)

    assert ask(personas, plan, 70).state == "REQUESTED"


@pytest.mark.parametrize(
    ("seats", "reason", "sentence"),
    [(19, "减班", "已有20个名额被学生占用"), (50, "扩班", "都与现在相同"), (60, " ", "没有写明原因")],
)
def test_a_request_that_cannot_be_carried_out_is_refused_at_once(
    personas: Personas, seats: int, reason: str, sentence: str
) -> None:
    plan = published(ready(personas))
    Quota.objects.update(taken=20)

    with pytest.raises(Refused, match=sentence):
        ask(personas, plan, seats, reason)

    assert PlanChange.objects.count() == 0


def test_more_seats_than_the_capacity_and_an_unpublished_plan_are_refused(personas: Personas) -> None:
    plan = published(ready(personas))

    with pytest.raises(BadRows):
        ask(personas, plan, 301)

    Plan.objects.filter(pk=plan.pk).update(state="PUBLISHED")
    other = Plan(pk=plan.pk, school=plan.school, season=plan.season, state="APPROVED")

    with pytest.raises(IllegalMove, match="还没有公布"):
        plan_changes.request_change.rules(  # type: ignore[misc]
            None, by=personas.teacher.actor, plan=other, programme=plan.programmes.get(), seats={}, reason="扩班"
        )


def test_a_county_does_not_answer_and_another_city_does_not_see_it(personas: Personas) -> None:
    row = ask(personas, published(ready(personas)))

    with pytest.raises(Denied):
        personas.ce.sign(plan_changes.refuse, change=row, answer="不同意")

    with pytest.raises(Denied):
        personas.ce.sign(
            plan_changes.request_change, plan=row.programme.plan, programme=row.programme, seats={}, reason=""
        )


def test_seats_that_were_taken_since_the_request_are_protected(personas: Personas) -> None:
    row = ask(personas, published(ready(personas)), 40)
    Quota.objects.update(taken=45)

    with pytest.raises(Refused, match="已有45个名额被学生占用"):
        carry_out(personas, row)

    row.refresh_from_db()

    assert (row.state, Quota.objects.get().seats) == ("REQUESTED", 50)


def test_families_who_chose_the_programme_get_a_message_and_others_do_not(personas: Personas) -> None:
    ready(personas)
    laid = Ranked.lay(personas)
    programme = laid.programme("A", 50)
    laid.programme("B", 50)
    one, _ = laid.apply(500, "A", "B"), laid.apply(490, "B")
    row = personas.teacher.sign(
        plan_changes.request_change, plan=programme.plan, programme=programme, seats={"general": 40}, reason="减班"
    )

    carry_out(personas, row)
    messages = Message.objects.filter(event="plan.change_after_open")

    assert [message.person_id for message in messages] == [one.person_id]
    assert "“专业A”计划数由50人调整为40人" in messages[0].text
    assert "志愿没有改变，已取得的名额不受影响" in messages[0].text


def test_after_the_result_no_family_gets_a_message_of_a_changed_plan(personas: Personas) -> None:
    ready(personas)
    laid = Ranked.lay(personas)
    programme = laid.programme("A", 50)
    laid.apply(500, "A")

    assert notify_families(programme.plan, programme, 50, 40) == 1
    laid.close()
    laid.published()

    assert notify_families(programme.plan, programme, 50, 30) == 0


def test_a_request_carries_out_only_its_own_programme(personas: Personas) -> None:
    ready(personas)
    laid = Ranked.lay(personas)
    first, second = laid.programme("A", 50), laid.programme("B", 50)
    row = personas.teacher.sign(
        plan_changes.request_change, plan=first.plan, programme=first, seats={"general": 40}, reason="减班"
    )
    values = {"plan": first.plan, "programme": second, "seats": {"general": 40}, "reason": "减班", "request": row}

    with pytest.raises(Refused, match="不是对这个计划行提出的"):
        approve_by_two(personas.pe1, personas.pe2, plans.change_after_open, **values)


def test_a_school_asks_only_for_its_own_plan(personas: Personas) -> None:
    plan = published(ready(personas))
    Plan.objects.filter(pk=plan.pk).update(school=personas.other_city)

    with pytest.raises(NotFound):
        ask(personas, plan)


def test_a_school_withdraws_its_waiting_request_with_words_and_asks_again(personas: Personas) -> None:
    plan = published(ready(personas))
    row = ask(personas, plan)

    with pytest.raises(Refused, match="没有写明撤回的原因"):
        personas.teacher.sign(plan_changes.withdraw, change=row, reason=" ")
    personas.teacher.sign(plan_changes.withdraw, change=row, reason="人数算错了")
    row.refresh_from_db()

    assert (row.state, row.answer, row.answered_by_id) == ("WITHDRAWN", "人数算错了", plan.school_id)
    with pytest.raises(IllegalMove, match="学校已撤回"):
        carry_out(personas, row)
    assert Quota.objects.get().seats == 50
    assert ask(personas, plan).state == "REQUESTED"


def test_what_the_bureau_has_answered_is_not_withdrawn(personas: Personas) -> None:
    row = ask(personas, published(ready(personas)))
    personas.pe1.sign(plan_changes.refuse, change=row, answer="没有校舍")

    with pytest.raises(IllegalMove, match="未批准"):
        personas.teacher.sign(plan_changes.withdraw, change=row, reason="人数算错了")
