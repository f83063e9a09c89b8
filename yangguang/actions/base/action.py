"""`@action`: an action checks right, window, reach and step-up, and writes in one transaction.

docs/mechanisms/actions.md gives the order of the checks and the reasons for it.
"""

import functools
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from django.db import models, transaction

from yangguang.actions.base import audit, dual_approval, idempotency, step_up
from yangguang.actions.base.audit_record import AuditRecord, content_of
from yangguang.actions.base.dual_approval import AwaitingSecond, Basis, Done
from yangguang.models.base.scoping import letter_of
from yangguang.postgres.limits import allow_long_statements
from yangguang.queries.seasons.windows import require_open
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import PUBLIC, Cell, Role, cell
from yangguang.rules.base.refusals import Denied, NotFound, Refused, StepUpRequired, VersionConflict, WindowClosed
from yangguang.rules.seasons.windows import WindowKind

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
Rules = Callable[Concatenate[datetime, P], object]
"""A preflight: the verb's rules at an instant, for the verb's keyword arguments. It reads only."""
_running: ContextVar[str] = ContextVar("running action", default="")
ACTIONS: dict[str, "ActionSpec"] = {}


@dataclass(frozen=True)
class ActionSpec:
    """What an action requires.

    Args: see `action`. is_dual: two people do the same act with the same content, one after the other.
        replaces: see `dual_action`.
    """

    name: str
    right: Right
    on: str = ""
    via: str = ""
    window: WindowKind | None = None
    during: str = "season"
    creates: bool = False
    pairs_with: str = ""
    is_dual: bool = False
    replaces: tuple[str, ...] = ()

    def require_right(self, by: Actor) -> Cell:
        """The cell of the rights table that permits the act. Raises Denied when there is none."""
        grant = by.may(self.right)
        if grant is None:
            raise Denied(
                f"您的岗位（{by.role.label}）不能{self.right.label}",
                why="岗位权限表中没有这一项",
                now="如工作需要，请联系本单位负责人调整岗位",
            )
        return grant

    def require_reach(self, by: Actor, row: Any, seen_version: int | str | None = None) -> None:
        """Raise NotFound unless `row` is within the actor's reach, VersionConflict if it was changed. Reads only."""
        rows = type(row).objects.for_actor(by, self.right, via=self.via)
        subject = rows.get_or_not_found(pk=row.pk)
        if seen_version is not None:
            require_version(subject.version, seen_version)

    def lock_subject(self, by: Actor, row: Any, seen_version: int | str | None) -> models.Model:
        """Fetch and lock the subject again through the access rule; the caller's copy is not trusted."""
        if letter_of(by, self.right) == "o" and type(row).scope.names_person:
            subject = type(row).objects.own_for_update(by, row.pk)
        else:
            rows = type(row).objects.for_actor(by, self.right, via=self.via)
            # The access rule may join other tables; only the subject itself is locked.
            subject = next(iter(rows.filter(pk=row.pk).select_for_update(of=("self",))), None)
        if subject is None:
            raise NotFound("没有找到这条信息", why="它不存在，或者不在您的岗位范围内", now="请从列表重新进入")
        if seen_version is not None:
            require_version(subject.version, seen_version)
        return subject  # type: ignore[no-any-return]


def require_version(version: object, seen: object) -> None:
    """Raise VersionConflict unless the page showed this version.

    Args:
        version: of what the act replaces, 0 where there is nothing yet. seen: what the page showed; None when no page
            did, as in commands and jobs.
    """
    if seen is None or str(version) == str(seen):
        return
    are_numbers = all(str(one).isdecimal() for one in (version, seen))
    versions = f"您看到的是第{seen}版，现在是第{version}版：" if are_numbers else ""
    raise VersionConflict(
        "这一页打开之后，内容又变了，您的还没有保存",
        why=f"{versions}有人改过，或者这件事已经办成",
        now="请核对现在的内容再办理；您填写的还在这一页上",
    )


