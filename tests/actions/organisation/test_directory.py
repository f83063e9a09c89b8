"""The directory loads from the reference data as it stands, twice with the same result, and the list is published."""

import pytest

from tests.support.clients import approve_by_two
from tests.support.personas import SHELL, Personas, unit
from yangguang.actions.organisation import directory
from yangguang.actions.organisation.pinyin import spell
from yangguang.models import PolicyRule, Qualification, Round, Unit, ViolationKind, Window
from yangguang.reference import rows
from yangguang.rules.base.refusals import BadRows, Denied, Refused
from yangguang.rules.seasons.windows import format_span

pytestmark = pytest.mark.django_db

FILES = {
    "units": "units",
    "schools": "schools",
    "rules": "policy_rules",
    "violations": "prohibitions_2023",
    "seasons": "seasons",
    "rounds": "rounds",
    "windows": "windows",
}


def load() -> dict[str, int]:
    return directory.load(by=SHELL, **{name: rows(file) for name, file in FILES.items()})


def test_every_row_of_the_files_is_there_and_a_second_load_changes_nothing() -> None:
    PolicyRule.objects.all().delete()
    first = load()
    places = len(rows("units")) + len(rows("schools"))

    assert Unit.objects.count() == first["paths"] == places
    assert {name: first[name] for name in ("rules", "violations", "seasons", "rounds", "windows")} == {
        name: len(rows(FILES[name])) for name in ("rules", "violations", "seasons", "rounds", "windows")
    }
    assert set(load().values()) == {0}


def test_who_reports_to_whom_is_kept_apart_from_the_region_code() -> None:
    load()
    changyuan = Unit.objects.get(name="长垣市")

    assert (changyuan.region_code, changyuan.parent.name) == ("410783", "河南省")
    assert Unit.objects.get(name="新密市").parent.name == "郑州市"
    for place in Unit.objects.select_related("parent"):
        assert place.path == f"{place.parent.path if place.parent else ''}{place.pk}/"


def test_a_school_that_moves_in_the_file_takes_its_path_along() -> None:
    load()
    moved = [row | {"reports_to": "410200"} for row in rows("schools") if row["code"] == "DEMO-S01"]
    directory.load(by=SHELL, schools=moved)
    school = Unit.objects.select_related("parent").get(code="DEMO-S01")

    assert (school.parent.name, school.path) == ("开封市", f"{school.parent.path}{school.pk}/")


def test_until_a_day_means_the_next_midnight_and_an_empty_date_is_to_be_announced() -> None:
    load()
    spring = Window.objects.get(season__year=2023, season__term="SPRING", kind="registration")

    assert format_span(spring.opens_at, spring.closes_at) == "2023年3月20日00:00至2023年4月20日24:00（即4月21日00:00）"
    autumn = Window.objects.get(season__year=2023, season__term="AUTUMN", kind="registration")

    assert autumn.opens_at is None
    ranked = Window.objects.get(season__year=2024, round__number=2, kind="choices")

    assert ranked.round == Round.objects.get(season__year=2024, number=2)


def test_what_officers_have_decided_since_stands() -> None:
    load()
    Window.objects.filter(season__year=2024, season__term="AUTUMN", kind="registration").update(source="省厅调整")
    PolicyRule.objects.filter(key="school.new_cap").update(value=450)
    load()

    assert Window.objects.get(season__year=2024, season__term="AUTUMN", kind="registration").source == "省厅调整"
    assert PolicyRule.objects.get(key="school.new_cap").value == 450


def test_the_five_prohibitions_stand_word_for_word_with_their_source() -> None:
    load()
    kept = ViolationKind.objects.order_by("position").values_list("position", "text", "source")

    assert [(str(n), text, source) for n, text, source in kept] == [
        (row["position"], row["text"], row["source"]) for row in rows("prohibitions_2023")
    ]


