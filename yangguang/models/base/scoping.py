"""Who may see which rows: a model declares its paths, every row is fetched through `for_actor`.

The rights table explains the scope letters (`rules.accounts.rights`).
"""

from dataclasses import dataclass
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import BUREAUS, FAMILY, SCHOOLS, Role, cell
from yangguang.rules.base.refusals import NotFound
from yangguang.rules.organisation.sectors import Sector


@dataclass(frozen=True)
class Scope:
    """Look-ups from a row to what decides its visibility; "" where there is none.

    Args:
        unit: to the unit it belongs to (for `Unit` itself: "self").
        sector: to the main sector, "" when both sectors own it.
        person: to the person it is about.
        public: rows that anyone may see.
        others: paths to further units by name ("home"), for `for_actor(…, via=…)`.
        every: for a row that is of many units at once: only actors who govern all of them see it.
        applicants: for a row of people and of no school: what ties it to a sector.
    """

    unit: str = ""
    sector: str = ""
    person: str = ""
    public: Q | None = None
    others: tuple[tuple[str, str], ...] = ()
    every: "Every | None" = None
    applicants: "Applicants | None" = None

    @property
    def names_person(self) -> bool:
        """Whether the row itself has the column of its person."""
        return bool(self.person) and "__" not in self.person

    def unit_path(self, via: str) -> str:
        look_up = dict(self.others).get(via, self.unit) if via else self.unit
        return "" if look_up == "self" else f"{look_up}__"

    def within_sector(self, sector: str) -> Q:
        """The rows of a sector, and those of both."""
        if self.sector:
            return Q(**{f"{self.sector}__in": (sector, "")})
        return self.applicants.within(sector) if self.applicants else Q()


@dataclass(frozen=True)
class Every:
    """The units a row is of, through a table between: (model, its look-up of the row, the row's key, its unit)."""

    model: str
    row: str
    key: str
    unit: str

    def within(self, by: Actor) -> Q:
        """There is a unit, and none lies outside the actor's area and sector."""
        between = apps.get_model("yangguang", self.model)._default_manager
        units = between.filter(**{self.row: OuterRef(self.key)})
        inside = Q(**{f"{self.unit}__path__startswith": by.path or "-"})
        if by.sector:
            inside &= Q(**{f"{self.unit}__sector": by.sector})
        return Q(Exists(units)) & ~Q(Exists(units.filter(~inside)))


@dataclass(frozen=True)
class Applicants:
    """The applications that tie a row of people to the schools of a sector. (docs/mechanisms/scope.md)

    An education bureau is responsible for every student of its area; a labour bureau for those who chose, or were
    admitted by, a school of its sector.

    Args:
        pairs: look-ups of an application and of the row that must agree, any of them: (("person", "person"),).
    """

    pairs: tuple[tuple[str, str], ...]

    def within(self, sector: str) -> Q:
        """The rows that bureaus of the sector see."""
        if sector != Sector.LABOUR:
            return Q()
        models_of = {name: apps.get_model("yangguang", name)._default_manager for name in _TIES}
        programmes = models_of["Programme"].filter(plan__school__sector=sector).filter(_IS_CHOSEN)
        admissions = models_of["Admission"].filter(application=OuterRef("pk"), school__sector=sector)
        same = Q()
        for application, row in self.pairs:
            same |= Q(**{application: OuterRef(row)})
        return Q(Exists(models_of["Application"].filter(same, Q(Exists(programmes)) | Q(Exists(admissions)))))


_TIES = ("Application", "Admission", "Programme")
_IS_CHOSEN = models.Func(
    models.F("pk"),
    OuterRef("programmes"),
    template="(%(expressions)s))",
    arg_joiner=" = ANY(",
    output_field=models.BooleanField(),
)
"""Whether a programme is among the choices of the outer application."""


def letter_of(by: Actor, right: Right | None) -> str:
    """The scope letter of the actor: that of the right, without one that of its role; "-" for none."""
    if right is not None:
        grant = by.may(right)
        return grant.scope if grant else "-"
    if by.role in FAMILY:
        return "o"
    if by.role in SCHOOLS or by.role is Role.JUNIOR_SCHOOL:
        return "s"
    if by.role in BUREAUS:
        return "c"
    return "a" if by.role is Role.AUDITOR else "-"


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset restricted to what one actor may see, once `for_actor` was called."""

    is_for_actor = False

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone.is_for_actor = self.is_for_actor
        return clone

    def for_actor(self, by: Actor, right: Right | None = None, *, via: str = "") -> Self:
        """Restrict to the rows that `by` may see.

        Args:
            right: the right to be used; None for the scope of the role.
            via: name of the path to the unit, where the model declares several (`Scope.others`).
        """
        rows = self.filter(self._rule(by, right, via))
        rows.is_for_actor = True
        return rows

    def _rule(self, by: Actor, right: Right | None, via: str) -> Q:
        scope: Scope = self.model.scope
        # A right that guests have reaches what is public, and beyond that the scope of the role.
        for_everyone = right is None or cell(Role.GUEST, right) is not None
        letter = letter_of(by, None if for_everyone else right)
        rule = Q(pk__in=[])
        if letter == "a" or (for_everyone and scope.public == Q()):
            return Q()
        if letter == "o" and scope.person:
            rule = Q(**{f"{scope.person}__in": by.people})
        elif letter == "s" and scope.unit:
            rule = Q(**{f"{scope.unit_path(via)}id": by.unit})
        elif letter in ("c", "C", "l") and scope.unit:
            # The province's path is the prefix of every path: "l" is "c" from the root.
            rule = Q(**{f"{scope.unit_path(via)}path__startswith": by.path or "-"})
            if by.sector and letter != "C":
                rule &= scope.within_sector(by.sector)
        elif letter in ("c", "l") and scope.every is not None:
            rule = scope.every.within(by)
        # What is public may be read by anyone, but not acted on.
        return rule | scope.public if scope.public is not None and for_everyone else rule

    def own_for_update(self, by: Actor, pk: int) -> Any:
        """The row, locked, if it is of a person `by` acts for, else None: `for_actor` for the letter "o".

        For models whose `scope.names_person`. It is raw SQL because students' acts are the hot path, and Django takes
        longer to build this query than the server to run it.
        """
        person = self.model._meta.get_field(self.model.scope.person).column
        own = f'SELECT * FROM {self.model._meta.db_table} WHERE id = %s AND "{person}" = ANY(%s) FOR UPDATE'
        return next(iter(self.raw(own, (pk, list(by.people)))), None)

    def get_or_not_found(self, **look_up: Any) -> Any:
        """The one row with `look_up` among the rows of `for_actor`.

        Raises:
            NotFound: there is none for this actor, whether it is hidden or absent.
            TypeError: `for_actor` was not called.
        """
        if not self.is_for_actor:
            raise TypeError("get_or_not_found needs for_actor(by, right) first")
        row = self.filter(**look_up).first()
        if row is None:
            raise NotFound("没有找到这条信息", why="它不存在，或者不在您的岗位范围内", now="请从本页面的列表重新进入")
        return row


class Scoped(models.Model):
    """Base of every table whose rows are fetched for an actor."""

    scope: Scope = Scope()
    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
