"""Submitting: exactly the list that was read is put in force, with a code and a receipt."""

import re
from datetime import timedelta

import pytest
import segno

from tests.support.builders.web_season import Desk, code_for, displayed_on, posted, sealed_in, text
from tests.support.personas import FAMILY_PHONE, Personas
from yangguang import clock
from yangguang.models import Admission, ChoiceVersion, Window


def test_submitting_needs_the_code_and_gives_a_receipt(desk: Desk) -> None:
    desk.round.max_majors_per_school = 3
    desk.round.save(update_fields=["max_majors_per_school"])
    desk.add(*desk.programmes)
    check = desk.client.get(desk.choices_url + "submit/")

    assert "这 3 个志愿按现在的顺序生效" in text(check)
    assert "获取验证码" in text(check)
    answer = desk.proves(desk.choices_url + "submit/")
    version = ChoiceVersion.objects.get()

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/me/receipts/{version.public_id}/"
    assert (version.programmes, desk.fresh().programmes) == ([programme.pk for programme in desk.programmes],) * 2
    receipt = desk.client.get(answer.headers["Location"])

    assert f"{desk.application.number}-01" in text(receipt)
    assert "已提交·生效" in text(receipt)
    assert re.sub(r"\s", "", version.receipt) in re.sub(r"\s", "", text(receipt))


def test_the_qr_code_of_a_receipt_is_the_number_and_the_checksum_printed_beside_it(desk: Desk) -> None:
    """Compared with the code of the printed text: no library here reads a picture."""
    desk.add(*desk.programmes[:2])
    page = desk.client.get(desk.proves(desk.choices_url + "submit/").headers["Location"])
    [number] = set(re.findall(r"\b\d{16}-\d{2}\b", text(page)))
    [checksum] = re.findall(r"校验码\s*((?:[0-9a-f]{8}\s*){8})", text(page))
    printed = "\n".join(("阳光招生志愿回执", number, re.sub(r"\s", "", checksum)))

    drawn = re.findall(r'<svg[^>]*class="qr".*?</svg>', page.content.decode(), re.S)

    assert drawn == [segno.make(printed, error="m", micro=False).svg_inline(scale=4, border=2, svgclass="qr")]


