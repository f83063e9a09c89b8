"""`yangguang match`: both kinds of files, engine and reference, the figures, and no database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.engine.columns import list_choices, market_from_problem
from tests.engine.files import plain_arrays, write_bundle
from tests.engine.rounds import random_round
from yangguang import __main__ as program
from yangguang.engine.match_file import read_problem
from yangguang.gateways.ciphers import sm3
from yangguang.queries.disclosure.replay_script import build_script


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal.signal", lambda *args: None)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, object]:
    assert program.main(["match", *map(str, arguments), "--json"]) == 0
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    return document


@pytest.mark.parametrize("seed", range(4))
def test_engine_and_reference_give_one_match_however_the_arrays_are_stored(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arrays = plain_arrays(seed)
    np.savez(tmp_path / "a.npz", **arrays)
    np.savez_compressed(tmp_path / "b.npz", **{name: np.asfortranarray(one) for name, one in arrays.items()})
    market = market_from_problem(read_problem(tmp_path / "a.npz"))
    documents, matches = [], []

    market.run()
    for file in ("a.npz", "b.npz"):
        out = tmp_path / f"{file}-out.npz"
        documents.append(run(capsys, tmp_path / file, "--out", out))
        with np.load(out) as result:
            matches.append(dict(result))

    expected = list_choices(market)

    assert [match.keys() for match in matches] == [{"match"}] * 2
    assert [match["match"].dtype.str for match in matches] == ["<i4"] * 2
    assert [match["match"].tolist() for match in matches] == [expected.tolist()] * 2
    assert {one["sm3"] for one in documents} == {sm3(expected.astype("<i4").tobytes()).hex()}
    assert {one["placed"] for one in documents} == {int((expected >= 0).sum())}
    assert -1 in expected
    assert expected.max() > 2


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["plain", "quotas", "waiting", "mixed"])
def test_engine_reference_and_replay_file_agree_on_the_same_bundle(
    kind: str, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, script, out = tmp_path / "bundle.zip", tmp_path / "replay.py", tmp_path / "out.npz"
    market = write_bundle(bundle, *random_round(kind, seed, persons=500, programmes=12))
    script.write_bytes(build_script())

    run(capsys, bundle, "--out", out)
    done = subprocess.run([sys.executable, "-I", script, bundle], capture_output=True, timeout=60, check=False)

    assert np.load(out)["match"].tolist() == list_choices(market).tolist()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "与公布的名单逐行相同" in done.stdout.decode()


def stretched(key: npt.NDArray[np.int64], shift: int, step: int) -> npt.NDArray[np.int64]:
    """The same order, as far apart as asked."""
    return np.array([[int(one) * step + shift for one in row] for row in key], np.int64)


SPANS = {"all of int64": (-(1 << 63), ((1 << 64) - 1) // 399), "high": ((1 << 63) - 400, 1), "low": (-(1 << 63), 1)}


@pytest.mark.parametrize("span", SPANS)
def test_every_int64_is_a_key_and_only_their_order_counts(
    span: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arrays = plain_arrays(6)
    arrays["key"] -= arrays["key"].min()
    np.savez(tmp_path / "near.npz", **arrays)
    expected = run(capsys, tmp_path / "near.npz", "--out", tmp_path / "o.npz")["sm3"]
    far = arrays | {"key": stretched(arrays["key"], *SPANS[span])}
    # The key of a choice left empty does not count, not even the lowest there is.
    far["key"][far["pref"] < 0] = -(1 << 63)
    np.savez(tmp_path / "far.npz", **far)

    document = run(capsys, tmp_path / "far.npz", "--out", tmp_path / "o.npz")

    assert document["sm3"] == expected


def test_the_key_of_an_empty_choice_is_not_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arrays = {
        "pref": np.array([[-1, 0], [-1, 1]], np.int32),
        "key": np.array([[-5, 3], [-(1 << 63), 4]]),
        "quota": np.array([1, 1], np.int32),
    }
    np.savez(tmp_path / "a.npz", **arrays)
    run(capsys, tmp_path / "a.npz", "--out", tmp_path / "o.npz")

    assert np.load(tmp_path / "o.npz")["match"].tolist() == [1, 1]


def test_the_document_has_seconds_sizes_and_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "a.npz", **plain_arrays(1, persons=50, programmes=9, choices=4))

    document = run(capsys, tmp_path / "a.npz", "--out", tmp_path / "o.npz")

    match, seconds = np.load(tmp_path / "o.npz")["match"], document.pop("seconds")

    assert isinstance(seconds, dict)
    assert seconds.keys() == {"load", "compile", "solve"}
    assert min(seconds.values()) >= 0
    placed, digest = int((match >= 0).sum()), sm3(match.astype("<i4").tobytes()).hex()

    assert document == {"applicants": 50, "choices": 200, "placed": placed, "sm3": digest}


def test_it_neither_needs_a_database_nor_starts_one(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", **plain_arrays(2, persons=50))
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    store = os.environ.get("NUMBA_CACHE_DIR", os.environ["YANGGUANG_VAR"] + "/compiled")
    env |= {"YANGGUANG_VAR": str(tmp_path / "var"), "NUMBA_CACHE_DIR": store}
    arguments = ["match", str(tmp_path / "a.npz"), "--out", str(tmp_path / "o.npz")]
    for url in (None, "postgresql://nobody@127.0.0.1:1/nowhere"):
        done = subprocess.run(
            [sys.executable, "-m", "yangguang", *arguments],
            env=env if url is None else env | {"DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "50 名考生" in done.stdout

    assert not (tmp_path / "var").exists()


def test_without_a_folder_for_compiled_loops_it_compiles_again_and_works(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", **plain_arrays(2, persons=50))
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "yangguang", "match", tmp_path / "a.npz", "--out", tmp_path / "o.npz", "--json"],
        env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "file")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["applicants"] == 50
