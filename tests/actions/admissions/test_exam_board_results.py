"""The exam board's file: matching rows are admitted with a message, every other row has its reason."""

import pytest

from tests.support.builders.enrolment import id_number
from tests.support.builders.policy import set_rule
from tests.support.builders.ranked_round import Ranked
from tests.support.clients import approve_by_two
from tests.support.personas import Personas, unit
from yangguang.actions.admissions import exam_board_results
from yangguang.actions.admissions.exam_board_results import ImportedRow, LoadResult
from yangguang.models import (
    Admission,
    Application,
    ImportDecision,
    ImportedResult,
    Message,
    Person,
    Quota,
    SeatClaim,
    Unit,
)
from yangguang.models.base.fields import blind
from yangguang.rules.base.refusals import Refused

pytestmark = pytest.mark.django_db
SCHOOL = "甲市第一职业学校"


class Board(Ranked):
    """A round of the exam board with a 3+2 programme of two seats and a five-year programme of one."""

    def pupil(self, serial: int, name: str = "某甲", score: int | None = 400, **more: object) -> str:
        """Someone registered for the exam board's admission; returns the identity number."""
        number = id_number(serial)
        person = self.person(f"P{serial}", name=name)
        person.id_hash = blind(number)
        person.save(update_fields=["id_hash"])
        self.apply(score, number=f"N{serial:03d}", person=person, **{"track": "EXAM_BOARD", **more})  # type: ignore[arg-type]
        return number


@pytest.fixture
def board(personas: Personas) -> Board:
    laid = Board.lay(personas, number=1, kind="imported", programme_types=("three_plus_two", "five_year"))
    laid.programme("A", 2, programme_type="three_plus_two", major="护理", partner="某大学")
    laid.programme("B", 1, programme_type="five_year", major="学前教育")
    return laid


def load(board: Board, *rows: tuple[str, str, str], digest: str = "d1", **more: str) -> LoadResult:
    file = [ImportedRow(at, number, name, SCHOOL, major, **more) for at, (number, name, major) in enumerate(rows, 2)]
    done: LoadResult = approve_by_two(
        board.personas.pe1, board.personas.pe2, exam_board_results.load, round=board.round, rows=file, digest=digest
    )
    return done


def test_who_matches_is_admitted_seated_and_told_once(board: Board) -> None:
    first, second = board.pupil(1), board.pupil(2, "买买提·江")
    spelled = f" {first[:6]} {first[6:].lower()}"
    done = load(board, (spelled, "某甲", "护理"), (second, "买买提•江", "学前教育"))

    assert (done.admitted, done.conflicts) == (2, ())
    assert {
        (a.application.number, a.programme.code, a.state, a.rank, a.imported_id is not None)
        for a in Admission.objects.all()
    } == {("N001", "A", "OFFERED", None, True), ("N002", "B", "OFFERED", None, True)}
    assert dict(Quota.objects.values_list("programme__code", "taken")) == {"A": 1, "B": 1}
    assert SeatClaim.objects.filter(state="HELD").count() == 2
    assert Message.objects.get(person__applications__number="N001").text == (
        "【阳光招生】考试机构录取结果已导入：您被甲市第一职业学校护理专业录取。"
    )


def test_every_kind_of_conflict_is_listed_by_its_programme_and_nothing_else_of_it_happens(board: Board) -> None:
    good, other_name, low = board.pupil(1), board.pupil(2), board.pupil(3, score=200)
    no_score, adult, chooser = (
        board.pupil(4, score=None),
        board.pupil(5, origin="worker"),
        board.pupil(6, track="CHOOSES"),
    )
    gone, twice = board.pupil(7), board.pupil(8)
    Application.objects.filter(number="N007").update(state="WITHDRAWN")
    done = load(
        board,
        (good, "某甲", "护理"),
        (other_name, "某乙", "护理"),
        (low, "某甲", "护理"),
        (no_score, "某甲", "护理"),
        (adult, "某甲", "护理"),
        (chooser, "某甲", "护理"),
        (gone, "某甲", "护理"),
        (id_number(99), "某甲", "护理"),
        ("410101", "某甲", "护理"),
        (twice, "某甲", "护理"),
        (twice, "某甲", "学前教育"),
    )

    assert done.conflicts == (
        (3, "姓名与报名信息不一致"),
        (4, "总分200低于最低控制分数240（平台自定（演示））"),
        (5, "没有该生的成绩"),
        (6, "生源类别“城乡劳动者”不在招收范围"),
        (7, "该生报名时没有选择考试机构录取"),
        (8, "该生已撤回报名"),
        (9, "没有这个证件号码的报名"),
        (10, "证件号码无效（证件号码是6位，长度不对）"),
        (11, "同一证件号码在文件中出现2次（第11、12行）"),
        (12, "同一证件号码在文件中出现2次（第11、12行）"),
    )
    assert (done.admitted, Admission.objects.count(), ImportedResult.objects.filter(conflict="").count()) == (1, 1, 1)
    assert ImportedResult.objects.count() == 10


