"""`load-directory`: a province starts from its own files; a faulty cell is named and nothing is written."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.access.world import changed, contents
from yangguang import reference
from yangguang.models import AuditEntry, PolicyRule, Round, Unit, Window
from yangguang.rules.seasons.windows import SHANGHAI

pytestmark = pytest.mark.django_db
OWN = {
    "units": "code,name,kind,level,region_code,reports_to,source\n"
    "110000,某省,省,PROVINCE,110000,,省文件\n110100,某市,省辖市,CITY,110100,110000,省文件\n",
    "schools": "code,name,kind,sector,owner,governed_by,reports_to,source\n"
    "S1,某市职业学校,职业高中,education,公办,CITY,110100,省名录\n",
    "policy_rules": "key,value,applies_to,valid_from,valid_to,source,clause,sure\n"
    "round.max_choices,6,,2024-01-01,,省文件,一,原文\n"
    "round.max_majors_per_school,2,,2024-01-01,,省文件,一,原文\n"
    'answer.silence,"""hold""",,2024-01-01,,省文件,一,原文\n'
    'round.tie_order,"[""total""]",批次=集中录取,2024-01-01,,省文件,一,原文\n',
    "seasons": "year,term,source\n2024,AUTUMN,省文件\n",
    "rounds": "year,term,number,name,kind,programme_types,origins,keeps_waiting_list\n"
    "2024,AUTUMN,1,集中录取,ranked,three_year,,0\n",
    "windows": "year,term,round,kind,opens_on,closes_on,source\n"
    "2024,AUTUMN,1,choices,2024-07-01,2024-07-05,省文件\n2024,AUTUMN,,registration,,,待定\n",
}


def loads(*folder: Path) -> tuple[int, dict[str, object]]:
    """Exit code and the JSON document."""
    out, code = io.StringIO(), 0
    try:
        call_command("load_directory", *map(str, folder), json=True, stdout=out)
    except CommandError as refusal:
        code = refusal.returncode
    return code, json.loads(out.getvalue())


@pytest.fixture(autouse=True)
def _no_rules(_reference_rules: None) -> None:
    PolicyRule.objects.all().delete()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    for name, text in OWN.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8-sig")
    return tmp_path


def test_a_province_starts_from_its_own_files_and_a_second_load_changes_nothing(own: Path) -> None:
    code, written = loads(own)

    assert (code, written) == (
        0,
        {"units": 5, "paths": 3, "rules": 4, "violations": 0, "seasons": 1, "rounds": 1, "windows": 2},
    )

    school = Unit.objects.get(code="S1")

    assert (school.parent.name, school.level, school.is_demo) == ("某市", "SCHOOL", False)
    assert Round.objects.get().programme_types == ["three_year"]
    assert (Window.objects.count(), PolicyRule.objects.get(key="round.max_choices").value) == (2, 6)
    assert set(loads(own)[1].values()) == {0}


def test_the_reference_data_is_what_is_loaded_without_a_folder() -> None:
    code, written = loads()

    assert code == 0
    assert (written["rules"], written["rounds"]) == tuple(
        len(reference.rows(name)) for name in ("policy_rules", "rounds")
    )
    assert Unit.objects.count() == len(reference.rows("units")) + len(reference.rows("schools"))


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("units", "CITY", "TOWN", "units.csv 第 3 行·level：“TOWN”不认识，应是CITY、COUNTY、PROVINCE"),
        ("units", ",110000,省文件\n", ",999999,省文件\n", "第 2 行·某市：上级单位“999999”不存在"),
        ("units", "110000,,省文件", "110000,110100,省文件", "110000 某省：上级单位互相循环，或层级太多"),
        ("units", "110100,某市", "110100,", "units.csv 第 3 行·name：不能为空"),
        ("schools", "S1,", "110100,", "units.csv、schools.csv·code：同一代码既是单位又是学校，或出现两次"),
        ("schools", "education", "教育", "schools.csv 第 2 行·sector：“教育”不认识，应是education、labour"),
        ("policy_rules", ",6,", ",六,", 'policy_rules.csv 第 2 行·value：应是 JSON 值：数字、"文字" 或 ["甲", "乙"]'),
        (
            "policy_rules",
            "2024-01-01",
            "2024-W27-1",
            "policy_rules.csv 第 2 行·valid_from：日期应写成 2024-03-20 的样子",
        ),
        (
            "seasons",
            "2024,AUTUMN,省文件\n",
            "2024,AUTUMN,省文件\n2024,AUTUMN,省文件\n",
            "seasons.csv 第 3 行·year、term：与前面的行重复",
        ),
        ("seasons", "2024", "٢٠٢٤", "seasons.csv 第 2 行·year：应是2000到2099的整数"),
        (
            "rounds",
            "three_year",
            "three_year;nine_year",
            "rounds.csv 第 2 行·programme_types：“nine_year”不认识，应是after_high_school、bachelor_pathway、"
            "college_pathway、five_year、one_year、three_plus_four、three_plus_two、three_year",
        ),
        ("windows", "2024-07-05", "2024-06-30", "windows.csv 第 2 行·closes_on：截止在开始之前"),
        (
            "windows",
            "2024-07-01",
            "2024-02-30",
            "windows.csv 第 2 行·opens_on：日期应写成 2024-03-20 的样子，待定的留空",
        ),
    ],
)
def test_a_faulty_cell_is_named_and_nothing_is_written(own: Path, file: str, old: str, new: str, where: str) -> None:
    path = own / f"{file}.csv"
    text = path.read_text()

    assert old in text

    path.write_text(text.replace(old, new, 1))
    before = contents()
    code, said = loads(own)
    named = [row.startswith(where) for row in said["rows"]]  # type: ignore[attr-defined]

    assert (code, any(named), "没有写入任何数据" in str(said["error"])) == (1, True, True), said
    assert changed(before, contents()) == set()
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        (",6,", ',"""6""",', "2 行·value：应是整数，不带引号和小数点，现在是'6'"),
        (",6,", ",十四,", "2 行·value：应是 JSON 值"),
        (",6,", ',"""十四""",', "2 行·value：应是整数，不带引号和小数点，现在是'十四'"),
        (",6,", ",NaN,", "2 行·value：应是整数，不带引号和小数点，现在是nan"),
        (",6,", ",600,", "2 行·value：应在1到20之间，现在是600"),
        ("hold", "\\u0000", "4 行·value：应是accept、decline、hold之一"),
        ("hold", "\\ud800", "4 行·value：应是accept、decline、hold之一"),
        ("2024-01-01,,", "2024-01-01,2023-12-31,", "2 行·valid_to：停用日期2023-12-31早于起用日期2024-01-01"),
        ("批次=集中录取", "专业=护理", "5 行·applies_to：适用范围“专业=护理”看不懂"),
        ("批次=集中录取", "地区=某市", "5 行·applies_to：这条规则不能按地区区分"),
        ("round.max_choices", "round.most_choices", "2 行·key：没有“round.most_choices”这条规则"),
    ],
)
def test_a_faulty_rule_is_named_by_file_line_column_and_value(own: Path, old: str, new: str, where: str) -> None:
    path = own / "policy_rules.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))

    code, answer = loads(own)

    assert code == 1
    assert [row for row in answer["rows"] if row.startswith(f"policy_rules.csv 第 {where}")] != []  # type: ignore[attr-defined]
    assert PolicyRule.objects.count() == 0


@pytest.mark.parametrize(
    ("file", "data", "sentence"),
    [
        ("units", "编号,名称\n1,甲\n".encode(), "units.csv 缺少列：code"),
        ("units", "code,name\n1,郑州\n".encode("gb18030"), "units.csv 缺少列：kind"),
        (
            "units",
            OWN["units"].encode().replace("某市".encode(), "某市".encode()[:-1]),
            "units.csv：第 3 行的文字编码有损坏",
        ),
        ("units", OWN["units"].replace("code", "code,phone", 1).encode(), "units.csv 有 1 处错误"),
        ("units", OWN["units"].replace("省文件", "省文件,重要", 1).encode(), "units.csv 有 1 处错误"),
        ("units", b"", "units.csv 缺少列：code"),
        ("windows", OWN["windows"].replace(",1,choices", ",7,choices").encode(), "没有第7批次"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(own: Path, file: str, data: bytes, sentence: str) -> None:
    (own / f"{file}.csv").write_bytes(data)
    code, said = loads(own)

    assert code == 1, said
    assert sentence in str(said["error"]), said


def test_an_empty_or_missing_folder_is_refused_and_says_which_files(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        code, said = loads(folder)
        assert code == 1
        assert "units.csv" in str(said["error"])


def test_without_json_the_reasons_are_the_words_of_the_error(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own / "seasons.csv").write_text("year,term,source\n20,AUTUMN,省文件\n")
    with pytest.raises(CommandError) as refused:
        call_command("load_directory", str(own))

    assert (refused.value.returncode, capsys.readouterr().out) == (1, "")
    assert "seasons.csv 第 2 行·year：应是2000到2099的整数" in str(refused.value)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("gb18030", ","), ("utf-16", "\t"), ("utf-8-sig", ";"), ("utf-8", "\t")]
)
def test_files_of_other_offices_are_taken_in_their_encoding_and_with_their_separator(
    own: Path, encoding: str, delimiter: str
) -> None:
    for name in ("units", "schools", "seasons", "windows"):
        (own / f"{name}.csv").write_bytes(OWN[name].replace(",", delimiter).encode(encoding))
    code, said = loads(own)

    assert code == 0, said
    assert Unit.objects.get(code="S1").name == "某市职业学校"


@pytest.mark.parametrize(
    "written", ["2024/7/1", "2024.7.1", "2024年7月1日", "20240701", "２０２４－７－１", "2024/7/1 0:00"]
)
def test_a_day_is_taken_in_every_spelling_in_use(own: Path, written: str) -> None:
    (own / "windows.csv").write_text(OWN["windows"].replace("2024-07-01", written))

    assert loads(own)[0] == 0
    assert Window.objects.get(kind="choices").opens_at.astimezone(SHANGHAI).date().isoformat() == "2024-07-01"


def test_codes_with_blanks_marks_and_full_width_are_one_code(own: Path) -> None:
    (own / "schools.csv").write_text(
        OWN["schools"].replace("S1,", "Ｓ 1\u200b,").replace(",110100,", ", 110100\u202c,")
    )

    assert loads(own)[0] == 0
    assert Unit.objects.get(level="SCHOOL").code == "S1"


def test_the_day_on_which_a_unit_opened_is_loaded_and_a_wrong_one_is_named(own: Path) -> None:
    units = OWN["units"].splitlines()
    dated = [f"{units[0]},opened_on", f"{units[1]},", f"{units[2]},2024年9月10日"]
    (own / "units.csv").write_text("\n".join(dated))

    assert loads(own)[0] == 0
    opened = dict(Unit.objects.exclude(level="SCHOOL").values_list("name", "opened_on"))

    assert opened == {"某省": None, "某市": date(2024, 9, 10)}

    (own / "units.csv").write_text("\n".join([*dated[:2], f"{units[2]},九月"]))
    code, said = loads(own)

    assert code != 0
    assert "units.csv 第 3 行·opened_on" in str(said)
