"""Reads an instance as three arrays, and suspects the file: nothing in it is run, and nothing swells unseen."""

import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from yangguang.engine.instance import (
    MOST_SLOTS,
    Instance,
    check_unique,
    keys_in_range,
    plain_problem,
    refuse_repeated,
)
from yangguang.engine.problem import Shorts
from yangguang.rules.base.refusals import Refused

TYPES: dict[str, tuple[np.dtype[Any], int]] = {
    "pref": (np.dtype("<i4"), 2),
    "key": (np.dtype("<i8"), 2),
    "quota": (np.dtype("<i4"), 1),
}
MOST_BYTES = 16 << 30
# Numbers of a real round shrink to a third or a tenth; what unpacks to a hundred times its size was made to hurt.
CALM_BYTES, MOST_SWELLING = 64 << 20, 100


def read_npz(path: Path) -> Instance:
    """The instance in an npz file.

    Args:
        path: `pref` int32[N, K], line index or −1, in order of choice; `key` int64[N, K], smaller is better,
            unique within a line; `quota` int32[P]. Other arrays are refused, pickled objects are never opened.
    Raises:
        Refused: with the first fault found.
    """
    arrays = _arrays(path)
    pref, key, quota = arrays["pref"], arrays["key"], arrays["quota"]
    if pref.shape != key.shape:
        raise Refused(
            f"pref 的形状是 {_shape(pref)}，key 的形状是 {_shape(key)}", now="两者须相同：每个志愿一个 key"
        )
    if (quota < 0).any():
        wrong = int(np.flatnonzero(quota < 0)[0])
        raise Refused(f"计划行 {wrong} 的名额是 {quota[wrong]}，不能是负数", now="请改正 quota")
    persons, choices = pref.shape
    if pref.size and not -1 <= pref.min() <= pref.max() < len(quota):
        person, choice = (int(i) for i in np.argwhere((pref < -1) | (pref >= len(quota)))[0])
        raise Refused(
            f"考生 {person} 的第 {choice + 1} 志愿是计划行 {pref[person, choice]}，没有这个计划行",
            now=f"计划行的编号应为 0 至 {len(quota) - 1}，空志愿写 −1",
        )
    if (repeating := _repeating(pref)) >= 0:
        lines, counts = np.unique(pref[repeating][pref[repeating] >= 0], return_counts=True)
        raise refuse_repeated(str(repeating), str(lines[counts > 1][0]))
    line: Shorts = pref.reshape(-1)
    written = key.reshape(-1)
    flat = keys_in_range(written, line)
    check_unique(
        line, flat, written, np.repeat(np.arange(persons), choices), range(persons), range(len(quota))
    )
    first = np.arange(persons + 1, dtype=np.int64) * choices
    return Instance(plain_problem(first, line, flat, quota), line)


def _arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as packed:
            entries = {entry.filename.removesuffix(".npy"): entry for entry in packed.infolist()}
            _check_entries(entries, size)
            found = {}
            for name in TYPES:
                with packed.open(entries[name]) as stream:
                    found[name] = _array(name, stream, entries[name].file_size)
            return found
    except (Refused, MemoryError):
        raise
    except OSError as error:
        raise Refused(f"读不到文件 {path}：{error.strerror or error}", now="请核对文件名和权限") from error
    except Exception as error:  # Hostile bytes make zipfile and numpy raise a dozen kinds; all mean the same.
        raise Refused(
            f"{path} 不是完好的 npz 文件", now="请用 numpy.savez(文件, pref=…, key=…, quota=…) 重新写出"
        ) from error


def _check_entries(entries: dict[str, zipfile.ZipInfo], size: int) -> None:
    missing, strange = [n for n in TYPES if n not in entries], [n for n in entries if n not in TYPES]
    if missing:
        raise Refused(f"文件中缺少数组 {'、'.join(missing)}", now="须有 pref、key、quota 三个数组")
    if strange:
        raise Refused(
            f"文件中有不认识的内容 {'、'.join(strange)[:80]}", now="只能有 pref、key、quota 三个数组"
        )
    total = sum(entry.file_size for entry in entries.values())
    if total > MOST_BYTES or (total > CALM_BYTES and total > MOST_SWELLING * size):
        raise Refused(
            f"文件展开后有 {total >> 20} MB，是原来的 {total // max(1, size)} 倍，不予展开",
            now="请核对文件来源；确是大批次的，请用不压缩的 numpy.savez 写出",
        )


def _array(name: str, stream: IO[bytes], size: int) -> npt.NDArray[Any]:
    """One array, whose head must promise exactly the type, the dimensions and the bytes that are there."""
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, by_columns, dtype = read(stream)
    wanted, dimensions = TYPES[name]
    if dtype.hasobject:
        raise Refused(f"数组 {name} 里是 Python 对象，不予打开", now=f"请改为 {wanted} 整数数组")
    if dtype != wanted or len(shape) != dimensions:
        raise Refused(
            f"数组 {name} 是 {len(shape)} 维 {dtype}，应为 {dimensions} 维 {wanted}",
            why="不接受小数和缺失值（NaN）" if dtype.kind == "f" else "",
            now="请转换类型后重新写出",
        )
    count = int(np.prod(shape, dtype=object)) if shape else 1
    if count > MOST_SLOTS or stream.tell() + count * wanted.itemsize != size:
        raise Refused(f"数组 {name} 的形状 {shape} 与内容不符", now="文件不完整或已损坏，请重新写出")
    flat: npt.NDArray[Any] = np.empty(count, wanted)
    view, at = flat.view(np.uint8), 0
    while at < len(view):
        # Piece by piece into its place: no second copy of the array.
        piece = stream.read(8 << 20)[: len(view) - at]
        if not piece:
            raise Refused(f"数组 {name} 不完整", now="文件已损坏，请重新写出")
        view[at : at + len(piece)] = np.frombuffer(piece, np.uint8)
        at += len(piece)
    return np.ascontiguousarray(flat.reshape(shape, order="F" if by_columns else "C"))


def _shape(array: npt.NDArray[Any]) -> str:
    return "×".join(map(str, array.shape))


def _repeating(pref: Shorts) -> int:
    """The first person who names a line twice, or −1."""
    beside = np.sort(pref, axis=1)
    twice = ((beside[:, 1:] == beside[:, :-1]) & (beside[:, 1:] >= 0)).any(axis=1)
    return int(np.argmax(twice)) if twice.any() else -1
