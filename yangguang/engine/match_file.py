"""The problem in a file, for `yangguang match`: an npz file or a published bundle. Nothing in a file is executed."""

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

from yangguang.engine.problem import Ints, Problem, Shorts
from yangguang.engine.quota_table import QuotaTable
from yangguang.rules.base.refusals import Refused
from yangguang.rules.disclosure import replay
from yangguang.rules.runs.matching import Market

ARRAYS = {"pref": ("<i4", 2), "key": ("<i8", 2), "quota": ("<i4", 1)}
# Arrays of a real round shrink to a third or a tenth; a hundredth is an attack.
MOST_BYTES, UNSUSPICIOUS_BYTES, MOST_RATIO = 16 << 30, 64 << 20, 100


def read_problem(path: Path) -> Problem:
    """The problem in a file; docs/mechanisms/engine.md describes both formats.

    Args:
        path: an npz file with the arrays pref int32[N, K], key int64[N, K] and quota int32[P], or a published bundle.
    Raises:
        Refused: with the first fault of the file.
    """
    try:
        with ZipFile(path) as packed:
            if "manifest.json" not in packed.namelist():
                return _problem_from_arrays(*_read_arrays(packed, path.stat().st_size))
        files = replay.read_bundle(str(path))
        programmes, _ = replay.read_programmes(files["programmes.tsv"].decode())
        return problem_from_market(replay.read_market(files["rows.tsv"].decode(), programmes))
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


def _read_arrays(packed: ZipFile, size: int) -> list[Any]:
    entries = {entry.filename.removesuffix(".npy"): entry for entry in packed.infolist()}
    if entries.keys() != ARRAYS.keys():
        raise Refused(f"文件中有 {'、'.join(entries)[:80]}", now="须有且只能有 pref、key、quota 三个数组")
    total = sum(entry.file_size for entry in entries.values())
    if total > min(MOST_BYTES, max(UNSUSPICIOUS_BYTES, MOST_RATIO * size)):
        now = "请核对文件来源；确是大批次的，请用不压缩的 numpy.savez 写出"
        raise Refused(f"文件展开后有 {total >> 20} MB，不予展开", now=now)
    arrays = []
    for name, (dtype, dimensions) in ARRAYS.items():
        with packed.open(entries[name]) as stream:
            array = np.lib.format.read_array(stream, allow_pickle=False)
            if stream.read(1):  # The end of the entry is also where zipfile verifies its checksum.
                raise ValueError("more bytes than the header of the array announces")
        if array.dtype != np.dtype(dtype) or array.ndim != dimensions:
            expected = f"应为 {dimensions} 维 {np.dtype(dtype)}"
            raise Refused(f"数组 {name} 是 {array.ndim} 维 {array.dtype}，{expected}", now="请转换类型后重新写出")
        arrays.append(np.ascontiguousarray(array))
    return arrays


def _problem_from_arrays(pref: Shorts, key: Ints, quota: Shorts) -> Problem:
    """Check the arrays and build the problem of one quota a programme."""
    programmes, path = len(quota), pref.reshape(-1)
    if pref.shape != key.shape or pref.size >= 1 << 31:
        raise Refused(f"pref 的形状是 {pref.shape}，key 的形状是 {key.shape}", now="两者须相同，志愿总数不超过 2³¹−1")
    if (quota < 0).any():
        wrong = int(np.argmax(quota < 0))
        raise Refused(f"计划行 {wrong} 的名额是 {quota[wrong]}，不能是负数", now="请改正 quota")
    if len(unknown := np.argwhere((pref < -1) | (pref >= programmes))):
        person, choice = unknown[0].tolist()
        named = f"考生 {person} 的第 {choice + 1} 志愿是计划行 {pref[person, choice]}，没有这个计划行"
        raise Refused(named, now=f"计划行的编号应为 0 至 {programmes - 1}，空志愿写 −1")
    beside = np.sort(pref, axis=1)
    if len(twice := np.argwhere((beside[:, 1:] == beside[:, :-1]) & (beside[:, 1:] >= 0))):
        person, choice = twice[0].tolist()
        raise Refused(f"考生 {person} 把计划行 {beside[person, choice]} 填了两次", now="请删去重复的志愿")
    first = np.arange(len(pref) + 1, dtype=np.int64) * pref.shape[1]
    borders, none = np.arange(programmes + 1, dtype=np.int32), np.full(programmes, -1, np.int32)
    places = _number_keys(path, key.reshape(-1), pref.shape[1])
    return Problem(first, path, places, None, borders, borders[:-1], quota, none, np.zeros(programmes, np.bool_))


def _number_keys(programme: Shorts, key: Ints, choices: int) -> Ints:
    """Numbers from 0 in the order of programme and key, 0 for a choice left empty; every int64 is a legal key."""
    slots = np.flatnonzero(programme >= 0)
    slots = slots[np.lexsort((key[slots], programme[slots]))]
    equal = (np.diff(programme[slots]) == 0) & (np.diff(key[slots]) == 0)
    if equal.any():
        slot, following = slots[int(np.argmax(equal)) :][:2].tolist()
        raise Refused(
            f"计划行 {programme[slot]} 中考生 {slot // choices}、{following // choices} 的 key 相同，"
            f"都是 {key[slot]}，排不出先后",
            why="key 在同一计划行内须各不相同",
            now="请先用抽签号分出先后",
        )
    numbers = np.zeros_like(key)
    numbers[slots] = np.arange(len(slots))
    return numbers


def problem_from_market(market: Market) -> Problem:
    """The problem of a market for the engine, which numbers applicants, choices and quotas alike."""
    table = QuotaTable(market.programmes)
    paths: dict[tuple[int, frozenset[str]], int] = {}
    keys = zip(market.programme, market.quotas, strict=True)
    path = np.array([paths.setdefault(key, len(paths)) for key in keys], np.int32)
    quotas = [
        [table.numbers[at, quota.code] for quota in market.programmes[at].quotas if quota.code in codes]
        for at, codes in paths
    ]
    sizes = np.array([len(row) for row in quotas], np.int32)
    return Problem(
        first=np.array(market.first, np.int64),
        path=np.where(sizes[path] > 0, path, np.int32(-1)) if len(path) else path,
        key=np.array(market.place, np.int64),
        group=np.array(market.tie_group, np.int64),
        path_first=np.cumsum([0, *sizes], dtype=np.int32),
        path_quotas=np.array([q for row in quotas for q in row], np.int32),
        seats=table.seats,
        taker=table.taker,
        ties_wait=table.ties_wait,
    )
