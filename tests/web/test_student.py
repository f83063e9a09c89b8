"""The student's pages: drafts, submission, receipt, progress, answer, record, who looked; and nobody else's."""

import re
from datetime import timedelta

import pytest

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.web_season import Desk, code_for, posted, sealed_in, text
from tests.support.personas import FAMILY_PHONE, Personas
from tests.support.query_counter import statements
from tests.web.student.admissions.test_answer import offered
from yangguang import clock
from yangguang.models import Admission, AuditEntry, ChoiceVersion, Window

__all__ = ["offered"]
OTHER_PHONE = "15400000002"


@pytest.fixture
def desk(personas: Personas) -> Desk:
    return Desk.lay(personas)


def test_each_press_saves_the_draft_and_a_draft_is_not_in_force(desk: Desk) -> None:
    desk.add(desk.programmes[2], desk.programmes[0])
    first, second = desk.programmes[2], desk.programmes[0]
    assert desk.fresh().draft_programmes == [first.pk, second.pk]
    desk.edit(order=[str(first.public_id), str(second.public_id)], up=str(second.public_id))
    assert desk.fresh().draft_programmes == [second.pk, first.pk]
    desk.edit(drop=str(second.public_id))
    assert (desk.fresh().draft_programmes, desk.application.programmes) == ([first.pk], [])
    page = text(desk.client.get(desk.choices_url))
    assert "草稿·未生效" in page and "到截止时草稿自动作废，等于没有填报" in page


def test_the_order_of_the_page_is_saved_as_it_was_dragged(desk: Desk) -> None:
    desk.add(*desk.programmes)
    wanted = [desk.programmes[1], desk.programmes[2], desk.programmes[0]]
    desk.edit(order=[str(programme.public_id) for programme in wanted], act="save")
    assert desk.fresh().draft_programmes == [programme.pk for programme in wanted]


def test_an_order_with_strange_ids_loses_no_choice(desk: Desk) -> None:
    desk.add(*desk.programmes)
    before = desk.fresh().draft_programmes
    desk.edit(order=["nonsense", str(desk.programmes[1].public_id)], act="save")
    assert (
        sorted(desk.fresh().draft_programmes) == sorted(before)
        and desk.application.draft_programmes[0] == desk.programmes[1].pk
    )


def test_a_fourth_choice_is_refused_where_three_are_allowed(desk: Desk) -> None:
    extra = desk.offer(Enrolled(desk.personas, desk.round), 9)
    desk.add(*desk.programmes)
    answer = desk.edit(add=str(extra.public_id))
    assert answer.status_code == 422 and "本批次最多填报3个志愿" in text(answer)
    assert desk.fresh().draft_programmes == [programme.pk for programme in desk.programmes]


def test_submitting_needs_the_code_and_gives_a_receipt(desk: Desk) -> None:
    desk.round.max_majors_per_school = 3
    desk.round.save(update_fields=["max_majors_per_school"])
    desk.add(*desk.programmes)
    check = desk.client.get(desk.choices_url + "submit/")
    assert "这 3 个志愿按现在的顺序生效" in text(check) and "获取验证码" in text(check)
    answer = desk.proves(desk.choices_url + "submit/")
    version = ChoiceVersion.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == f"/me/receipts/{version.public_id}/"
    assert (version.programmes, desk.fresh().programmes) == ([programme.pk for programme in desk.programmes],) * 2
    receipt = desk.client.get(answer.headers["Location"])
    assert f"{desk.application.number}-01" in text(receipt) and "已提交·生效" in text(receipt)
    assert re.sub(r"\s", "", version.receipt) in re.sub(r"\s", "", text(receipt))
    assert "<svg" in receipt.content.decode()


