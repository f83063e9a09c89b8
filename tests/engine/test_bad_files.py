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

from tests.engine.files import Arrays, plain_arrays, write_plain_folder
from yangguang import __main__ as program

NPZ: dict[str, tuple[Callable[[Arrays], Any], str]] = {
    "missing": (lambda a: a.pop("quota"), "缺少数组 quota"),
    "strange": (lambda a: a.update(more=a["quota"]), "不认识的内容 more"),
    "wide pref": (lambda a: a.update(pref=a["pref"].astype(np.int64)), "pref 是 2 维 int64，应为 2 维 int32"),
    "narrow key": (lambda a: a.update(key=a["key"].astype(np.int32)), "key 是 2 维 int32"),
    "nan": (lambda a: a.update(key=np.full(a["key"].shape, np.nan)), "不接受小数和缺失值（NaN）"),
    "big-endian": (lambda a: a.update(pref=a["pref"].astype(">i4")), "pref 是 2 维 >i4"),
    "flat": (lambda a: a.update(pref=a["pref"].reshape(-1)), "pref 是 1 维 int32"),
    "deep": (lambda a: a.update(quota=a["quota"].reshape(1, -1)), "quota 是 2 维 int32"),
    "shape": (lambda a: a.update(key=a["key"][:-1]), "pref 的形状是 400×6，key 的形状是 399×6"),
    "objects": (lambda a: a.update(pref=np.array([[{}]], object)), "pref 里是 Python 对象"),
    "negative": (lambda a: a["quota"].__setitem__(3, -1), "计划行 3 的名额是 -1"),
    "too high": (lambda a: a["pref"].__setitem__((7, 2), 15), "考生 7 的第 3 志愿是计划行 15，没有这个"),
    "too low": (lambda a: a["pref"].__setitem__((7, 2), -2), "考生 7 的第 3 志愿是计划行 -2，没有这个"),
    "repeated": (lambda a: a["pref"].__setitem__((9, slice(0, 3, 2)), 4), "考生 9 把计划行 4 填了两次"),
}  # fmt: skip


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
    assert not target.exists() and not list(target.parent.glob(".out*"))
    return captured.err


