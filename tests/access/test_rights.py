"""The rights table equals the access matrix, cell by cell; whatever was added since is listed with its reason."""

import csv
import re
from pathlib import Path

import pytest

import yangguang
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Role, cell

HERE, PACKAGE = Path(__file__).parent, Path(yangguang.__file__).parent
MATRIX, EXTENSIONS = HERE / "access_matrix.csv", HERE / "extensions.csv"
SCOPES, FLAGS = set("osclaCn"), set("wmA2fnx")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ORACLE = {f"{row['resource']}.{row['action']}": row for row in rows(MATRIX)}
ADDED = {f"{row['resource']}.{row['action']}": row for row in rows(EXTENSIONS)}


def read(text: str) -> tuple[str, frozenset[str]] | None:
    """A cell as the matrix writes it."""
    return None if text == "-" else (text[0], frozenset(text[1:]))


def granted(right: Right, role: Role) -> tuple[str, frozenset[str]] | None:
    grant = cell(role, right)
    return None if grant is None else (grant.scope, grant.flags)


@pytest.mark.parametrize("role", list(Role))
def test_every_cell_of_a_role_is_the_matrixs(role: Role) -> None:
    wanted = {name: read(row[role.value]) for name, row in (ORACLE | ADDED).items()}
    assert {right.value: granted(right, role) for right in Right} == wanted


def test_the_matrix_has_fourteen_roles_and_every_right_stands_in_one_of_the_two_tables() -> None:
    assert list(rows(MATRIX)[0])[2:] == [role.value for role in Role]
    assert {right.value for right in Right} == set(ORACLE) | set(ADDED)
    assert set(ORACLE) & set(ADDED) == set()


@pytest.mark.parametrize("name", sorted(ADDED))
def test_an_extension_says_why_it_exists(name: str) -> None:
    assert len(ADDED[name]["reason"]) >= 12


def test_no_cell_has_a_letter_that_the_legend_does_not_know() -> None:
    cells = [read(row[role.value]) for row in (ORACLE | ADDED).values() for role in Role]
    strange = [c for c in cells if c is not None and (c[0] not in SCOPES or not c[1] <= FLAGS)]

    assert strange == []


def test_what_nobody_may_do_is_granted_to_nobody() -> None:
    never = {name for name, row in (ORACLE | ADDED).items() if all(row[role.value] == "-" for role in Role)}
    assert never == {"admission.over_quota", "record.generate", "audit_log.write_update_delete", "user.impersonate"}


def test_only_a_family_writes_a_choice() -> None:
    writers = {role for role in Role if cell(role, Right.CHOICE_WRITE)}
    assert writers == {Role.STUDENT, Role.GUARDIAN}


def is_so(role: Role, mark: str) -> bool:
    """Whether the rights table has what a mark of a role text promises."""
    if mark.startswith("="):
        return all(granted(right, role) == granted(right, Role(mark[1:])) for right in Right)
    right = Right(mark.removeprefix("-"))
    return (cell(role, right) is None) == mark.startswith("-")


@pytest.mark.parametrize("role", list(Role))
def test_a_role_text_promises_what_the_rights_table_gives_and_nothing_else(role: Role) -> None:
    assert [words for words, marks in role.duties if not marks] == []
    assert [(words, mark) for words, marks in role.duties for mark in marks if not is_so(role, mark)] == []


def test_a_role_text_promises_only_what_a_page_or_an_act_does() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for floor in ("web", "actions") for path in (PACKAGE / floor).rglob("*.py")
    )
    used = {right.value for right in Right if re.search(rf"\bRight\.{right.name}\b", code)}
    promised = {mark for role in Role for _, marks in role.duties for mark in marks if mark[0] not in "-="}

    assert promised - used == set()


@pytest.mark.parametrize(("role", "mark"), [(Role.AUDITOR, "plan.approve"), (Role.STUDENT, "-choice.write")])
def test_a_false_promise_is_noticed(role: Role, mark: str) -> None:
    assert not is_so(role, mark)
    assert not is_so(Role.COUNTY_LABOUR, "=CE")
