"""The instance in a file, for `yangguang match`: an npz file or a published bundle. Nothing in a file is executed."""

from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt

from yangguang.engine.problem import NO_CUTOFF, Ints, Problem, Shorts
from yangguang.engine.quota_table import QuotaTable
from yangguang.rules.base.refusals import Refused
from yangguang.rules.disclosure import replay
from yangguang.rules.runs.matching import Market, ProgrammeState, QuotaState

ARRAYS = {"pref": ("<i4", 2), "key": ("<i8", 2), "quota": ("<i4", 1)}
MOST_BYTES = 16 << 30
# Arrays of a real round shrink to a third or a tenth; a hundredth is an attack.
UNSUSPICIOUS_BYTES, MOST_RATIO = 64 << 20, 100
MOST_CHOICES = (1 << 31) - 1


def read_instance(path: Path) -> Problem | Market:
    """The instance in a file; docs/mechanisms/engine.md describes both formats.

    Args:
        path: an npz file with the arrays pref int32[N, K], key int64[N, K] and quota int32[P], or a published bundle.
    Raises:
        Refused: with the first fault of the file.
    """
    try:
        with ZipFile(path) as packed:
            if "manifest.json" not in packed.namelist():
                return _check_problem(*_read_arrays(packed, path.stat().st_size))
        files = replay.read_bundle(str(path))
        programmes, _ = replay.read_programmes(files["programmes.tsv"].decode())
        return replay.read_market(files["rows.tsv"].decode(), programmes)
    except (Refused, MemoryError):
        raise
    except replay.BadFile as fault:
        raise Refused(str(fault), now="请从网页重新下载") from fault
    except OSError as error:
        raise Refused(f"读不到文件 {path}：{error.strerror or error}", now="请核对文件名和权限") from error
    except Exception as error:  # Hostile bytes make zipfile and numpy raise a dozen kinds of exceptions.
        raise Refused(
            f"{path} 不是完好的 npz 文件，也不是回放包", now="请用 numpy.savez(文件, pref=…, key=…, quota=…) 重新写出"
        ) from error


def _read_arrays(packed: ZipFile, size: int) -> list[npt.NDArray[Any]]:
    entries = {entry.filename.removesuffix(".npy"): entry for entry in packed.infolist()}
    missing, unknown = [n for n in ARRAYS if n not in entries], [n for n in entries if n not in ARRAYS]
    if missing or unknown:
        fault = f"缺少数组 {'、'.join(missing)}" if missing else f"有不认识的内容 {'、'.join(unknown)[:80]}"
        raise Refused(f"文件中{fault}", now="须有且只能有 pref、key、quota 三个数组")
    total = sum(entry.file_size for entry in entries.values())
    if total > MOST_BYTES or (total > UNSUSPICIOUS_BYTES and total > MOST_RATIO * size):
        raise Refused(
            f"文件展开后有 {total >> 20} MB，是原来的 {total // max(1, size)} 倍，不予展开",
            now="请核对文件来源；确是大批次的，请用不压缩的 numpy.savez 写出",
        )
    return [_read_array(packed, entries[name], name) for name in ARRAYS]


def _read_array(packed: ZipFile, entry: ZipInfo, name: str) -> npt.NDArray[Any]:
    with packed.open(entry) as stream:
        array: npt.NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
        if stream.read(1):  # The end of the entry is also where zipfile verifies its checksum.
            raise Refused(f"数组 {name} 的形状 {array.shape} 与内容不符", now="文件不完整或已损坏，请重新写出")
    dtype, dimensions = ARRAYS[name]
    if array.dtype != np.dtype(dtype) or array.ndim != dimensions:
        raise Refused(
            f"数组 {name} 是 {array.ndim} 维 {array.dtype}，应为 {dimensions} 维 {np.dtype(dtype)}",
            why="不接受小数和缺失值（NaN）" if array.dtype.kind == "f" else "",
            now="请转换类型后重新写出",
        )
    return np.ascontiguousarray(array)