class Action(Generic[P, R_co]):
    """A verb that checks, runs in one transaction and writes one audit record. Made by `action`.

    `choices.submit(by=…, …)` executes at once; `choices.submit.prepare(by=…, …)` is for a page that confirms first.
    Arguments are keywords; `seen_version` may be added to the verb's own.
    """

    def __init__(self, spec: ActionSpec, verb: Callable[Concatenate[AuditRecord, P], Any]) -> None:
        self.spec, self.verb = spec, verb
        self.rules: Rules[P] | None = None
        functools.update_wrapper(self, verb)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        return self.prepare(*args, **kwargs).execute()

    def prepare(self, *args: P.args, **kwargs: P.kwargs) -> "Prepared[R_co]":
        """The act with its arguments, to be confirmed and executed.

        Raises:
            TypeError: an argument without its name, or no actor.
        """
        if args:
            raise TypeError(f"{self.spec.name} takes keyword arguments only")
        arguments: dict[str, Any] = dict(kwargs)
        by, seen_version = arguments.pop("by", None), arguments.pop("seen_version", None)
        if not isinstance(by, Actor):
            raise TypeError(f"{self.spec.name} needs an actor (by=…)")
        # Two persons agree on what is done; each page displays its own version.
        digested = {name: value for name, value in arguments.items() if not (self.spec.is_dual and name == "seen")}
        return Prepared(self, by, arguments, content_of(self.spec.name, digested), seen_version)

    def preflight(self, rules: Rules[P]) -> Rules[P]:
        """Declare the verb's own rules, for `Prepared.preflight`: raise what the verb would raise, and only read."""
        self.rules = rules
        return rules


@dataclass(frozen=True)
class Prepared(Generic[R_co]):
    """One act with all its arguments, not done yet.

    Args:
        content: SM3 of the act and its arguments; codes, signatures, proposals and first answers are bound to it.
        seen_version: version of the subject that the actor saw; None when it does not matter.
        page: the page that was confirmed; None when no page was, and for an act that creates a row.
    """

    action: "Action[Any, R_co]"
    by: Actor
    kwargs: dict[str, Any]
    content: bytes
    seen_version: int | str | None = None
    page: idempotency.PageRequest | None = None

    @property
    def spec(self) -> ActionSpec:
        return self.action.spec

    @property
    def basis(self) -> Basis:
        """What the two persons of an act must agree on."""
        replaced = {name: self.kwargs[name] for name in self.spec.replaces}
        version = self.kwargs.get("seen", self.seen_version)
        subject = content_of(self.spec.name, replaced) if replaced else None
        # A page about many rows has a version of each.
        return Basis(self.content, subject, str(version) if isinstance(version, int | str) else "")

    @property
    def needs_step_up(self) -> bool:
        """Whether a code or a key's signature over `content` is required."""
        grant = self.by.may(self.spec.right)
        return grant is not None and grant.fresh

    @property
    def needs_second_person(self) -> bool:
        """Whether the same act of another person is required."""
        grant = self.by.may(self.spec.right)
        return self.spec.is_dual and grant is not None and grant.two_people

    def if_version(self, version: int | str) -> "Prepared[R_co]":
        """The same act, refused with VersionConflict unless the subject still has this version."""
        return replace(self, seen_version=version)

    def with_step_up(self, *, code: str = "", assertion: str = "", phone_hash: bytes | None = None) -> "Prepared[R_co]":
        """The same act with a second factor."""
        return replace(self, by=self.by.with_step_up(code=code, assertion=assertion, phone_hash=phone_hash))

    def on_page(self, page: idempotency.PageRequest) -> "Prepared[R_co]":
        """The same act, done once for this page; an act that creates a row has its own first answer."""
        return self if self.spec.creates else replace(self, page=page)

    def preflight(self, at: datetime) -> None:
        """Raise what `execute` would raise now, apart from the step-up. Reads only: no row lock, nothing written.

        Raises:
            Denied, WindowClosed, NotFound, VersionConflict: from the specification.
            Refused: from the rules that the verb declared.
        """
        spec = self.spec
        spec.require_right(self.by)
        if spec.window is not None:
            require_open(spec.window, self.kwargs[spec.during], self.by.people)
        if spec.on:
            spec.require_reach(self.by, self.kwargs[spec.on], self.seen_version)
        if self.action.rules is not None:
            self.action.rules(at, by=self.by, **self.kwargs)

    def execute(self) -> R_co:
        """Act.

        Raises:
            Denied, NotFound, WindowClosed, StepUpRequired: for each a `denied` audit record is written.
            VersionConflict: the subject was changed since `seen_version`.
            Refused: other refusals of the verb; nothing is written.
            AlreadyDone: its page was sent before; nothing is written.
        """
        spec, by = self.spec, self.by
        if outer := _running.get():
            raise RuntimeError(f"{spec.name} called inside {outer}: actions do not call actions")
        token = _running.set(spec.name)
        try:
            grant = spec.require_right(by)
            with transaction.atomic():
                return self._run(grant)
        except (Denied, NotFound, WindowClosed, StepUpRequired) as refusal:
            _record_denied(self, refusal)
            raise
        finally:
            _running.reset(token)

    def _run(self, grant: Cell) -> R_co:
        """The checks, the verb and the audit record, inside the transaction; cheap checks first."""
        spec, by, kwargs = self.spec, self.by, dict(self.kwargs)
        if spec.creates and (first := idempotency.find_first_answer(by, spec.name, self.content)) is not None:
            return first  # type: ignore[no-any-return]
        if self.page is not None and (location := idempotency.find_location(by, self.page.digest)):
            raise idempotency.AlreadyDone(location)
        if by.role not in PUBLIC:
            allow_long_statements()
        entry = AuditRecord(spec.name, by)
        if spec.window is not None:
            entry.at = require_open(spec.window, kwargs[spec.during], by.people)
        if spec.on:
            kwargs[spec.on] = spec.lock_subject(by, kwargs[spec.on], self.seen_version)
            entry.set_subject(kwargs[spec.on])
        if grant.fresh:
            entry.facts["factor"] = step_up.consume(entry, self.content)
        result: Any = self._propose_or_approve(entry, kwargs) if self.needs_second_person else None
        if result is None:
            result = self.action.verb(entry, by=by, **kwargs)
            result = Done(result) if spec.is_dual else result
        if spec.creates:
            idempotency.store_first_answer(by, spec.name, self.content, result)
        if self.page is not None:
            idempotency.store_location(by, spec.name, self.content, self.page, result)
        audit.write(entry)
        return result  # type: ignore[no-any-return]

    def _propose_or_approve(self, entry: AuditRecord, kwargs: dict[str, object]) -> AwaitingSecond | None:
        """The proposal when this is the first of two persons; None when the act may be done."""
        rules = self.action.rules or (lambda *_, **__: None)
        return dual_approval.propose_or_approve(entry, self.basis, lambda: rules(entry.at, by=self.by, **kwargs))


