"""Every action × every role: who may not is denied, and leaves one `denied` entry and nothing else. (T1.05)"""

from typing import Any

import pytest

from tests.access.acts import ACTS, arguments_of, spec_of, with_false_step_up
from tests.access.world import LOG, World, changed, contents, undone
from yangguang.models import AuditEntry
from yangguang.queries.audit.log_chain import find_broken_links
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Role, cell
from yangguang.rules.base.refusals import Denied, NotFound, Refused, StepUpRequired, WindowClosed

pytestmark = pytest.mark.django_db


def granted(role: Role) -> list[str]:
    return [name for name in ACTS if cell(role, spec_of(name).right) is not None]


def tried(by: Actor, name: str, kwargs: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Call the action; the log entries it left, as (action, outcome, code of the refusal)."""
    last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    with pytest.raises(Refused) as caught:
        ACTS[name](by=by, **kwargs)
    left = AuditEntry.objects.filter(id__gt=last).order_by("id")
    said = [(entry.action, entry.outcome, str(entry.facts.get("refused"))) for entry in left]
    assert str(caught.value), f"{name}: a refusal says something"
    return [*said, ("raised", type(caught.value).__name__, caught.value.code)]


def denied(name: str, refusal: type[Refused]) -> list[tuple[str, str, str]]:
    return [(name, "DENIED", refusal.code), ("raised", refusal.__name__, refusal.code)]


def test_there_are_actions_to_attack() -> None:
    assert len(ACTS) >= 45
    assert {"choices.submit", "run.publish", "person.register"} <= set(ACTS)


@pytest.mark.parametrize("role", list(Role))
def test_without_the_right_a_try_is_denied_and_kept_and_changes_nothing(closed: World, role: Role) -> None:
    names = sorted(set(ACTS) - set(granted(role)))
    before = contents(*LOG)
    for name in names:
        assert tried(closed.actor(role), name, {}) == denied(name, Denied)

    assert changed(before, contents(*LOG)) == set()
    assert list(find_broken_links()) == []


@pytest.mark.parametrize("role", list(Role))
def test_while_the_window_is_closed_a_try_is_refused_with_the_reason(closed: World, role: Role) -> None:
    names = [name for name in granted(role) if spec_of(name).window is not None]
    before = contents(*LOG)
    for name in names:
        assert tried(closed.actor(role), name, arguments_of(closed, role, name)) == denied(name, WindowClosed)

    assert changed(before, contents(*LOG)) == set()


def windowed(role: Role) -> set[Right]:
    return {spec_of(name).right for name in granted(role) if spec_of(name).window is not None}


# A cell with w whose action asks for its window itself, because it is not one window for the whole call.
OWN_WINDOW = {
    Right.CHECK_IN_TAKE: "each student's own round has its own window",
    Right.ADMISSION_ACCEPT: "each offer has its own `answer_by`",
    Right.ADMISSION_DECLINE: "each offer has its own `answer_by`",
}


@pytest.mark.parametrize("role", list(Role))
def test_every_cell_with_a_window_has_an_action_that_asks_for_one(role: Role) -> None:
    used = {spec_of(name).right for name in granted(role)}
    cells = {right: cell(role, right) for right in used}
    wanted = {right for right, grant in cells.items() if grant is not None and "w" in grant.flags}

    assert wanted - set(OWN_WINDOW) <= windowed(role)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("factor", ["none", "false"])
def test_without_a_fresh_factor_a_try_is_refused(world: World, role: Role, factor: str) -> None:
    names = [name for name in granted(role) if (c := cell(role, spec_of(name).right)) is not None and c.fresh]
    before = contents(*LOG)
    reached = 0
    for name in names:
        by = world.actor(role)
        by = with_false_step_up(by) if factor == "false" else by
        left = tried(by, name, arguments_of(world, role, name))
        assert left == denied(name, StepUpRequired)
        reached += 1

    assert reached > 0 or not names
    assert changed(before, contents(*LOG)) == set()


@pytest.mark.parametrize("role", list(Role))
def test_what_is_out_of_scope_looks_as_if_it_were_not_there(world: World, role: Role) -> None:
    before = contents(*LOG)
    for name in granted(role):
        grant = cell(role, spec_of(name).right)
        if not spec_of(name).on or grant is None or grant.scope in "al":
            continue  # the whole province, or a verb that asks itself: see test_action_reach.py
        with undone():
            by = world.actor(role)
            assert tried(by, name, arguments_of(world, role, name, far=True)) == denied(name, NotFound)

    assert changed(before, contents(*LOG)) == set()


def test_the_other_act_of_each_pair_exists() -> None:
    pairs = {name: spec_of(name).pairs_with for name in ACTS if spec_of(name).pairs_with}

    missing = {name: other for name, other in pairs.items() if other not in ACTS}

    assert pairs
    assert missing == {}