def test_an_unknown_programme_is_kept_as_a_conflict_and_a_later_file_settles_it(board: Board) -> None:
    number = board.pupil(1)
    done = load(board, (number, "某甲", "烹饪"))

    assert done.conflicts == ((2, "本批次没有这个学校、专业和录取院校的计划行"),)
    assert ImportedResult.objects.get().programme is None
    assert load(board, (number, "某甲", "护理"), digest="d2").admitted == 1
    assert ImportedResult.objects.get().file_digest == "d2"


def test_the_college_and_the_programme_type_tell_programmes_of_one_major_apart(board: Board) -> None:
    board.programme("C", 1, programme_type="five_year", major="护理")
    number = board.pupil(1)

    assert load(board, (number, "某甲", "护理")).conflicts[0][1].startswith("学校和专业对应多个计划行")
    assert load(board, (number, "某甲", "护理"), digest="d2", programme_type="五年一贯制").admitted == 1
    assert Admission.objects.get().programme.code == "C"


def test_seats_end_where_the_plan_ends_in_the_order_of_the_file(board: Board) -> None:
    numbers = [board.pupil(serial) for serial in (1, 2, 3)]
    done = load(board, *((number, "某甲", "护理") for number in numbers))

    assert (done.admitted, done.conflicts) == (2, ((4, "这个专业的名额已满"),))
    assert Quota.objects.get(programme__code="A").taken == 2


def test_nobody_is_admitted_twice_by_one_file_two_files_or_beside_another_seat(board: Board) -> None:
    number, seated = board.pupil(1), board.pupil(2)
    load(board, (number, "某甲", "护理"))
    with pytest.raises(Refused, match="这个文件已经导入过"):
        load(board, (seated, "某甲", "护理"))
    board.seated_elsewhere(Application.objects.get(number="N002"), board.programmes["B"], number=9)
    done = load(board, (number, "某甲", "学前教育"), (seated, "某甲", "护理"), digest="d2")

    assert done.conflicts == ((2, "该生的结果已经导入过"), (3, "该生本年度已占用一个名额"))
    assert Admission.objects.filter(round=board.round).count() == 1


def test_of_two_registrations_of_one_person_the_later_row_is_the_conflict_and_no_other(board: Board) -> None:
    rows = [(board.pupil(serial, name), name, "护理") for serial, name in ((1, "某甲"), (2, "某乙"), (3, "某丙"))]
    one, two = (Person.objects.get(applications__number=number) for number in ("N001", "N002"))
    Person.objects.filter(pk=two.pk).update(merged_into=one, root_id=one.pk)

    done = load(board, rows[0], (rows[1][0], "某乙", "学前教育"), rows[2])

    assert (done.admitted, done.conflicts) == (2, ((3, "该生本年度已占用一个名额"),))
    assert set(Admission.objects.values_list("application__number", flat=True)) == {"N001", "N003"}


def test_an_empty_file_and_a_round_of_another_kind_are_refused(board: Board) -> None:
    with pytest.raises(Refused, match="文件里没有任何一行结果"):
        load(board)
    ranked = Board.lay(board.personas, number=2)
    with pytest.raises(Refused, match="不是考试机构录取的批次"):
        load(ranked, (board.pupil(1), "某甲", "护理"))


def settled(board: Board, row: int, verdict: str, digest: str = "d1", reason: str = "核对了户口簿和准考证") -> object:
    arguments = {"digest": digest, "row": row, "verdict": ImportDecision.Verdict(verdict), "reason": reason}
    return approve_by_two(
        board.personas.pe1, board.personas.pe2, exam_board_results.decide, round=board.round, **arguments
    )


def test_another_spelling_of_a_name_is_settled_by_two_people_and_nothing_else_is(board: Board) -> None:
    spelled, low = board.pupil(1), board.pupil(2, score=200)
    load(board, (spelled, "某贾", "护理"), (low, "某甲", "护理"))
    with pytest.raises(Refused, match="不能直接确认：总分200低于"):
        settled(board, 3, "SAME_PERSON")
    settled(board, 2, "SAME_PERSON")

    assert Admission.objects.get().application.number == "N001"
    assert SeatClaim.objects.count() == 1
    assert Message.objects.count() == 1
    decision = ImportDecision.objects.get()

    assert (decision.conflict, decision.verdict) == ("姓名与报名信息不一致", "SAME_PERSON")
    with pytest.raises(Refused, match="已经办理"):
        settled(board, 2, "DISMISSED", reason="再来一次")
    with pytest.raises(Refused, match="没有找到这一行"):
        settled(board, 99, "DISMISSED")
    with pytest.raises(Refused, match="没有写明理由"):
        settled(board, 3, "DISMISSED", reason=" ")


