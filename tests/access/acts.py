"""Every action of the house, and what the generated tests call it with."""

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

from tests.access.world import World
from yangguang import actions
from yangguang.actions.base.action import ACTIONS, ActionSpec
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import FAMILY, Role

Act = Callable[..., Any]


def every_act() -> dict[str, Act]:
    """Name → action, found by walking the floor; the tests' own actions are not among them."""
    acts: dict[str, Act] = {}
    for module in pkgutil.walk_packages(actions.__path__, f"{actions.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            spec = getattr(value, "spec", None)
            if isinstance(spec, ActionSpec):
                acts[spec.name] = value
    return acts


ACTS = every_act()
LEVEL = {
    Role.VOCATIONAL_SCHOOL: "school",
    Role.TECHNICIAN_SCHOOL: "school",
    Role.CITY_EDUCATION: "parent",
    Role.CITY_LABOUR: "parent",
}


def spec_of(name: str) -> ActionSpec:
    return ACTIONS[name]


def arguments_of(world: World, role: Role, name: str, *, far: bool = False) -> dict[str, Any]:
    """The keyword arguments that the spec itself looks at: the subject and the season or round of the window."""
    spec, near, there = spec_of(name), world.rows(role), world.rows(role, far=far)
    kwargs: dict[str, Any] = {}
    if spec.window is not None:
        kwargs[spec.during] = near["direct" if spec.name == "seat.claim" else spec.during]
    if spec.on:
        kwargs[spec.on] = there[_subject(role, spec)]
    return kwargs


def _subject(role: Role, spec: ActionSpec) -> str:
    """Which row of a corner an action is about: units are one's own, or those one looks after."""
    if spec.name == "sanction.propose":
        return "school"
    if spec.on in ("unit", "parent"):
        return LEVEL.get(role, "unit")
    return f"own_{spec.on}" if spec.on in ("report", "proposal") and LEVEL.get(role) == "school" else spec.on


def with_false_step_up(by: Actor) -> Actor:
    """A code no one was sent, or a signature of no key."""
    return by.with_step_up(code="000000") if by.role in FAMILY else by.with_step_up(assertion='{"id": "AAAA"}')
