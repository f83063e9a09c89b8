"""Nothing that is in an address breaks a page: every parameter any view reads, with every nasty value."""

import ast
from pathlib import Path

import pytest

import yangguang.web
from tests.access.sites import SITES, Browser
from tests.access.test_routes import at_home, may
from tests.access.world import LOG, World, changed, contents
from yangguang.rules.accounts.roles import Role

pytestmark = pytest.mark.django_db
WEB = Path(yangguang.web.__file__).parent
NASTY = ("\x00", "%'<script>\u202e", "99999999999999999999", '[1,"x",null]', "9999-12-31", "-1" + "甲" * 300)
# A parameter that is refused by itself would keep the others from being read.
FIRST = {"season", "unit", "school", "form"}


def names() -> set[str]:
    """What views read from an address: request.GET.get("x"), GET["x"], and the fields of filter forms."""
    names = set()
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                is_get = isinstance(node.func.value, ast.Attribute) and node.func.value.attr == "GET"
                if is_get and node.func.attr in ("get", "getlist") and isinstance(node.args[0], ast.Constant):
                    names.add(str(node.args[0].value))
            if isinstance(node, ast.ClassDef) and any("Filter" in ast.unparse(base) for base in node.bases):
                names |= {
                    target.id
                    for programme in node.body
                    if isinstance(programme, ast.Assign)
                    for target in programme.targets
                    if isinstance(target, ast.Name)
                }
    return names


NAMES = sorted(names())


def test_the_parameters_are_found() -> None:
    assert {"after", "sort", "season", "text", "month", "unit"} <= set(NAMES) | {"unit"}
    assert len(NAMES) > 15


@pytest.mark.parametrize(
    "role",
    [Role.GUEST, Role.STUDENT, Role.VOCATIONAL_SCHOOL, Role.COUNTY_EDUCATION, Role.PROVINCE_EDUCATION, Role.AUDITOR],
)
def test_no_value_in_an_address_breaks_a_page(world: World, role: Role) -> None:
    browser, broken = Browser(world, role), []
    before = contents(*LOG)
    for site in (site for site in SITES if at_home(role, site)):
        if role is not Role.GUEST and not site.route.startswith(("me/", "school/", "desk/", "audit/")):
            continue  # tried as a guest
        url = site.url(world, role)
        some = NASTY[:1] if site.parts else NASTY
        cases = [(set(NAMES) - FIRST, value) for value in some] + [(FIRST, value) for value in some[:3]]
        for parameters, value in cases:
            answer = browser.ask("get", url, dict.fromkeys(sorted(parameters), value))
            if answer.status_code >= 500 or "Traceback" in answer.content.decode(errors="replace"):
                broken.append((site.route, value[:20], answer.status_code))

    assert broken == []
    assert changed(before, contents(*LOG)) == set()


@pytest.mark.parametrize("number", ["0", "32768", "2147483648", "99999999999999999999"])
def test_numbers_in_a_path_beyond_any_column_are_not_found(world: World, number: str) -> None:
    browser = Browser(world, Role.STUDENT)
    for site in (s for s in SITES if any(kind == "int" for kind, _ in s.parts) and may(Role.STUDENT, s)):
        own = str(world.rows(Role.STUDENT)["published" if "open-data" in site.route else "round"].number)  # type: ignore[attr-defined]
        url = site.url(world, Role.STUDENT).replace(f"-{own}.", f"-{number}.").replace(f"/{own}/", f"/{number}/")
        assert number in url
        # 0 is the round that matters now: its first page may say what is in the way.
        fitting = (200, 404, 405, 409, 422) if number == "0" else (200, 404, 405)
        assert browser.goes("get", url).status_code in fitting, url


@pytest.mark.parametrize("path", ["/%00", "/%ff%fe", "/schools/%00/", "/..%2f..%2fetc/passwd", "/" + "a" * 4000])
def test_a_strange_path_is_an_ordinary_not_found(world: World, path: str) -> None:
    answer = Browser(world, Role.GUEST).ask("get", path)

    assert answer.status_code in (404, 422)
    assert "Traceback" not in answer.content.decode()
