"""`yangguang glossary`: what docs/glossary.md and docs/domain.md have from the code; what people wrote stays."""

import re
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models

from yangguang import rules
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.events import EVENTS
from yangguang.rules.base.labels import Labelled
from yangguang.rules.base.state_machine import StateMachine

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGES = (DOCS / "glossary.md", DOCS / "domain.md")
PART = re.compile(r"<!-- generated: (\w+) -->\n(.*?)<!-- end -->", re.S)
Row = tuple[str, ...]
"""The cells of a row; the first is the Chinese term, the second the name in the code."""


class Command(BaseCommand):
    help = "按代码重写词汇表的各张表和领域图；说明一栏和其他文字保持不变"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="写回 docs/；没有它只输出")

    def handle(self, *args: object, **options: object) -> None:
        for page in PAGES:
            text = render_page(page.read_text())
            if options["write"]:
                page.write_text(text)
            else:
                self.stdout.write(text)


def render_page(page: str) -> str:
    """The page with every generated part written again.

    A part stands between `<!-- generated: NAME -->` and `<!-- end -->`, NAME being a key of `TABLES`, "relations",
    or a table of states. The last cell of a model's row is written by hand: it stays, and empty for a new model.
    """
    return PART.sub(_render_part, page)


def _render_part(part: re.Match[str]) -> str:
    name, text = part[1], part[2]
    if name in TABLES:
        lines = _render_table(name, text)
    else:
        lines = ["```mermaid", *(_relations() if name == "relations" else _state_diagram(name)), "```"]
    return "\n".join([f"<!-- generated: {name} -->", *lines, "<!-- end -->"])


def _render_table(name: str, text: str) -> list[str]:
    head, list_rows = TABLES[name]
    by_hand = dict(re.findall(r"^\|[^|]+\| `(\w+)` \| (.*) \|$", text, re.M))
    rows = [(term, f"`{code}`", *rest) for term, code, *rest in list_rows()]
    if name == "models":
        rows = [(term, code, by_hand.get(code.strip("`"), "")) for term, code in rows]
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *rows)]
    return [lines[0], f"|{'---|' * len(head)}", *lines[1:]]


def _state_diagram(thing: str) -> Iterator[str]:
    table = _state_machines()[thing]
    yield "stateDiagram-v2"
    yield from (f"    {state}: {label}" for state, label in table.states.items())
    yield f"    [*] --> {next(iter(table.states))}"
    for move in table.table:
        yield from (f"    {start} --> {move.to}: {move.label}" for start in move.froms)


def _relations() -> Iterator[str]:
    """The foreign keys between the tables of the diagram."""
    drawn = [model for model in _models() if model.__name__ in DRAWN]
    yield "erDiagram"
    for model in drawn:
        for field in model._meta.concrete_fields:
            if field.related_model in drawn:
                many = "|" if field.one_to_one else "{"
                other = field.related_model.__name__
                yield f'    {other} ||--o{many} {model.__name__} : "{field.verbose_name}"'


def list_models() -> Iterator[Row]:
    """Every table of ours by area; what is explained about it is written by hand."""
    for model in _models():
        if not hasattr(model, "pgh_tracked_model"):
            yield str(model._meta.verbose_name), model.__name__


def list_histories() -> Iterator[Row]:
    """Every table of earlier versions, and the table it follows."""
    for model in _models():
        if tracked := getattr(model, "pgh_tracked_model", None):
            yield str(model._meta.verbose_name), model.__name__, str(tracked._meta.verbose_name)


def list_states() -> Iterator[Row]:
    """Every state of every thing, and which move leads from it where."""
    for thing, table in _state_machines().items():
        for state, label in table.states.items():
            moves = [f"{move.label} → {table.states[move.to]}" for move in table.open_from(state)]
            yield label, f"{thing}.{state}", "；".join(moves) or "—"


def _state_machines() -> dict[str, StateMachine]:
    """Every table of states by the name of its module, without the ending."""
    names = {module: module.__name__.rpartition(".")[2].partition("_states") for module in _rules()}
    return {thing: module.TRANSITIONS for module, (thing, is_table, _) in names.items() if is_table}


def list_kinds() -> Iterator[Row]:
    """Every member of every enum with Chinese labels, of the rules and of the tables."""
    modules = [module.__name__ for module in _rules()]
    kinds = [kind for kind in Labelled.__subclasses__() if kind.__module__ in modules]
    for kind in sorted(kinds, key=lambda one: modules.index(one.__module__)):
        yield from _members(kind.__module__.rpartition(".")[2], kind)
    for model in _models():
        for choices in vars(model).values():
            if isinstance(choices, type) and issubclass(choices, models.Choices):
                yield from _members(model.__name__, choices)


def _members(owner: str, kind: Any) -> Iterator[Row]:
    for member in kind:
        yield str(member.label), f"{owner}.{kind.__name__}.{member.name}", f"`{member.value}`"


def list_roles() -> Iterator[Row]:
    """Every role with its duties."""
    return ((role.label, f"Role.{role.name}", role.description) for role in Role)


def list_rights() -> Iterator[Row]:
    """Every right, and which role has it how far."""
    return ((right.label, f"Right.{right.name}", right.cells or "任何人都没有") for right in Right)


def list_events() -> Iterator[Row]:
    """Every event of the log."""
    return ((label, name) for name, label in EVENTS.items())


def _models() -> list[type[models.Model]]:
    return sorted(apps.get_app_config("yangguang").get_models(), key=lambda model: (model.__module__, model.__name__))


def _rules() -> list[ModuleType]:
    """Every module of the rules, in the order of their names."""
    modules = walk_packages(rules.__path__, "yangguang.rules.")
    return [import_module(name) for name in sorted(one.name for one in modules if not one.ispkg)]


DRAWN = {
    "Admission",
    "AdmissionRun",
    "Application",
    "ChoiceVersion",
    "Person",
    "Placement",
    "Plan",
    "Programme",
    "Quota",
    "Round",
    "Season",
    "SeatClaim",
    "StudentRecord",
    "Unit",
}
"""The tables of the diagram; the others hang on one of these."""
TABLES: dict[str, tuple[Row, Callable[[], Iterable[Row]]]] = {
    "models": (("中文", "代码", "说明"), list_models),
    "histories": (("名称", "代码", "所记的表"), list_histories),
    "states": (("中文", "代码", "可以"), list_states),
    "kinds": (("中文", "代码", "值"), list_kinds),
    "roles": (("中文", "代码", "说明"), list_roles),
    "rights": (("中文", "代码", "谁，到哪里"), list_rights),
    "events": (("中文", "代码"), list_events),
}