def test_a_wrong_code_loses_nothing_and_the_right_one_still_works(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    url = desk.choices_url + "submit/"
    sent = posted(desk.client, url, sealed_in(desk.client.get(url)) | {"_step": "send"})
    wrong = posted(desk.client, url, sealed_in(sent) | {"_step": "act", "_code": "000000"})

    assert wrong.status_code == 403
    assert "验证码不对" in text(wrong)
    assert "护理0" in text(wrong)
    assert not ChoiceVersion.objects.exists()
    right = posted(desk.client, url, sealed_in(wrong) | {"_step": "act", "_code": code_for(FAMILY_PHONE)})

    assert right.status_code == 302
    assert ChoiceVersion.objects.count() == 1


@pytest.mark.parametrize("dress", ["{}", "验证码{}", " {} ", "{}。"])
def test_an_act_takes_its_code_in_any_dress(desk: Desk, dress: str) -> None:
    desk.add(desk.programmes[0])
    url = desk.choices_url + "submit/"
    sent = posted(desk.client, url, sealed_in(desk.client.get(url)) | {"_step": "send"})

    page = sent.content.decode()
    wide = code_for(FAMILY_PHONE).translate({48 + n: 0xFF10 + n for n in range(10)})

    assert "pattern=" not in page
    assert 'maxlength="6"' not in page
    assert posted(desk.client, url, sealed_in(sent) | {"_step": "act", "_code": dress.format(wide)}).status_code == 302


@pytest.mark.parametrize("typed", ["²", "①", "٣", "-1", "x", "9" * 18, "9" * 30, "9" * 5000])
def test_a_programme_no_page_named_is_refused_with_the_whole_list(desk: Desk, typed: str) -> None:
    for programmes in ([typed], [str(desk.programmes[0].pk), typed]):
        displayed = {"_displayed": displayed_on(desk.client, desk.choices_url)}
        answer = desk.client.post(desk.choices_url + "submit/", displayed | {"programme": programmes})
        assert answer.status_code == 422
        assert "有一个志愿的专业已不存在" in text(answer)


def test_a_code_for_one_list_is_worthless_for_another(desk: Desk) -> None:
    url = desk.choices_url + "submit/"
    desk.add(desk.programmes[0])
    first = sealed_in(posted(desk.client, url, sealed_in(desk.client.get(url)) | {"_step": "send"}))
    code = code_for(FAMILY_PHONE)
    desk.add(desk.programmes[1])
    other = sealed_in(desk.client.get(url))

    assert posted(desk.client, url, other | {"_step": "act", "_code": code}).status_code == 403
    older = posted(desk.client, url, first | {"_step": "act", "_code": code})

    assert older.status_code == 409
    assert "从另一个页面改过" in text(older)
    assert not ChoiceVersion.objects.exists()


def test_what_travels_cannot_be_changed_on_the_way(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    url = desk.choices_url + "submit/"
    forged = sealed_in(desk.client.get(url))
    forged["_typed"] = "programme=1" + forged["_typed"][6:]
    answer = posted(desk.client, url, forged | {"_step": "send"})

    assert answer.status_code == 422
    assert "这个确认页已失效" in text(answer)


def test_the_same_submission_pressed_twice_is_one_version(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    url = desk.choices_url + "submit/"
    sealed = sealed_in(posted(desk.client, url, sealed_in(desk.client.get(url)) | {"_step": "send"}))
    act = sealed | {"_step": "act", "_code": code_for(FAMILY_PHONE)}
    first, second = posted(desk.client, url, act), posted(desk.client, url, act)

    assert first.headers["Location"] == second.headers["Location"]
    assert ChoiceVersion.objects.count() == 1


def test_after_the_window_nothing_is_submitted_and_the_draft_stays(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    now = clock.now()
    Window.objects.filter(round=desk.round).update(closes_at=now - timedelta(minutes=1))
    answer = desk.client.get(desk.choices_url + "submit/")

    assert answer.status_code == 409
    assert "志愿填报已经截止" in text(answer)
    assert "草稿还在" in text(answer)
    assert desk.fresh().draft_programmes == [desk.programmes[0].pk]


def test_a_refusal_speaks_of_a_draft_only_where_there_is_one(desk: Desk) -> None:
    answer = desk.client.get(desk.choices_url + "submit/")

    assert answer.status_code == 422
    assert "草稿" not in text(answer)


def test_a_second_version_names_what_it_replaces(desk: Desk) -> None:
    desk.add(desk.programmes[0])
    desk.proves(desk.choices_url + "submit/")

    assert "已提交·生效" in text(desk.client.get(desk.choices_url))
    desk.add(desk.programmes[1])
    page = text(desk.client.get(desk.choices_url))

    assert "草稿·未生效" in page
    assert "第 1 版为准" in page
    assert "第 1 版志愿作废" in text(desk.client.get(desk.choices_url + "submit/"))


def test_a_direct_round_gives_a_seat_at_once_to_one_consent(personas: Personas) -> None:
    desk = Desk.lay(personas, kind="direct")
    page = desk.client.get(desk.choices_url)

    assert "注册 剩 20 个" in text(page)
    answer = desk.proves(f"{desk.choices_url}claim/{desk.programmes[0].public_id}/")

    assert answer.status_code == 302
    admission = Admission.objects.get()

    assert (admission.programme, admission.state) == (desk.programmes[0], "ACCEPTED")
    again = desk.client.get(f"{desk.choices_url}claim/{desk.programmes[1].public_id}/")

    assert again.status_code == 422
    assert "您本年度已经占用一个名额" in text(again)
    assert "什么都没有提交。" in text(again)
    assert "草稿" not in text(again)
    assert "返回修改" not in text(again)