def test_a_wrong_code_loses_nothing_and_the_right_one_still_works(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    url = desk.choices_url + "submit/"
    sent = posted(desk.client, url, sealed_in(desk.client.get(url)) | {"_step": "send"})
    wrong = posted(desk.client, url, sealed_in(sent) | {"_step": "act", "_code": "000000"})
    assert wrong.status_code == 403 and "验证码不对" in text(wrong) and "护理0" in text(wrong)
    assert not ChoiceVersion.objects.exists()
    right = posted(desk.client, url, sealed_in(wrong) | {"_step": "act", "_code": code_for(FAMILY_PHONE)})
    assert right.status_code == 302 and ChoiceVersion.objects.count() == 1


def test_an_act_takes_its_code_full_width_too(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    url = desk.choices_url + "submit/"
    sent = posted(desk.client, url, sealed_in(desk.client.get(url)) | {"_step": "send"})
    assert 'pattern="[0-9０-９]{6}"' in sent.content.decode()
    wide = code_for(FAMILY_PHONE).translate({48 + n: 0xFF10 + n for n in range(10)})
    assert posted(desk.client, url, sealed_in(sent) | {"_step": "act", "_code": wide}).status_code == 302


@pytest.mark.parametrize("typed", ["²", "①", "٣", "-1", "x", "9" * 18, "9" * 30, "9" * 5000])
def test_a_programme_no_page_named_is_refused_with_the_whole_list(desk: Desk, typed: str) -> None:
    for programmes in ([typed], [str(desk.programmes[0].pk), typed]):
        answer = desk.client.post(desk.choices_url + "submit/", {"programme": programmes})
        assert answer.status_code == 422 and "有一个志愿的专业已不存在" in text(answer)


def test_a_code_for_one_list_is_worthless_for_another(desk: Desk) -> None:
    url = desk.choices_url + "submit/"
    desk.add(desk.programmes[0])
    first = sealed_in(posted(desk.client, url, sealed_in(desk.client.get(url)) | {"_step": "send"}))
    code = code_for(FAMILY_PHONE)
    desk.add(desk.programmes[1])
    other = sealed_in(desk.client.get(url))
    assert posted(desk.client, url, other | {"_step": "act", "_code": code}).status_code == 403
    assert posted(desk.client, url, first | {"_step": "act", "_code": code}).status_code == 302
    assert ChoiceVersion.objects.get().programmes == [desk.programmes[0].pk]


def test_what_travels_cannot_be_changed_on_the_way(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    url = desk.choices_url + "submit/"
    forged = sealed_in(desk.client.get(url))
    forged["_typed"] = "programme=1" + forged["_typed"][6:]
    answer = posted(desk.client, url, forged | {"_step": "send"})
    assert answer.status_code == 422 and "这个确认页已失效" in text(answer)


def test_the_same_submission_pressed_twice_is_one_version(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    url = desk.choices_url + "submit/"
    sealed = sealed_in(posted(desk.client, url, sealed_in(desk.client.get(url)) | {"_step": "send"}))
    act = sealed | {"_step": "act", "_code": code_for(FAMILY_PHONE)}
    first, second = posted(desk.client, url, act), posted(desk.client, url, act)
    assert first.headers["Location"] == second.headers["Location"] and ChoiceVersion.objects.count() == 1


def test_after_the_window_nothing_is_submitted_and_the_draft_stays(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    now = clock.now()
    Window.objects.filter(round=desk.round).update(closes_at=now - timedelta(minutes=1))
    answer = desk.client.get(desk.choices_url + "submit/")
    assert answer.status_code == 409 and "志愿填报已经截止" in text(answer) and "草稿还在" in text(answer)
    assert desk.fresh().draft_programmes == [desk.programmes[0].pk]


def test_a_refusal_speaks_of_a_draft_only_where_there_is_one(desk: Desk) -> None:
    answer = desk.client.get(desk.choices_url + "submit/")
    assert answer.status_code == 422 and "草稿" not in text(answer)


def test_after_the_window_the_choices_in_force_are_read_only_and_a_draft_has_lapsed(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    desk.proves(desk.choices_url + "submit/")
    desk.add(desk.programmes[1])
    Window.objects.filter(round=desk.round).update(closes_at=clock.now() - timedelta(minutes=1))
    page = desk.client.get(desk.choices_url)
    assert "的第 1 版为准" in text(page) and "没有提交的草稿，截止时已自动作废" in text(page)
    assert desk.programmes[0].major in text(page) and desk.programmes[1].major not in text(page)
    for press in ("上移", "移除", "加入", "保存草稿", "还可以修改"):
        assert press not in text(page)
    answer = desk.client.post(desk.choices_url + "edit/", {"drop": "x"})
    assert answer.status_code == 409 and "填报志愿已经截止" in text(answer)
    assert len(desk.fresh().draft_programmes) == 2


def test_a_second_version_names_what_it_replaces(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    desk.proves(desk.choices_url + "submit/")
    assert "已提交·生效" in text(desk.client.get(desk.choices_url))
    desk.add(desk.programmes[1])
    page = text(desk.client.get(desk.choices_url))
    assert "草稿·未生效" in page and "第 1 版为准" in page
    assert "第 1 版志愿作废" in text(desk.client.get(desk.choices_url + "submit/"))


def test_programmes_that_are_not_open_to_this_person_say_why(desk: Desk) -> None:
    desk.programmes[1].origins = ["veteran"]
    desk.programmes[1].save(update_fields=["origins"])
    assert "不招收“应届初中毕业生”" in text(desk.client.get(desk.choices_url))
    refused = desk.edit(add=str(desk.programmes[1].public_id))
    assert refused.status_code == 422 and desk.fresh().draft_programmes == []


@pytest.mark.parametrize(("asked", "found"), [("护理1", ["护理1"]), ("没有这个", []), ("%", []), ("\x00", ["护理0"])])
def test_programmes_are_found_by_words_and_no_word_is_a_wildcard(desk: Desk, asked: str, found: list[str]) -> None:
    page = text(desk.client.get(desk.choices_url, {"q": asked}))
    majors = re.findall(r"护理\d", page)
    assert majors[: len(found) or None] == found


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


def test_a_direct_round_gives_a_seat_at_once_to_one_consent(personas: Personas) -> None:
    desk = Desk.lay(personas, kind="direct")
    page = desk.client.get(desk.choices_url)
    assert "注册（剩 20 个）" in text(page)
    answer = desk.proves(f"{desk.choices_url}claim/{desk.programmes[0].public_id}/")
    assert answer.status_code == 302
    admission = Admission.objects.get()
    assert (admission.programme, admission.state) == (desk.programmes[0], "ACCEPTED")
    again = desk.client.get(f"{desk.choices_url}claim/{desk.programmes[1].public_id}/")
    assert again.status_code == 422 and "您本年度已经占用一个名额" in text(again)
    assert "什么都没有提交。" in text(again) and "草稿" not in text(again) and "返回修改" not in text(again)


def test_the_progress_says_what_to_do_now_and_until_when(desk: Desk, offered: Admission) -> None:
    page = text(desk.client.get(desk.url()))
    assert "集中录取：录取到 甲市第一职业学校 · 护理1（第 2 志愿）" in page
    assert "请应答" in page and "去应答" in page and "报名成功" in page


@pytest.mark.parametrize("tail", ["", "results/", "choices/2/", "choices/2/submit/"])
def test_another_familys_application_is_not_there(desk: Desk, tail: str) -> None:
    session = desk.client.session
    session["account"] = desk.personas.family(OTHER_PHONE).account
    session.save()
    answer = desk.client.get(desk.url(tail))
    assert answer.status_code == 404 and "没有找到这条信息" in text(answer)


@pytest.mark.parametrize("path", ["/me/", "/me/register/", "/me/seen/", "/me/messages/"])
def test_a_guest_is_led_to_the_log_in_and_back(desk: Desk, path: str) -> None:
    desk.client.logout()
    answer = desk.client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=" + path.replace("/", "%2F"))


def test_an_officer_is_refused_and_the_try_is_kept(desk: Desk) -> None:
    session = desk.client.session
    session["account"] = desk.personas.ce.actor.account
    session.save()
    answer = desk.client.get(desk.choices_url)
    assert answer.status_code == 403 and "不能填报志愿" in text(answer)
    entry = AuditEntry.objects.filter(action="route.denied").get()
    assert (entry.outcome, entry.account) == ("DENIED", desk.personas.ce.actor.account)


def test_pages_of_a_person_are_never_kept_by_a_cache(desk: Desk) -> None:
    assert desk.client.get(desk.url()).headers["Cache-Control"] == "private, no-store"
