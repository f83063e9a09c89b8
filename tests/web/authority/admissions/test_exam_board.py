"""The exam board's file at the desk: checked, loaded by two people, the rest decided row by row."""

import io
import re

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook

from tests.actions.admissions.test_exam_board_results import SCHOOL, Board, board
from tests.support.builders.enrolment import id_number
from tests.support.builders.officers import at_desk, page_of, seen, signed
from tests.support.personas import Personas
from tests.support.query_counter import statements
from yangguang.models import Admission, ImportDecision, ImportedResult, ImportFile, Round, Season

__all__ = ["board"]
pytestmark = pytest.mark.django_db
HEAD = "身份证号,姓名,录取学校,录取专业,培养类型"


def sends(client: Client, board: Board, *programmes: str, head: str = HEAD, name: str = "结果.csv") -> HttpResponse:
    data = "\n".join([head, *programmes]).encode()
    sent_data = {"profile": "board", "file": SimpleUploadedFile(name, data)}
    return client.post(f"/desk/imports/{board.round.public_id}/", sent_data)


def programme(number: str, name: str = "某甲", major: str = "护理", programme_type: str = "3+2") -> str:
    return f"{number},{name},{SCHOOL},{major},{programme_type}"


def seen_links(client: Client, address: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', client.get(address).content.decode())


def test_a_file_is_checked_without_doing_anything_and_loaded_by_two_people(personas: Personas, board: Board) -> None:
    one, other = at_desk(personas.pe1), at_desk(personas.pe2)
    numbers = [board.pupil(n) for n in (1, 2)]
    sent = sends(one, board, programme(numbers[0]), programme(numbers[1], "某贾"))
    file = ImportFile.objects.get()

    assert (sent.status_code, sent.headers["Location"]) == (302, f"/desk/imports/files/{file.public_id}/")
    page = page_of(one, sent.headers["Location"])

    assert "可以办理（人） 1" in page
    assert "姓名与报名信息不一致" in page
    assert "某贾" not in page
    assert (Admission.objects.count(), ImportedResult.objects.count()) == (0, 0)
    assert numbers[0].encode() not in bytes(file.content.blob)
    load = f"/desk/imports/files/{file.public_id}/load/"

    assert signed(one, load).status_code == 202
    assert Admission.objects.count() == 0
    assert signed(other, load).status_code == 302
    assert Admission.objects.count() == 1
    assert "这个文件已经导入过" in seen(sends(one, board, programme(numbers[0]), programme(numbers[1], "某贾")))
    listed = page_of(one, f"/desk/imports/{board.round.public_id}/")

    assert "已导入" in listed
    assert "核对本人或不办理" in listed
    assert "1 1 0" in page_of(one, "/desk/imports/")


def test_one_row_is_decided_by_two_people(personas: Personas, board: Board) -> None:
    number = board.pupil(1)
    one, other = at_desk(personas.pe1), at_desk(personas.pe2)
    sends(one, board, programme(number, "某贾"))
    file = ImportFile.objects.get()
    for client in (one, other):
        signed(client, f"/desk/imports/files/{file.public_id}/load/")
    settle = f"/desk/imports/{board.round.public_id}/settle/"
    sent_data = {"row": f"{file.digest}:2", "verdict": "SAME_PERSON", "reason": "核对了户口簿"}

    assert f"{settle}?row={sent_data['row']}" in seen_links(one, f"/desk/imports/{board.round.public_id}/")
    page = page_of(one, f"{settle}?row={sent_data['row']}")

    assert "核对后确认是本人" in page
    assert "决定第 2 行" in page
    assert "姓名与报名信息不一致" in page
    assert "某贾" not in page
    assert (one.get(settle).status_code, one.get(f"{settle}?row={file.digest}:9").status_code) == (422, 404)
    assert signed(one, settle, sent_data).status_code == 202
    assert signed(other, settle, sent_data).status_code == 302
    assert (ImportDecision.objects.count(), Admission.objects.count()) == (1, 1)
    assert "核对了户口簿" in page_of(one, f"/desk/imports/{board.round.public_id}/")
    assert one.post(settle, sent_data | {"row": "x"}).status_code == 404
    assert one.get(f"{settle}?row={sent_data['row']}").status_code == 404


def test_a_bad_file_says_where_and_keeps_nothing(personas: Personas, board: Board) -> None:
    client = at_desk(personas.pe1)
    answer = sends(client, board, programme("", "某甲"), programme("4.1E+17"))

    assert answer.status_code == 422
    assert "第 2 行·身份证号" in seen(answer)
    assert "没有填写" in seen(answer)
    assert "科学计数法" in seen(answer)
    assert "文件是空的" in seen(sends(client, board, head=" "))
    assert "只收 Excel 工作簿" in seen(sends(client, board, programme("1"), name="结果.exe"))
    assert ImportFile.objects.count() == 0


def test_the_page_gives_a_template_of_each_layout_that_it_takes_itself(personas: Personas, board: Board) -> None:
    client, page = at_desk(personas.pe1), f"/desk/imports/{board.round.public_id}/"

    assert "培养类型填3+2或五年一贯制" in page_of(client, page)
    href = re.findall(r'href="([^"]+)">下载模板', client.get(page).content.decode())

    assert href == [f"/desk/imports/templates/board.xlsx?round={board.round.public_id}"]
    answer = client.get(href[0])

    assert answer.status_code == 200
    assert "spreadsheetml" in answer.headers["Content-Type"]
    sent = {"profile": "board", "file": SimpleUploadedFile("空白.xlsx", answer.content)}

    assert "表头下面没有数据" in seen(client.post(page, sent)), "the head is right, only rows are missing"
    assert client.get("/desk/imports/templates/nothing.xlsx").status_code == 404
    assert "缺少“录取学校”一列" in seen(sends(client, board, "1,2", head="号码,名字"))


def test_a_file_of_which_nothing_comes_is_not_loaded_and_says_which_numbers_are_invalid(
    personas: Personas, board: Board
) -> None:
    client, number = at_desk(personas.pe1), board.pupil(1)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    sent = sends(client, board, programme(wrong), programme(wrong), programme(id_number(99)))
    page = page_of(client, sent.headers["Location"])

    assert "证件号码无效 2" in page
    assert "证件号码无效（证件号码有一位或几位写错了）" in page
    assert wrong not in page
    assert "没有一行可以办理，不需要导入" in page
    load = f"/desk/imports/files/{ImportFile.objects.get().public_id}/load/"

    assert load not in client.get(sent.headers["Location"]).content.decode()
    for refused in (client.get(load), client.post(load)):
        assert refused.status_code == 422
        assert "没有一行可以办理" in seen(refused)
    sent = sends(client, board, programme(wrong), programme(number, "某贾"))

    assert "/load/" in client.get(sent.headers["Location"]).content.decode(), "two people can settle the name"


def test_only_the_province_sees_the_desk_and_other_rounds_are_not_there(personas: Personas, board: Board) -> None:
    assert at_desk(personas.me).get("/desk/imports/").status_code == 403
    other = Board.lay(personas, number=7)

    assert at_desk(personas.pe1).get(f"/desk/imports/{other.round.public_id}/").status_code == 404


def test_a_round_costs_the_same_with_one_conflict_and_file_and_with_three(personas: Personas, board: Board) -> None:
    client = at_desk(personas.pe1)
    counts = []
    for upto in (1, 3):
        for n in range(upto):
            ImportedResult.objects.update_or_create(
                round=board.round,
                id_hash=bytes([n]) * 32,
                defaults={"file_digest": f"{upto:064d}", "row": n + 2, "name": "某甲", "conflict": "没有该生的成绩"},
            )
            ImportFile.objects.get_or_create(
                round=board.round,
                digest=f"{n:064d}",
                defaults={"profile": "board", "size": 1, "content": "[]", "uploaded_by_id": personas.pe1.actor.account},
            )
        with statements() as sent:
            assert "没有该生的成绩" in page_of(client, f"/desk/imports/{board.round.public_id}/")
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_the_file_is_given_back_with_its_faults_marked_by_the_page_that_lists_them(
    personas: Personas, board: Board
) -> None:
    client, url = at_desk(personas.pe1), f"/desk/imports/{board.round.public_id}/"
    answer = sends(client, board, programme("", "某甲"), programme("410101200903050014", "", programme_type="七年制"))

    assert 'href="?errors=xlsx"' in answer.content.decode()
    assert [
        fault for fault in ("第 2 行·身份证号", "第 3 行·姓名", "第 3 行·培养类型") if fault not in seen(answer)
    ] == []

    given = client.get(f"{url}?errors=xlsx")
    sheet = load_workbook(io.BytesIO(given.content)).worksheets[0]
    red = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFC7CE"]

    assert "filename*=utf-8''%E7%BB%93%E6%9E%9C" in given.headers["Content-Disposition"]
    assert sorted(red) == ["A2", "A3", "B3", "E3"]
    assert str(sheet["F3"].value).count("\n") == 2
    assert b"410101200903050014" not in b"".join(
        str(value).encode() for value in Session.objects.values_list("session_data", flat=True)
    )


def test_the_workbook_of_one_officer_and_page_is_on_no_other(personas: Personas, board: Board) -> None:
    client, url = at_desk(personas.pe1), f"/desk/imports/{board.round.public_id}/?errors=xlsx"
    sends(client, board, programme("", "某甲"))

    assert client.get(url).headers["Content-Type"].startswith("application/vnd")
    assert at_desk(personas.pe2).get(url).headers["Content-Type"].startswith("text/html")
    sends(client, board, programme("", "某甲"), head="姓名")

    assert load_workbook(io.BytesIO(client.get(url).content)).worksheets[0]["A1"].value == "姓名"


def test_a_corrected_workbook_is_taken(personas: Personas, board: Board) -> None:
    client, url = at_desk(personas.pe1), f"/desk/imports/{board.round.public_id}/"
    sends(client, board, programme("", "某甲"))
    book = load_workbook(io.BytesIO(client.get(f"{url}?errors=xlsx").content))
    book.worksheets[0]["A2"] = board.pupil(1)
    out = io.BytesIO()
    book.save(out)
    answer = client.post(url, {"profile": "board", "file": SimpleUploadedFile("改正.xlsx", out.getvalue())})

    assert answer.status_code == 302
    assert "可以办理（人） 1" in page_of(client, answer.headers["Location"])


@pytest.mark.parametrize(("year", "types"), [(2024, "3+2、五年一贯制"), (2026, "本科贯通、专科贯通")])
def test_the_page_names_the_programme_types_of_the_year(personas: Personas, year: int, types: str) -> None:
    season, _ = Season.objects.get_or_create(year=year, term="AUTUMN")

    assert f"{types}由考试机构录取" in page_of(at_desk(personas.pe1), f"/desk/imports/?season={season.public_id}")


def test_a_file_is_filled_in_with_the_programme_types_of_its_round(personas: Personas, board: Board) -> None:
    Round.objects.filter(pk=board.round.pk).update(programme_types=["college_pathway"])
    officer = at_desk(personas.pe1)

    assert "培养类型填专科贯通；" in page_of(officer, f"/desk/imports/{board.round.public_id}/")
    assert "‘3+2’不在可填的范围内" in seen(sends(officer, board, programme(board.pupil(1))))