def _record_denied(act: Prepared[Any], refusal: Refused) -> None:
    """Record a denied attempt in a separate transaction, and count it against the code that was tried."""
    with transaction.atomic():
        if isinstance(refusal, StepUpRequired):
            step_up.count_try(act.by, act.content)
        entry = AuditRecord(act.spec.name, act.by)
        entry.add_facts(refused=refusal.code, what=refusal.what)
        audit.write(entry, denied=True)


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
) -> Callable[[Callable[Concatenate[AuditRecord, P], R]], Action[P, R]]:
    """Make a verb an action.

    Args:
        name: code of the event, "noun.verb", as in `rules.base.events`.
        right: what the actor's role must include.
        on: the keyword argument that is the subject row; it is fetched again through `for_actor` and locked.
        via: the named path of the subject's scope, where it has several.
        window: the kind of window that must be open at the database's clock.
        during: the keyword argument that is the season or round whose window counts.
        creates: store the first answer for the request's idempotency key and give it again.
        pairs_with: for a right that takes two people, where the two do different acts (propose and approve): the
            other act. The verb that must be another person's compares the persons
            (`rules.accounts.dual_approval.require_second_person`).
    """
    spec = ActionSpec(name, right, on, via, window, during, creates, pairs_with)
    return lambda verb: Action(_register(spec), verb)


def dual_action(
    name: str,
    right: Right,
    *,
    on: str = "",
    via: str = "",
    window: WindowKind | None = None,
    during: str = "season",
    replaces: tuple[str, ...] = (),
) -> Callable[[Callable[Concatenate[AuditRecord, P], R]], Action[P, Done[R] | AwaitingSecond]]:
    """Make a verb an action that takes two people: the first call only proposes, another person's same call acts.

    Args: as for `action`.
        replaces: the keyword arguments that name what the act sets; when it is done, other proposals for it end.
    """
    spec = ActionSpec(name, right, on, via, window, during, is_dual=True, replaces=replaces)
    return lambda verb: Action(_register(spec), verb)


def _register(spec: ActionSpec) -> ActionSpec:
    cells = (cell(role, spec.right) for role in Role)
    takes_two = any(grant is not None and grant.two_people for grant in cells)
    if takes_two != (spec.is_dual or bool(spec.pairs_with)):
        raise ValueError(f"{spec.name}: the right {spec.right} and the declaration disagree about two people")
    if spec.name in ACTIONS:
        raise ValueError(f"two actions are called {spec.name}")
    ACTIONS[spec.name] = spec
    return spec


def update_versioned(row: models.Model, **changes: object) -> None:
    """Write `changes` to a versioned row and step its version by one."""
    for field, value in changes.items():
        setattr(row, field, value)
    row.version += 1  # type: ignore[attr-defined]
    row.save(update_fields=[*changes, "version"])