def _check_problem(pref: Shorts, key: Ints, quota: Shorts) -> Problem:
    """Check the arrays and build the problem of one quota a programme."""
    persons, choices = pref.shape
    if pref.shape != key.shape or pref.size > MOST_CHOICES:
        shapes = ["×".join(map(str, array.shape)) for array in (pref, key)]
        raise Refused(f"pref 的形状是 {shapes[0]}，key 的形状是 {shapes[1]}", now="两者须相同，志愿总数不超过 2³¹−1")
    if (quota < 0).any():
        wrong = int(np.argmax(quota < 0))
        raise Refused(f"计划行 {wrong} 的名额是 {quota[wrong]}，不能是负数", now="请改正 quota")
    if pref.size and not -1 <= pref.min() <= pref.max() < len(quota):
        person, choice = np.argwhere((pref < -1) | (pref >= len(quota)))[0].tolist()
        raise Refused(
            f"考生 {person} 的第 {choice + 1} 志愿是计划行 {pref[person, choice]}，没有这个计划行",
            now=f"计划行的编号应为 0 至 {len(quota) - 1}，空志愿写 −1",
        )
    beside = np.sort(pref, axis=1)
    twice = (beside[:, 1:] == beside[:, :-1]) & (beside[:, 1:] >= 0)
    if twice.any():
        person, at = np.argwhere(twice)[0].tolist()
        raise Refused(f"考生 {person} 把计划行 {beside[person, at]} 填了两次", now="请删去重复的志愿")
    path, written = pref.reshape(-1), key.reshape(-1)
    shifted = _shift_keys(written, path >= 0)
    if equal := _find_equal_keys(path, shifted, len(quota)):
        one, other = equal
        raise Refused(
            f"计划行 {path[one]} 中考生 {one // choices}、{other // choices} 的 key 相同，"
            f"都是 {written[one]}，排不出先后",
            why="key 在同一计划行内须各不相同",
            now="请先用抽签号分出先后",
        )
    first = np.arange(persons + 1, dtype=np.int64) * choices
    programmes = np.arange(len(quota), dtype=np.int32)
    borders = np.append(programmes, np.int32(len(quota)))
    nowhere, no_ties = np.full(len(quota), -1, np.int32), np.zeros(len(quota), np.bool_)
    return Problem(first, path, shifted, None, borders, programmes, quota, nowhere, no_ties)


def _shift_keys(key: Ints, ranked: npt.NDArray[np.bool_]) -> Ints:
    """The keys as 0 … NO_CUTOFF−1 in the same order, 0 where `ranked` is False; every int64 is a legal key."""
    shifted = np.zeros_like(key)
    if ranked.any():
        limits = np.iinfo(np.int64)
        low, high = (int(key.min(initial=limits.max, where=ranked)), int(key.max(initial=limits.min, where=ranked)))
        if high - low < NO_CUTOFF:
            np.subtract(key, low, out=shifted, where=ranked)
        else:
            shifted[ranked] = np.unique(key[ranked], return_inverse=True)[1]
    return shifted


def _find_equal_keys(programme: Shorts, key: Ints, programmes: int) -> tuple[int, int] | None:
    """Two slots of one programme with the same key, if there are any; −1 is no programme."""
    span = int(key.max(initial=0)) + 1
    if span * programmes < NO_CUTOFF:
        # One number for both needs a single copy, which matters for the ninety million choices of a country.
        both = programme * np.int64(span)
        both += key
        both.sort()
        if not ((both[1:] == both[:-1]) & (both[1:] >= 0)).any():
            return None
    slots = np.flatnonzero(programme >= 0)
    slots = slots[np.lexsort((slots, key[slots], programme[slots]))]
    equal = (np.diff(programme[slots]) == 0) & (np.diff(key[slots]) == 0)
    at = int(np.argmax(equal))
    return (int(slots[at]), int(slots[at + 1])) if equal.any() else None


def market_from_problem(problem: Problem) -> Market:
    """A problem with one quota a programme for the reference, which numbers applicants and choices alike."""
    seats = problem.seats.tolist()
    # Choices that take no part go to a programme without quotas, which rejects everybody.
    market = Market([*(ProgrammeState("", [QuotaState("", own)]) for own in seats), ProgrammeState("", [])])
    quotas, none = frozenset([""]), len(seats)
    columns = problem.path.tolist(), problem.key.tolist()
    choices = [(none if path < 0 else path, key, key, quotas) for path, key in zip(*columns, strict=True)]
    for i, (begin, end) in enumerate(pairwise(problem.first.tolist())):
        market.add_applicant(str(i), choices[begin:end])
    return market


def problem_from_market(market: Market) -> Problem:
    """The problem of a market for the engine, which numbers applicants, choices and quotas alike."""
    table = QuotaTable(market.programmes)
    paths: dict[tuple[int, frozenset[str]], int] = {}
    path = np.array(
        [paths.setdefault(key, len(paths)) for key in zip(market.programme, market.quotas, strict=True)], np.int32
    )
    quotas = [
        [table.numbers[at, quota.code] for quota in market.programmes[at].quotas if quota.code in codes]
        for at, codes in paths
    ]
    sizes = np.array([len(row) for row in quotas], np.int32)
    return Problem(
        np.array(market.first, np.int64),
        np.where(sizes[path] > 0, path, np.int32(-1)) if len(path) else path,
        np.array(market.place, np.int64),
        np.array(market.tie_group, np.int64),
        np.cumsum([0, *sizes], dtype=np.int32),
        np.array([q for row in quotas for q in row], np.int32),
        table.seats,
        table.taker,
        table.ties_wait,
    )


def list_choices(market: Market) -> Shorts:
    """int32[N]; the choice admitted at the moment, from 0, or −1: as `Matching.choice`."""
    found = np.full(len(market.names), -1, np.int32)
    for applicant, (programme, _) in market.admissions().items():
        begin, end = market.first[applicant], market.first[applicant + 1]
        found[applicant] = market.programme[begin:end].index(programme)
    return found
