"""`yangguang match`: both kinds of files, both engines, the figures, and no database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.engine.files import plain_arrays, write_bundle
from tests.engine.rounds import random_round
from yangguang import __main__ as program
from yangguang.engine.instance import list_choices
from yangguang.gateways.ciphers import sm3
from yangguang.queries.disclosure.replay_script import build_script


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal.signal", lambda *args: None)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, object]:
    assert program.main(["match", *map(str, arguments), "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_both_engines_give_one_match_however_the_arrays_are_stored(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arrays = plain_arrays(seed)
    np.savez(tmp_path / "a.npz", **arrays)
    np.savez_compressed(tmp_path / "b.npz", **{name: np.asfortranarray(one) for name, one in arrays.items()})
    documents, found = [], []

    for file in ("a.npz", "b.npz"):
        for engine in ("fast", "reference"):
            out = tmp_path / f"{file}-{engine}.npz"
            documents.append(run(capsys, tmp_path / file, "--out", out, "--engine", engine))
            with np.load(out) as result:
                assert result.files == ["match"]
                found.append(result["match"])

    assert {one.dtype.str for one in found} == {"<i4"}
    assert all(np.array_equal(found[0], one) for one in found)
    assert {one["sm3"] for one in documents} == {sm3(found[0].astype("<i4").tobytes()).hex()}
    assert {one["placed"] for one in documents} == {int((found[0] >= 0).sum())}
    assert -1 in found[0]
    assert found[0].max() > 2


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["plain", "quotas", "waiting", "mixed"])
def test_engine_reference_and_replay_file_agree_on_the_same_bundle(
    kind: str, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, script = tmp_path / "bundle.zip", tmp_path / "replay.py"
    market = write_bundle(bundle, *random_round(kind, seed, persons=500, programmes=12))
    script.write_bytes(build_script())

    found = []
    for engine in ("fast", "reference"):
        out = tmp_path / f"{engine}.npz"
        run(capsys, bundle, "--out", out, "--engine", engine)
        found.append(np.load(out)["match"].tolist())
    done = subprocess.run([sys.executable, "-I", script, bundle], capture_output=True, timeout=60, check=False)

    assert found == [list_choices(market).tolist()] * 2
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
    # No one looks at the key of a choice left empty, not even at the lowest there is.
    far["key"][far["pref"] < 0] = -(1 << 63)
    np.savez(tmp_path / "far.npz", **far)
    for engine in ("fast", "reference"):
        found = run(capsys, tmp_path / "far.npz", "--out", tmp_path / "o.npz", "--engine", engine)
        assert found["sm3"] == expected, engine


def test_the_key_of_an_empty_choice_is_not_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arrays = {
        "pref": np.array([[-1, 0], [-1, 1]], np.int32),
        "key": np.array([[-5, 3], [-(1 << 63), 4]]),
        "quota": np.array([1, 1], np.int32),
    }
    np.savez(tmp_path / "a.npz", **arrays)
    run(capsys, tmp_path / "a.npz", "--out", tmp_path / "o.npz")
    assert np.load(tmp_path / "o.npz")["match"].tolist() == [1, 1]


def test_the_document_says_seconds_memory_and_sizes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "a.npz", **plain_arrays(1, persons=50, programmes=9, choices=4))
    found = run(capsys, tmp_path / "a.npz", "--out", tmp_path / "o.npz")
    seconds = found.pop("seconds")
    assert isinstance(seconds, dict) and seconds.keys() == {"load", "compile", "solve"}
    assert all(isinstance(spent, float) and spent >= 0 for spent in seconds.values())
    memory, digest = found.pop("peak_memory_mb"), found.pop("sm3")
    assert isinstance(memory, int) and memory > 30
    assert isinstance(digest, str) and len(digest) == 64
    placed = int((np.load(tmp_path / "o.npz")["match"] >= 0).sum())
    assert found == {"engine": "fast", "applicants": 50, "choices": 200, "lines": 9, "placed": placed}


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


def test_without_a_folder_of_our_own_it_compiles_anew_and_works(tmp_path: Path) -> None:
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
