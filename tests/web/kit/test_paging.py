"""Lists page by key in both directions, whatever is typed into the address."""

import pytest
from django.test import Client, RequestFactory

from yangguang.models import Unit
from yangguang.web.kit.paging import read_key

pytestmark = pytest.mark.usefixtures("kit_routes")


def walk(browser: Client, url: str, part: int) -> list[str]:
    """The pages from `url` on, following next (2) or previous (1)."""
    pages = []
    while url:
        parts = browser.get(url).content.decode().split("|")
        pages.append(parts[0])
        url = "/names/" + parts[part] if parts[part] else ""
    return pages


@pytest.mark.parametrize("sort", ["code", "-code", "name", "-name"])
def test_pages_follow_each_other_without_gap_or_repeat_both_ways(db: None, browser: Client, sort: str) -> None:
    Unit.objects.bulk_create(
        Unit(code=f"U{n:02d}", name=f"名{n % 4}{n}", level="SCHOOL", kind="x", path=f"{n}/") for n in range(8)
    )
    field = sort.lstrip("-")
    rows = sorted(Unit.objects.all(), key=lambda unit: (getattr(unit, field), unit.code), reverse=sort[0] == "-")
    codes = [unit.code for unit in rows]
    ahead = walk(browser, f"/names/?sort={sort}", 2)

    assert ",".join(ahead).split(",") == codes
    assert len(ahead) == 3

    end = browser.get(f"/names/?sort={sort}").content.decode().split("|")[2]
    second = browser.get("/names/" + end).content.decode().split("|")

    assert walk(browser, "/names/" + second[1], 1)[0] == ahead[0]


@pytest.mark.parametrize(
    "after",
    [
        '["x\\u0000"]',
        "[1,2,3]",
        "nonsense",
        '[{"a":1}]',
        "[null]",
        '["Z"]',
        '["\\ud800"]',
        "[1e400]",
        "[NaN]",
        "[-Infinity]",
        "[true]",
        "[" * 2000,
    ],
)
def test_a_key_typed_by_hand_never_breaks_a_list(db: None, browser: Client, after: str) -> None:
    Unit.objects.create(code="U1", name="名", level="SCHOOL", kind="x")
    answer = browser.get("/names/", {"after": after})

    assert answer.status_code == 200
    assert answer.content.decode().startswith(("U1", "|"))


@pytest.mark.parametrize("part", ["1e400", "-1e400", "NaN", '"\\ud800"', "true"])
def test_a_key_no_list_can_have_written_is_none(part: str) -> None:
    asked = RequestFactory().get("/names/", {"after": f'["a",{part}]', "before": '["a",1.5]'})

    assert (read_key(asked, "after", 2), read_key(asked, "before", 2)) == ([], ["a", 1.5])