def test_the_same_person_is_still_held_to_every_other_rule(board: Board) -> None:
    number, holder = board.pupil(1), board.pupil(2)
    load(board, (number, "某贾", "学前教育"), (holder, "某甲", "学前教育"))
    with pytest.raises(Refused, match="这个专业的名额已满"):
        settled(board, 2, "SAME_PERSON")
    set_rule("imported.score_floor", 500, "培养类型=五年一贯制")
    Quota.objects.filter(programme__code="B").update(seats=2)
    with pytest.raises(Refused, match="低于最低控制分数500"):
        settled(board, 2, "SAME_PERSON", reason="第二次核对")

    assert Admission.objects.count() == 1


def test_what_two_people_dismissed_no_later_file_brings_back(board: Board) -> None:
    number = board.pupil(1)
    load(board, (number, "某贾", "护理"))
    settled(board, 2, "DISMISSED")
    done = load(board, (number, "某甲", "护理"), digest="d2")

    assert (done.admitted, done.conflicts) == (0, ((2, "该生的结果此前已由两人决定不办理"),))
    assert ImportedResult.objects.get().file_digest == "d1"


def test_a_programme_of_another_programme_type_or_college_says_so(board: Board) -> None:
    number = board.pupil(1)
    conflict = "这个学校和专业有计划行，但学校代码、培养类型或录取院校与计划不符"

    assert load(board, (number, "某甲", "护理"), programme_type="五年一贯制").conflicts == ((2, conflict),)
    assert load(board, (number, "某甲", "护理"), digest="d2", college="别的大学").conflicts == ((2, conflict),)


@pytest.mark.parametrize(
    ("major", "written"),
    [
        ("汽车运用与维修（新能源）", "汽车运用与维修(新能源)"),
        ("汽车运用与维修（新能源）", "汽车运用与维修 （新能源)"),
        ("汽车运用与维修(新能源)", "汽车运用与维修（新能源）\u200b"),
    ],
)
def test_brackets_and_blanks_in_the_name_of_a_major_make_no_difference(board: Board, major: str, written: str) -> None:
    board.programme("C", 1, programme_type="three_plus_two", major=major, partner="某（大）学")
    number = board.pupil(1)

    assert load(board, (number, "某甲", written), college="某(大)学").conflicts == ()


@pytest.mark.parametrize("written", ["买买提.江", "买买提．江", " 买买提 · 江", "买买提•江\u200b"])
def test_a_dot_in_another_spelling_is_no_other_name(board: Board, written: str) -> None:
    assert load(board, (board.pupil(1, "买买提·江"), written, "护理")).conflicts == ()


def test_of_two_schools_of_one_name_the_code_decides_and_the_sentence_asks_for_it(board: Board) -> None:
    Unit.objects.filter(pk=board.personas.school.pk).update(code="S-1")
    twin = unit(SCHOOL, "SCHOOL", board.personas.school.parent.parent, sector="education")
    Unit.objects.filter(pk=twin.pk).update(code="S-2")
    board.programme("C", 1, school=twin, programme_type="three_plus_two", major="护理", partner="某大学")
    number = board.pupil(1)

    assert load(board, (number, "某甲", "护理"), programme_type="3+2", college="某大学").conflicts == (
        (2, "有2所学校同名（代码S-1、S-2），请在文件中写明学校代码"),
    )
    assert load(board, (number, "某甲", "护理"), digest="d2", school_code=" s-2").admitted == 1
    assert Admission.objects.get().school == twin


def test_a_code_of_another_school_than_the_name_says_is_a_conflict(board: Board) -> None:
    assert load(board, (board.pupil(1), "某甲", "护理"), school_code="X9").conflicts == (
        (2, "这个学校和专业有计划行，但学校代码、培养类型或录取院校与计划不符"),
    )


def test_a_number_named_a_hundred_times_is_one_sentence(board: Board) -> None:
    number = board.pupil(1)
    done = load(board, *[(number, "某甲", "护理")] * 100)

    assert done.conflicts[0] == (2, "同一证件号码在文件中出现100次（第2、3、4行等）")


def test_a_reason_that_is_too_long_is_refused_and_not_cut(board: Board) -> None:
    load(board, (board.pupil(1), "某贾", "护理"), (board.pupil(2), "某贾", "护理"))
    settled(board, 3, "DISMISSED", reason="核" * 200)
    with pytest.raises(Refused, match="写了201个字，最多200个字"):
        settled(board, 2, "DISMISSED", reason="核" * 201)
