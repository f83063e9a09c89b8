"""`run-round`: one JSON document, exit 0 when the verifier holds, a sentence and 1 when refused."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas, personas
from yangguang.models import AdmissionRun

__all__ = ["personas"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def ranked(personas: Personas) -> Ranked:
    laid = Ranked.lay(personas)
    laid.programme("A", 1)
    laid.apply(600, "A")
    laid.apply(590, "A")
    laid.close()
    return laid


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("run_round", *arguments, stdout=out)
    return out.getvalue()


def test_a_trial_gives_one_document_with_counts_and_hashes(ranked: Ranked) -> None:
    document = json.loads(run("2", "--what-if", "--json"))
    row = AdmissionRun.objects.get()

    assert {key: document[key] for key in ("round", "what_if", "state", "held", "output_hash")} == {
        "round": "第2批",
        "what_if": True,
        "state": "CHECKED",
        "held": True,
        "output_hash": row.output_hash,
    }
    assert (document["counts"]["persons"], document["counts"]["placed"]) == (2, 1)


def test_in_plain_words_without_json(ranked: Ranked) -> None:
    said = run("第2批", "--what-if")

    assert said.startswith("第2批第1次运算：已核验")
    assert "1/2人有录取" in said


@pytest.mark.parametrize("named", [("--officer", "pe1"), ()])
def test_an_official_run_is_an_officers_and_only_a_demonstration_signs_for_one(
    ranked: Ranked, named: tuple[str, ...]
) -> None:
    with override_settings(DEMONSTRATION=""), pytest.raises(CommandError, match="控制台只能试算"):
        run("2", *named)
    run("2", *named)
    row = AdmissionRun.objects.get()

    assert (row.is_what_if, row.started_by_id) == (False, ranked.personas.pe1.actor.account)


def test_an_unknown_round_is_a_sentence(ranked: Ranked) -> None:
    with pytest.raises(CommandError, match="当前招生季没有批次“七”") as error:
        run("七", "--what-if")

    assert error.value.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "sentence", "code"),
    [
        (("七", "--what-if"), "当前招生季没有批次“七”", 2),
        (("2", "--officer", "no-one"), "没有登录名为“no-one”的账号", 2),
        (("2", "--officer", "pe1"), "控制台只能试算", 1),
    ],
)
def test_a_refusal_leaves_one_document_of_the_shape_of_all(
    ranked: Ranked, arguments: tuple[str, ...], sentence: str, code: int
) -> None:
    out = io.StringIO()
    with override_settings(DEMONSTRATION=""), pytest.raises(CommandError, match=sentence) as refused:
        call_command("run_round", *arguments, "--json", stdout=out)
    said = json.loads(out.getvalue())

    assert (refused.value.returncode, sorted(said), said["rows"]) == (code, ["error", "rows"], [])
    assert sentence in said["error"]


def test_a_run_that_fails_ends_with_one(ranked: Ranked) -> None:
    quota = ranked.programmes["A"].quotas.get()
    quota.flows_to = "nowhere"
    quota.save()
    with pytest.raises(SystemExit) as leaving:
        run("2", "--what-if", "--json")

    assert leaving.value.code == 1