def test_a_unit_without_a_superior_or_with_a_long_code_is_refused_and_nothing_is_written() -> None:
    load()
    good = rows("schools")[0]
    bad = [
        good | {"code": "N1", "name": "新校一", "reports_to": "999999"},
        good | {"code": "X" * 17, "name": "新校二"},
        good | {"code": "N3", "name": "新校三", "sector": "other"},
        good | {"code": "N4", "name": "新校四"},
    ]
    with pytest.raises(BadRows) as refused:
        directory.load(by=SHELL, schools=bad)

    assert [row.where for row in refused.value.rows] == ["第 1 行·新校一", "第 2 行·新校二", "第 3 行·新校三"]
    assert not Unit.objects.filter(name="新校四").exists()


def test_a_window_of_a_round_that_nobody_planned_is_refused() -> None:
    load()
    stray = rows("windows")[-1] | {"round": "77"}
    with pytest.raises(Refused, match="没有第77批次"):
        directory.load(by=SHELL, windows=[stray])


def test_only_the_console_loads_the_directory(personas: Personas) -> None:
    PolicyRule.objects.filter(key="school.new_cap").delete()

    with pytest.raises(Denied):
        personas.pe1.act(directory.load, rules=rows("policy_rules"))
    assert PolicyRule.objects.filter(key="school.new_cap").count() == 0


@pytest.mark.parametrize(
    ("name", "spelled", "initials"),
    [
        ("漯河市", "luoheshi", "lhs"),
        ("浚县", "xunxian", "xx"),
        ("长垣市", "changyuanshi", "cys"),
        ("长葛市", "changgeshi", "cgs"),
        ("荥阳市", "xingyangshi", "xys"),
        ("中牟县", "zhongmuxian", "zmx"),
        ("柘城县", "zhechengxian", "zcx"),
        ("睢县", "suixian", "sx"),
        ("郾城区", "yanchengqu", "ycq"),
        ("召陵区", "shaolingqu", "slq"),
        ("渑池县", "mianchixian", "mcx"),
        ("南乐县", "nanlexian", "nlx"),
        ("郑州（演示）3D学校", "zhengzhouyanshi3dxuexiao", "zzys3xx"),
    ],
)
def test_names_are_spelled_as_people_of_henan_read_them(name: str, spelled: str, initials: str) -> None:
    assert spell(name) == (spelled, initials)


def test_the_list_takes_two_people_and_a_document(personas: Personas) -> None:
    asked = {"year": 2024, "basis": "教办职成〔2024〕114号", "schools": [personas.school]}
    personas.pe1.sign(directory.publish_list, **asked)

    assert Qualification.objects.count() == 0
    assert personas.pe2.sign(directory.publish_list, **asked).result == 1
    kept = Qualification.objects.get()

    assert (kept.unit, kept.year, kept.basis) == (personas.school, 2024, "教办职成〔2024〕114号")
    # A school that is in the list stays as it was published first.
    more = unit("甲市第二职业学校", "SCHOOL", personas.city, sector="education")
    later = {"year": 2024, "basis": "别的文件", "schools": [personas.school, more]}
    assert approve_by_two(personas.pe1, personas.pe2, directory.publish_list, **later) == 1
    assert dict(Qualification.objects.values_list("unit__name", "basis")) == {
        personas.school.name: "教办职成〔2024〕114号",
        more.name: "别的文件",
    }


def test_a_list_that_adds_nothing_is_refused(personas: Personas) -> None:
    arguments = {"year": 2024, "basis": "文件", "schools": [personas.school]}
    approve_by_two(personas.pe1, personas.pe2, directory.publish_list, **arguments)

    with pytest.raises(Refused, match="这些学校都已经在2024年名录中"):
        approve_by_two(personas.pe1, personas.pe2, directory.publish_list, **arguments)


def test_the_list_takes_schools_of_the_own_sector_only(personas: Personas) -> None:
    labour = unit("甲市技工学校", "SCHOOL", personas.city, sector="labour")
    for strangers in ([labour], [personas.county]):
        with pytest.raises(Refused, match="不属于本主管线"):
            approve_by_two(
                personas.pe1, personas.pe2, directory.publish_list, year=2024, basis="文件", schools=strangers
            )

    assert Qualification.objects.count() == 0
