"""`yangguang glossary`: the glossary in docs is what the code says."""

import io
import re

from django.apps import apps
from django.core.management import call_command

from tests.support import house_rules
from yangguang.management.commands.glossary import DOCS, PAGES, TABLES, render_page
from yangguang.rules.records import record_states

GLOSSARY = DOCS / "glossary.md"


def test_glossary_and_domain_are_what_the_command_writes() -> None:
    out = io.StringIO()

    call_command("glossary", stdout=out)

    assert out.getvalue() == "".join(page.read_text() for page in PAGES)


def test_every_generated_table_has_its_place_once() -> None:
    places = re.findall(r"<!-- generated: (\w+) -->", GLOSSARY.read_text())

    assert sorted(places) == sorted(TABLES)


def test_every_table_bears_its_term_and_an_explanation() -> None:
    terms = house_rules.glossary(GLOSSARY.read_text())
    models = {m.__name__: str(m._meta.verbose_name) for m in apps.get_app_config("yangguang").get_models()}

    assert {name: terms.get(name) for name in models} == models
    assert re.findall(r"^\|.*\|  \|$", GLOSSARY.read_text(), re.M) == []


def test_an_explanation_stays_and_a_row_that_the_code_no_longer_has_goes() -> None:
    page = "前\n<!-- generated: models -->\n| 旧 | `Plan` | 写好的话 |\n| 没有了 | `Gone` | 旧话 |\n<!-- end -->\n后\n"

    written = render_page(page)

    assert "| 招生计划 | `Plan` | 写好的话 |\n" in written
    assert "| 批次 | `Round` |  |\n" in written
    assert "`Gone`" not in written
    assert (written[:2], written[-2:]) == ("前\n", "后\n")


def test_states_and_their_moves_are_rows() -> None:
    written = render_page("<!-- generated: states -->\n<!-- end -->")

    assert "| 已报到 | `admission.CHECKED_IN` | 退录 → 已退录 |\n" in written


def test_a_diagram_of_states_has_every_transition() -> None:
    written = render_page("<!-- generated: record -->\n<!-- end -->")

    arrows = re.findall(r"^    (\w+) --> (\w+):", written, re.M)

    assert sorted(set(arrows)) == record_states.TRANSITIONS.arrows
