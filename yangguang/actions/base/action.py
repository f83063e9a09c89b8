"""`@action`: one door for every write. Right, scope, window, fresh factor, one transaction, one audit entry.

docs/mechanisms/actions.md tells the order of the checks and why it is this one.
"""

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import models, transaction

from yangguang.actions.base import audit, dual_approval, idempotency, step_up
from yangguang.actions.base.audit_record import AuditRecord, content_of
from yangguang.models.base.scoping import letter_of
from yangguang.queries.locked import is_own, own_row
from yangguang.queries.seasons.windows import require_open
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Cell, label
from yangguang.rules.base.refusals import (
    Denied,
    NotFound,
    Refused,
    StepUpRequired,
    VersionConflict,
    WindowClosed,
)
from yangguang.rules.seasons.rounds import WindowKind

P = ParamSpec("P")
R = TypeVar("R")
_running: ContextVar[str] = ContextVar("running action", default="")
ACTIONS: dict[str, "ActionSpec"] = {}


class ActionSpec:
    """What an action asks of whoever enters. Read by the page guard and by the generated access test."""

    def __init__(
        self,
        name: str,
        right: Right,
        on: str,
        via: str,
        window: WindowKind | None,
        during: str,
        creates: bool,
        pairs_with: str,
    ) -> None:
        self.name, self.right, self.on, self.via = name, right, on, via
        self.window, self.during, self.creates, self.pairs_with = window, during, creates, pairs_with

    def takes_two(self, by: Actor) -> bool:
        """Whether this very act must be asked for by one person and done by another."""
        cell = by.may(self.right)
        return cell is not None and cell.two_people and not self.pairs_with

    def check(self, by: Actor, kwargs: dict[str, Any], entry: AuditRecord, content: bytes) -> None:
        """Everything that is asked inside the transaction, cheapest first.

        Raises:
            NotFound, VersionConflict, WindowClosed, StepUpRequired: see `rules.base.refusals`.
        """
        cell = by.may(self.right)
        assert cell is not None
        if self.window is not None:
            entry.at = require_open(self.window, kwargs[self.during], by.people)
        if self.on:
            kwargs[self.on] = self._fetch(by, kwargs[self.on], kwargs.pop("seen_version", None))
            entry.set_subject(kwargs[self.on])
        if cell.fresh:
            entry.facts["factor"] = step_up.consume(entry, content)

    def _fetch(self, by: Actor, row: Any, seen_version: int | None) -> models.Model:
        """The subject again, locked, through the access rule; the caller's copy is not trusted."""
        found: Any
        if letter_of(by, self.right) == "o" and is_own(type(row)):
            found = own_row(row, by)
        else:
            rows = type(row).objects.for_actor(by, self.right, via=self.via)
            # Visibility may join other tables; only the subject itself is locked.
            found = next(iter(rows.filter(pk=row.pk).select_for_update(of=("self",))), None)
        if found is None:
            raise NotFound("没有找到这条信息", why="它不存在，或者不在您的岗位范围内", now="请从列表重新进入")
        if seen_version is not None and found.version != seen_version:
            raise VersionConflict(
                "这一页打开之后，内容已被别人改过",
                why=f"您看到的是第{seen_version}版，现在是第{found.version}版",
                now="请刷新页面，核对后再办理；您刚才填写的内容已保留在页面上",
            )
        return found  # type: ignore[no-any-return]


def action(
    name: str,
    right: Right,
    *,
    on: str = "",
    via: str = "",
    window: WindowKind | None = None,
    during: str = "season",
    creates: bool = False,
    pairs_with: str = "",
) -> Callable[[Callable[Concatenate[AuditRecord, P], R]], Callable[P, R]]:
    """Make a verb the one way to do a thing.

    Args:
        name: code of the event, "noun.verb"; its sentence stands in `rules.base.events`.
        right: what the actor's role must include.
        on: the keyword argument that is the subject row; it is fetched again through `for_actor` and locked.
            A keyword argument `seen_version` is compared with its version (optimistic lock).
        via: the named path of the subject's scope, where it has several.
        window: the kind of window that must be open at the database's clock.
        during: the keyword argument that is the season or round whose window counts.
        creates: keep the first answer for the request's idempotency key and give it again.
        pairs_with: for rights that take two people: the action that is the first person's part, when the two
            parts are different acts (propose and approve) and the verb compares the persons itself. Without
            it, the first call only leaves a `Proposal` (and returns it) and another person's same call acts.
    Raises (when called):
        Denied, NotFound, WindowClosed, StepUpRequired: each leaves a `denied` entry.
        VersionConflict: the row was changed since `seen_version`.
        Refused: the verb's own refusals; nothing is written.
    """

    def wrap(verb: Callable[Concatenate[AuditRecord, P], R]) -> Callable[P, R]:
        spec = ActionSpec(name, right, on, via, window, during, creates, pairs_with)
        if name in ACTIONS:
            raise ValueError(f"two actions are called {name}")
        ACTIONS[name] = spec

        @functools.wraps(verb)
        def enter(*args: P.args, **kwargs: P.kwargs) -> R:
            return _enter(spec, verb, kwargs)

        enter.spec = spec  # type: ignore[attr-defined]
        return enter

    return wrap


def _enter(spec: ActionSpec, verb: Callable[..., R], kwargs: dict[str, Any]) -> R:
    by: Actor = kwargs["by"]
    if outer := _running.get():
        raise RuntimeError(f"{spec.name} called inside {outer}: actions do not call actions")
    token = _running.set(spec.name)
    content = content_of(spec.name, kwargs)
    try:
        _require_right(by, spec.right)
        with transaction.atomic():
            if spec.creates and (known := idempotency.first_answer(by, spec.name, content)) is not None:
                return known  # type: ignore[no-any-return]
            entry = AuditRecord(spec.name, by)
            spec.check(by, kwargs, entry, content)
            first: Any = dual_approval.first_part(entry, content) if spec.takes_two(by) else None
            result: R = verb(entry, **kwargs) if first is None else first
            if spec.creates:
                idempotency.keep_answer(by, spec.name, content, result)
            audit.write(entry)
            return result
    except (Denied, NotFound, WindowClosed, StepUpRequired) as refusal:
        _record_denied(spec, by, content, refusal)
        raise
    finally:
        _running.reset(token)


def _require_right(by: Actor, right: Right) -> Cell:
    cell = by.may(right)
    if cell is None:
        raise Denied(
            f"您的岗位（{by.role_label}）不能{label(right)}",
            why="岗位权限表中没有这一项",
            now="如工作需要，请联系本单位负责人调整岗位",
        )
    return cell


def _record_denied(spec: ActionSpec, by: Actor, content: bytes, refusal: Refused) -> None:
    """A denied try leaves one entry of its own, and counts against the code it tried."""
    with transaction.atomic():
        if isinstance(refusal, StepUpRequired):
            step_up.count_try(by, content)
        entry = AuditRecord(spec.name, by)
        entry.add_facts(refused=refusal.code, what=refusal.what)
        audit.write(entry, denied=True)


def update_versioned(row: models.Model, **changes: Any) -> None:
    """Write `changes` to a versioned row and step its version by one."""
    for field, value in changes.items():
        setattr(row, field, value)
    row.version += 1  # type: ignore[attr-defined]
    row.save(update_fields=[*changes, "version"])