@pytest.mark.parametrize("fault", NPZ)
def test_arrays_with_a_fault(fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arrays = plain_arrays(5)
    arrays["pref"][9] = range(6)
    break_it, says = NPZ[fault]
    break_it(arrays)
    np.savez(tmp_path / "a.npz", **arrays)
    assert says in refused(tmp_path / "a.npz", capsys)


@pytest.mark.parametrize("spread", [1, -1, 1 << 58, 1 << 60, -(1 << 60)])
def test_two_equal_keys_in_a_line_are_named(
    spread: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pref, quota = np.array([[0, 1], [1, 0], [-1, 1]], np.int32), np.array([1, 1], np.int32)
    key = np.array([[1, 5], [5, 2], [5, 7]]) * spread
    np.savez(tmp_path / "a.npz", pref=pref, key=key, quota=quota)
    says = refused(tmp_path / "a.npz", capsys)
    assert f"计划行 1 中考生 0、1 的 key 相同，都是 {5 * spread}，" in says


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
    assert "quota 的形状 (9,) 与内容不符" in refused(path, capsys)
    for break_it in (flipped, halved):
        break_it(path)
        assert "不是完好的 npz" in refused(path, capsys)
    path.write_bytes(pickle.dumps(plain_arrays(1)))
    assert "不是完好的 npz" in refused(path, capsys)
    path.write_bytes(b"")
    assert "不是完好的 npz" in refused(path, capsys)


FOLDER: dict[str, tuple[str, str, str, str]] = {
    "no key": ("choices.csv", "line,key", "line,keys", "choices.csv 缺少 key 栏"),
    "strange column": ("lines.csv", "line,seats", "line,seats,x", "不认识的栏“x”"),
    "short row": ("choices.csv", "考生0,1,", "考生0,", "栏，表头有 4 栏"),
    "nan": ("choices.csv", ",-200\r", ",nan\r", "key 是“nan”，应为整数"),
    "fraction": ("choices.csv", ",-200\r", ",1.5\r", "key 是“1.5”，应为整数"),
    "huge": ("choices.csv", ",-200\r", ",99999999999999999999\r", "应在 -9223372036854775808 与"),
    "negative seats": ("lines.csv", "L3,", "L3,-", "lines.csv 第 5 行 的 seats 是 -"),
    "unknown line": ("choices.csv", ",L1,", ",LX,", "计划行 LX 不在 lines.csv 中"),
    "unknown person": ("choices.csv", "考生0,1,", "谁,1,", "考生 谁 不在 applicants.csv 中"),
    "line twice": ("lines.csv", "L4,", "L3,", "计划行 L3 出现了两次"),
    "person twice": ("applicants.csv", "考生4\r", "考生3\r", "考生 考生3 出现了两次"),
    "choice twice": ("choices.csv", "考生0,2,", "考生0,1,", "考生 考生0 有两个第 1 志愿"),
    "choice 0": ("choices.csv", "考生0,1,", "考生0,0,", "choice 是 0，应在 1 与"),
    "quote": ("lines.csv", "L4,", '"L4,', "lines.csv 不是完好的 csv 表格"),
    "empty": ("lines.csv", "L4,", ",", "lines.csv 第 6 行 的 line 是空的"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FOLDER)
def test_tables_with_a_fault(fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arrays = plain_arrays(5)
    arrays["pref"][0, :2] = (1, 2)
    arrays["pref"][0, 2:] = -1
    write_plain_folder(tmp_path / "folder", arrays)
    name, old, new, says = FOLDER[fault]
    path = tmp_path / "folder" / name
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())
    assert says in refused(tmp_path / "folder", capsys)


def test_a_line_named_twice_and_equal_keys_are_refused_in_tables_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arrays = {
        "pref": np.array([[0, 0], [0, 1]], np.int32),
        "key": np.array([[1, 1], [2, 2]]),
        "quota": np.array([1, 1], np.int32),
    }
    write_plain_folder(tmp_path / "twice", arrays)
    assert "考生 考生0 把计划行 L0 填了两次" in refused(tmp_path / "twice", capsys)
    arrays["pref"][0, 0], arrays["key"][:] = 1, 7
    write_plain_folder(tmp_path / "equal", arrays)
    assert "计划行 L0 中考生 考生0、考生1 的 key 相同，都是 " in refused(tmp_path / "equal", capsys)


BUCKETS = "line,bucket,seats,mode,priority,flows_to,tie\n"
BUCKET_FAULTS = {
    "L0,普通,1,any,1,,": "mode 是“any”，应为 at_least、exactly、at_most 之一",
    "L0,普通,1,at_least,1,,first": "tie 是“first”，应为 all_wait、lottery 之一",
    "L0,普通,1,at_least,1,本市,": "但没有这个类别",
    "L0,普通,3,at_least,1,,": "各类别合计 3",
    "LX,普通,1,at_least,1,,": "buckets.csv 中的计划行 LX 不在 lines.csv 中",
    "L0,普通,1,at_least,1,,all_wait": "没有 group",
    "L0,特教,1,exactly,1,,\nL0,普通,0,at_least,2,,": "同时列入“特教”、“普通”",
}


@pytest.mark.parametrize("text", BUCKET_FAULTS)
def test_buckets_with_a_fault(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "lines.csv").write_text("line,seats\nL0,1\n")
    (folder / "applicants.csv").write_text("applicant\nA\n")
    (folder / "choices.csv").write_text("applicant,choice,line,key,buckets\nA,1,L0,1,特教|普通\n")
    (folder / "buckets.csv").write_text(BUCKETS + text + "\n")
    assert BUCKET_FAULTS[text] in refused(folder, capsys)


def test_groups_against_the_order_of_the_keys_and_other_encodings_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "lines.csv").write_text("line,seats\nL0,1\n")
    (folder / "applicants.csv").write_text("applicant\nA\nB\n")
    (folder / "choices.csv").write_text("applicant,choice,line,key,group\nA,1,L0,1,5\nB,1,L0,2,4\n")
    assert "计划行 L0 的 group 与 key 先后不一致" in refused(folder, capsys)
    (folder / "applicants.csv").write_bytes("applicant\n考生\n".encode("gbk"))
    assert "applicants.csv 不是 UTF-8" in refused(folder, capsys)
    (folder / "lines.csv").unlink()
    assert "读不到 lines.csv" in refused(folder, capsys)


def test_a_result_goes_only_where_it_can_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savez(tmp_path / "a.npz", **plain_arrays(1))
    assert "应以 .npz 或 .csv 结尾" in refused(tmp_path / "a.npz", capsys, "out.txt")
    assert "写不了" in refused(tmp_path / "a.npz", capsys, "nowhere/out.npz")
