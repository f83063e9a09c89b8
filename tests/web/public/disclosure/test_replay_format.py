"""The public specification of the bundles: a reader written from it alone agrees with the platform."""

import ast
import json
import re
import subprocess
import sys
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.support.builders.ranked_round import Ranked
from tests.support.personas import SHELL
from tests.web.public.disclosure import stranger_reader
from tests.web.public.disclosure.test_replay import download, get, run_script, season
from yangguang import clock
from yangguang.actions.audit import audit_roots
from yangguang.queries.disclosure.replay_script import build_script
from yangguang.rules.choices.receipts import check_receipt
from yangguang.rules.disclosure.bundle_format import COLUMNS, FORMAT, NUMBERS, STATES, TIES
from yangguang.rules.seasons.windows import SHANGHAI

__all__ = ["season"]
Index = dict[str, Any]
READER = Path(stranger_reader.__file__)
pytestmark = pytest.mark.django_db


@pytest.fixture
def vectors(tmp_path: Path) -> Path:
    """A folder with the vectors as the public page offers them, and the public script."""
    (url,) = set(re.findall(r'href="(/replay/format/vectors\.zip)"', get("/replay/format/")))
    zipfile.ZipFile(BytesIO(Client().get(url).content)).extractall(tmp_path)
    (tmp_path / "replay.py").write_bytes(build_script())
    return tmp_path


def read_index(vectors: Path) -> Index:
    index: Index = json.loads((vectors / "vectors.json").read_text())
    return index


def run_stranger(path: Path) -> int:
    """The exit code of the reader written from the specification, run without our package."""
    done = subprocess.run([sys.executable, "-I", str(READER), str(path)], capture_output=True, timeout=60)
    return done.returncode


def test_a_reader_written_from_the_specification_alone_agrees_on_every_vector(vectors: Path) -> None:
    expected = {one["file"]: 0 if one["agrees"] else 1 for one in read_index(vectors)["bundles"]}

    assert {path.name: run_stranger(path) for path in vectors.glob("*.zip")} == expected
    assert sorted(expected.values()) == [0] * 8 + [1] * 6


def test_the_public_script_agrees_on_every_vector(vectors: Path) -> None:
    agrees = {one["file"]: one["agrees"] for one in read_index(vectors)["bundles"]}

    assert {name: run_script(vectors / name)[0] == 0 for name in agrees} == agrees


def test_the_reader_written_from_the_specification_agrees_on_a_published_round(season: Ranked, tmp_path: Path) -> None:
    assert run_stranger(download(season, tmp_path)) == 0


def test_the_digest_of_a_bundle_lies_under_the_root_of_its_day(season: Ranked, tmp_path: Path) -> None:
    (address,) = set(re.findall(r'href="(/replay/[0-9a-f-]+\.proof\.json)"', get("/replay/")))
    content = sha256(download(season, tmp_path).read_bytes()).hexdigest()
    assert Client().get(address).status_code == 422
    root = audit_roots.publish_root(by=SHELL, day=clock.now().astimezone(SHANGHAI).date())

    proof = Client().get(address).json()

    assert proof["bundle"] == {"sha256": content}
    assert json.loads(proof["entry"]["facts"])["digest"] == content
    steps = check_receipt(proof, {f"{root.day}": root.root}.get)
    assert [step.holds for step in steps] == [True, True]
    # A file written again has another digest: it is not the one in the log, and a changed entry misses the root.
    forged = json.loads(json.dumps(proof).replace(content, "0" * 64))
    forged_bundle = proof | {"bundle": forged["bundle"]}
    assert [step.holds for step in check_receipt(forged_bundle, {f"{root.day}": root.root}.get)] == [False, True]
    assert [step.holds for step in check_receipt(forged, {f"{root.day}": root.root}.get)] == [True, False]


def test_the_reader_has_no_line_of_the_platform() -> None:
    tree = ast.parse(READER.read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}

    assert imported == {"hashlib", "json", "re", "sys", "zipfile"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_the_vectors_show_every_part_of_the_format(vectors: Path) -> None:
    tables = {path.stem: zipfile.ZipFile(path) for path in vectors.glob("*.zip")}
    quotas = "".join(one.read("programmes.tsv").decode() for one in tables.values())

    for word in (*STATES, *TIES, "at_least", "exactly", "at_most"):
        assert f"\t{word}" in quotas
    assert re.search(r"\tgeneral\t[a-z_]+\t[a-z]+$", tables["flow"].read("programmes.tsv").decode(), re.M)
    assert re.search(r"^A\t3\t", tables["cap"].read("programmes.tsv").decode(), re.M)
    assert re.search(r":\d+/\d+", tables["groups"].read("rows.tsv").decode())
    assert {row.split("\t")[1] for row in tables["kinds"].read("rows.tsv").decode().splitlines()[1:]} == {
        "general",
        "outside",
        "general,local",
    }


def test_the_worked_example_is_computed(vectors: Path) -> None:
    example = read_index(vectors)["example"]
    first, second = bytes.fromhex(example["first"]), bytes.fromhex(example["second"])
    seed = stranger_reader.sm3(first + second)
    number = example["number"].encode()

    assert example["seed"] == seed
    assert example["commitment"] == stranger_reader.sm3(bytes.fromhex(seed))
    assert example["commitment_of_letters"] == stranger_reader.sm3(seed.encode())
    assert example["draw"] == stranger_reader.sm3(bytes.fromhex(seed) + number)
    assert example["sm3_of_abc"] == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize("address", ["/replay/format/", "/replay/format/en/"])
def test_both_languages_name_every_word_of_the_format_and_the_example(address: str, vectors: Path) -> None:
    page = get(address)
    words = {name for names in COLUMNS.values() for name in names} | {*COLUMNS, *NUMBERS, *STATES, *TIES, FORMAT}

    assert [word for word in sorted(words) if word not in page] == []
    assert [value for value in read_index(vectors)["example"].values() if value not in page and len(value) < 65][
        :-1
    ] == []
    assert re.findall(r"\{[{%#]|\*\*|`", page) == []


def test_the_specification_is_a_text_file_and_the_same_every_time() -> None:
    texts = [Client().get(f"/replay/format/{language}.md") for language in ("zh", "en", "zh")]

    assert [one.headers["Content-Type"] for one in texts] == ["text/markdown; charset=utf-8"] * 3
    assert texts[0].content == texts[2].content
    assert texts[0].content.decode().startswith("# 回放包格式")
    assert Client().get("/replay/format/fr/").status_code == 404
    again = {sha256(Client().get("/replay/format/vectors.zip").content).hexdigest() for _ in range(2)}
    assert len(again) == 1
