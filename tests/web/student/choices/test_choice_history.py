"""The review period on screen: the family disputes a version, officers look and decide, a reader checks a receipt."""

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.support.builders.officers import at_desk, signed
from tests.support.builders.web_season import Desk, code_for, posted, sealed_in, text
from tests.support.personas import SHELL
from tests.web.public.disclosure import stranger_reader
from yangguang import clock
from yangguang.actions.audit import audit_roots
from yangguang.models import ChoiceDispute, ChoiceVersion, Message, Window
from yangguang.rules.seasons.windows import SHANGHAI, WindowKind

GUARDIAN = "15450000001"


def submits(desk: Desk, *programmes: int) -> None:
    desk.edit(order=[], act="save")
    desk.application.refresh_from_db()
    for one in desk.programmes:
        desk.edit(drop=str(one.public_id))
    desk.add(*(desk.programmes[n] for n in programmes))
    assert desk.proves(desk.choices_url + "submit/").status_code == 302


def under_review(desk: Desk) -> str:
    """Two versions, then the review period; the address of its page."""
    submits(desk, 0, 1)
    submits(desk, 2)
    now = clock.now()
    Window.objects.filter(kind="choices").update(closes_at=now - timedelta(seconds=1))
    Window.objects.create(
        season=desk.personas.season,
        round=desk.round,
        kind=WindowKind.REVIEW.value,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=1),
    )
    return desk.url(f"review/{desk.round.number}/")


def test_the_family_reads_each_version_with_time_hand_and_device(desk: Desk) -> None:
    desk.client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 14) Mobile"
    url = under_review(desk)
    page = text(desk.client.get(url))

    assert "第 2 版" in page
    assert "第 1 版" in page
    assert "本人 · 手机 · 验证码确认" in page
    assert "第1志愿由甲市第一职业学校 · 护理0改为甲市第一职业学校 · 护理2" in page
    assert "不是我改的" in page
    assert "都不是我填的" in page


def test_a_dispute_with_the_guardians_code_waits_for_two_officers_and_then_the_version_is_back(desk: Desk) -> None:
    url = under_review(desk)
    opened = posted(desk.client, url, {"back_to": "1", "note": "老师改的"})

    assert "发到监护人手机" in text(opened)
    assert "看不到您填了哪些学校" in text(opened)
    sent = posted(desk.client, url, sealed_in(opened) | {"_step": "send_guardian"})

    assert "验证码已发到监护人的手机" in text(sent) or "演示短信" in text(sent)
    own = posted(desk.client, url, sealed_in(sent) | {"_step": "act", "_code": code_for(GUARDIAN)})

    assert own.status_code == 403, "a code sent to the guardian is none of the own phone's"
    done = posted(
        desk.client, url, sealed_in(sent) | {"_step": "act", "_code": code_for(GUARDIAN), "_to": "send_guardian"}
    )

    assert done.status_code == 302
    dispute = ChoiceDispute.objects.get()

    assert "待核查" in text(desk.client.get(url))
    county, city = at_desk(desk.personas.ce), at_desk(desk.personas.me)
    address = f"/desk/disputes/{dispute.public_id}/"

    assert "某*" in text(county.get("/desk/disputes/"))
    page = text(county.get(address))

    assert "学生指认" in page
    assert "护理" not in page
    assert "老师改的" in page
    verdict = {"verdict": "restore", "reason": "当面核对了身份证"}

    assert signed(county, address + "propose/", verdict).status_code == 302
    assert signed(city, address + "decide/").status_code == 302
    restored = ChoiceVersion.objects.get(submitted_by="RESTORED")

    assert restored.programmes == [desk.programmes[0].pk, desk.programmes[1].pk]
    assert "已恢复" in text(desk.client.get(url))
    assert "两名工作人员办理" in text(desk.client.get(url))
    assert Message.objects.filter(event__startswith="dispute.decide").count() == 2


def test_a_receipt_proves_itself_on_the_public_page_and_a_changed_one_does_not(desk: Desk) -> None:
    submits(desk, 0)
    version = ChoiceVersion.objects.get()
    address = f"/me/receipts/{version.public_id}/"

    assert "日志根每天凌晨公布一次" in text(desk.client.get(address))
    assert desk.client.get(address + "proof.json").status_code == 422
    audit_roots.publish_root(by=SHELL, day=clock.now().astimezone(SHANGHAI).date())

    assert "下载证明" in text(desk.client.get(address))
    proof = json.loads(desk.client.get(address + "proof.json").content)
    checked = checks(proof)

    assert "3 步全部相符" in checked
    assert "对不上" not in checked
    for change in ("content", "code", "facts", "day", "path"):
        bad = json.loads(json.dumps(proof))
        if change in ("content", "code"):
            bad["receipt"][change] = bad["receipt"][change].replace("1", "2")
        elif change == "facts":
            bad["entry"]["facts"] = bad["entry"]["facts"].replace("1", "2")
        else:
            bad[change] = "2020-01-01" if change == "day" else ["00" * 32] * 8
        assert "核对没有通过" in checks(bad), change


def test_a_receipt_is_proved_by_about_a_thousand_bytes_without_our_code(desk: Desk) -> None:
    submits(desk, 0)
    root = audit_roots.publish_root(by=SHELL, day=clock.now().astimezone(SHANGHAI).date())
    content = desk.client.get(f"/me/receipts/{ChoiceVersion.objects.get().public_id}/proof.json").content
    proof = json.loads(content)

    def digest(*parts: bytes | str) -> bytes:
        joined = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
        return bytes.fromhex(stranger_reader.sm3(joined))

    assert digest(proof["receipt"]["content"]).hex() == proof["receipt"]["code"]
    assert json.loads(proof["entry"]["facts"])["receipt"] == proof["receipt"]["code"]
    chain, position, *_ = json.loads(proof["entry"]["head"])
    entry = digest(proof["entry"]["head"], "\n", proof["entry"]["facts"])
    node = digest(bytes.fromhex(proof["chain"]["before"]), entry)
    for later in proof["chain"]["after"]:
        node = digest(node, bytes.fromhex(later))
    node = digest(b"\0", (position + len(proof["chain"]["after"])).to_bytes(8, "big"), node)
    for sibling in map(bytes.fromhex, proof["path"]):
        node = digest(b"\1", *((sibling, node) if chain % 2 else (node, sibling)))
        chain //= 2

    assert node.hex() == root.root
    assert len(proof["path"]) == 8
    assert len(content) - 68 * len(proof["chain"]["after"]) < 2048


def checks(proof: object) -> str:
    sent = SimpleUploadedFile("receipt.json", json.dumps(proof).encode())
    return text(Client().post("/audit/receipts/", {"file": sent}))


@pytest.mark.parametrize("content", [b"", b"nothing", b"[]", b"[" * 100_000, b'{"receipt": 3}', b"\xff\xfe", b"null"])
def test_a_file_that_is_no_proof_gets_a_sentence(db: None, content: bytes) -> None:
    answer = Client().post("/audit/receipts/", {"file": SimpleUploadedFile("x.json", content)})

    assert answer.status_code in (200, 422)
    assert re.search("核对没有通过|文件为空|没有内容|空", text(answer))


def test_the_proof_of_another_family_is_not_there(desk: Desk) -> None:
    submits(desk, 0)
    version = ChoiceVersion.objects.get()
    session = desk.client.session
    session["account"] = desk.personas.family("15400000002").account
    session.save()

    assert desk.client.get(f"/me/receipts/{version.public_id}/proof.json").status_code == 404
