"""Every kind of broken instance is one Chinese sentence and exit code 2."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine.files import Arrays, plain_arrays, write_bundle
from tests.engine.rounds import random_round
from yangguang import __main__ as program

NPZ: dict[str, tuple[Callable[[Arrays], Any], str]] = {
    "missing": (lambda a: a.pop("quota"), "文件中有 pref、key。须有且只能有"),
    "strange": (lambda a: a.update(more=a["quota"]), "文件中有 pref、key、quota、more。"),
    "wide pref": (lambda a: a.update(pref=a["pref"].astype(np.int64)), "pref 是 2 维 int64，应为 2 维 int32"),
    "narrow key": (lambda a: a.update(key=a["key"].astype(np.int32)), "key 是 2 维 int32"),
    "nan": (lambda a: a.update(key=np.full(a["key"].shape, np.nan)), "key 是 2 维 float64，应为 2 维 int64"),
    "big-endian": (lambda a: a.update(pref=a["pref"].astype(">i4")), "pref 是 2 维 >i4"),
    "flat": (lambda a: a.update(pref=a["pref"].reshape(-1)), "pref 是 1 维 int32"),
    "deep": (lambda a: a.update(quota=a["quota"].reshape(1, -1)), "quota 是 2 维 int32"),
    "shape": (lambda a: a.update(key=a["key"][:-1]), "pref 的形状是 (400, 6)，key 的形状是 (399, 6)"),
    "objects": (lambda a: a.update(pref=np.array([[{}]], object)), "不是完好的 npz"),
    "negative": (lambda a: a["quota"].__setitem__(3, -1), "计划行 3 的名额是 -1"),
    "too high": (lambda a: a["pref"].__setitem__((7, 2), 15), "考生 7 的第 3 志愿是计划行 15，没有这个"),
    "too low": (lambda a: a["pref"].__setitem__((7, 2), -2), "考生 7 的第 3 志愿是计划行 -2，没有这个"),
    "repeated": (lambda a: a["pref"].__setitem__((9, slice(0, 3, 2)), 4), "考生 9 把计划行 4 填了两次"),
}


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signal.signal", lambda *args: None)


def refused(path: Path, capsys: pytest.CaptureFixture[str], out: str = "out.npz") -> str:
    """The sentence, which is the same on stderr and in the document; nothing is written."""
    target = path.parent / out
    arguments = ["match", str(path), "--out", str(target)]
    assert program.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert program.main([*arguments, "--json"]) == 2
    document = capsys.readouterr()
    assert json.loads(document.out) == {"error": captured.err.removesuffix("\n")}
    assert document.err == captured.err
    assert captured.err.count("\n") == 1
    assert not target.exists()
    assert not list(target.parent.glob(".out*"))
    return captured.err


@pytest.mark.parametrize("fault", NPZ)
def test_arrays_with_a_fault(fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arrays = plain_arrays(5)
    arrays["pref"][9] = range(6)
    break_it, sentence = NPZ[fault]
    break_it(arrays)
    np.savez(tmp_path / "a.npz", **arrays)

    assert sentence in refused(tmp_path / "a.npz", capsys)


@pytest.mark.parametrize("spread", [1, -1, 1 << 58, 1 << 60, -(1 << 60)])
def test_two_equal_keys_in_a_line_are_named(spread: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pref, quota = np.array([[0, 1], [1, 0], [-1, 1]], np.int32), np.array([1, 1], np.int32)
    key = np.array([[1, 5], [5, 2], [5, 7]]) * spread
    np.savez(tmp_path / "a.npz", pref=pref, key=key, quota=quota)

    sentence = refused(tmp_path / "a.npz", capsys)

    assert f"计划行 1 中考生 0、1 的 key 相同，都是 {5 * spread}，" in sentence


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, dtype in (("pref", np.int32), ("key", np.int64), ("quota", np.int32)):
            whole = io.BytesIO()
            np.save(whole, np.zeros((6_000_000, 1) if name != "quota" else 1, dtype))
            packed.writestr(f"{name}.npy", whole.getvalue())


def lying(path: Path) -> None:
    """A head that promises more numbers than there are."""
    np.savez(path, **plain_arrays(1))
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts["quota.npy"] = parts["quota.npy"].replace(b"(15,)", b"(9,) ")
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)


def flipped(path: Path) -> None:
    np.savez(path, **plain_arrays(1))
    content = bytearray(path.read_bytes())
    content[3000] ^= 1
    path.write_bytes(content)


def halved(path: Path) -> None:
    np.savez(path, **plain_arrays(1))
    path.write_bytes(path.read_bytes()[:4000])


def test_files_that_are_no_honest_npz(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.npz"

    assert "读不到文件" in refused(path, capsys)
    bomb(path)

    assert path.stat().st_size < 200_000
    assert "不予展开" in refused(path, capsys)
    lying(path)

    assert "不是完好的 npz" in refused(path, capsys)
    for break_it in (flipped, halved):
        break_it(path)
        assert "不是完好的 npz" in refused(path, capsys)
    path.write_bytes(pickle.dumps(plain_arrays(1)))

    assert "不是完好的 npz" in refused(path, capsys)
    path.write_bytes(b"")

    assert "不是完好的 npz" in refused(path, capsys)


def test_a_bundle_that_is_no_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bundle.zip"
    write_bundle(path, *random_round("mixed", 1, persons=60, programmes=4))
    for name, old, new, sentence in (
        ("rows.tsv", "\tL", "\tX", "专业不存在"),
        ("programmes.tsv", "at_least", "any", "programmes.tsv 第 2 行读不懂"),
    ):
        broken = rewrite(path, name, lambda text, old=old, new=new: text.replace(old, new, 1))
        assert sentence in refused(broken, capsys)
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("more.txt", "")

    assert "应当正好有" in refused(path, capsys)


def rewrite(path: Path, name: str, change: Callable[[str], str]) -> Path:
    """A copy of a bundle with one file changed."""
    with zipfile.ZipFile(path) as packed:
        parts = {one: packed.read(one).decode() for one in packed.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path.with_name("broken.zip"), "w") as packed:
        for one, content in parts.items():
            packed.writestr(one, content)
    return path.with_name("broken.zip")


def test_a_result_goes_only_where_it_can_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "a.npz", **plain_arrays(1))

    assert "应以 .npz 结尾" in refused(tmp_path / "a.npz", capsys, "out.txt")
    assert "写不了" in refused(tmp_path / "a.npz", capsys, "nowhere/out.npz")
