"""The areas of HOUSE: the same sixteen words on every floor, in every desk and in the tests."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "yangguang"
FLOORS = ("rules", "queries", "actions", "models")
AREAS = {
    "accounts",
    "admissions",
    "applicants",
    "audit",
    "base",
    "choices",
    "disclosure",
    "messages",
    "organisation",
    "plans",
    "publicity",
    "records",
    "reporting",
    "runs",
    "seasons",
    "supervision",
}
DESKS = ("public", "student", "school", "authority", "auditor")
HOUSE = re.findall(r"^\| (\w+) \|([ ●–|]+)\|", (ROOT / "HOUSE.md").read_text(), re.M)


def folders(path: Path) -> set[str]:
    """The folders under `path` that hold a file."""
    return {one.name for one in path.iterdir() if one.is_dir() and one.name != "__pycache__" and any(one.iterdir())}


def test_the_house_names_the_sixteen_areas() -> None:
    assert sorted(area for area, _ in HOUSE) == sorted(AREAS)
    assert len(AREAS) == 16


@pytest.mark.parametrize("floor", FLOORS)
def test_every_floor_has_the_areas_that_the_house_says(floor: str) -> None:
    column = FLOORS.index(floor)
    said = {area for area, cells in HOUSE if cells.split("|")[column].strip() == "●"}

    assert folders(PACKAGE / floor) == said


@pytest.mark.parametrize("floor", FLOORS)
def test_every_module_of_a_floor_lies_in_an_area(floor: str) -> None:
    assert [path.name for path in (PACKAGE / floor).glob("*.py") if path.stem != "__init__"] == []


@pytest.mark.parametrize("desk", DESKS)
def test_pages_and_templates_of_a_desk_lie_in_areas(desk: str) -> None:
    assert folders(PACKAGE / "web" / desk) - AREAS == set()
    assert folders(PACKAGE / "templates" / desk) - AREAS == set()


@pytest.mark.parametrize("floor", ["rules", "queries", "actions"])
def test_tests_of_a_floor_lie_in_areas_that_the_floor_has(floor: str) -> None:
    assert folders(ROOT / "tests" / floor) - folders(PACKAGE / floor) == set()


def test_the_order_of_areas_is_that_of_the_contract() -> None:
    contract = ConfigParser()
    contract.read(ROOT / ".importlinter")
    layers = contract["importlinter:contract:areas"]["layers"].split("\n")
    order = [set(re.findall(r"\w+", layer)) & AREAS for layer in reversed(layers)]

    areas = [area for area, _ in HOUSE]
    ranks = [next(n for n, layer in enumerate(order) if area in layer) for area in areas]

    assert ranks == sorted(ranks)
