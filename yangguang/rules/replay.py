#!/usr/bin/env python3
"""录取回放: computes a published list again from its public bundle; one file, standard library only. (N1)

    python3 replay.py 回放包.zip [--find 匿名号]

It imports nothing of the platform and runs on any Python from 3.8, so that whoever does not trust the platform can
read it, or write another one: docs/mechanisms/replay.md describes the files. Exit code 0: everything agrees; 1:
something does not; 2: no bundle. The procedure is deferred acceptance (Gale–Shapley 1962) in rounds: everybody
without a place asks at the next choice; each line keeps the best of whom it holds and who asks, and turns the others
away; until nobody asks. Who is turned away stays turned away, so a line only remembers how many there were.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import sys
import zipfile
import zlib
from array import array
from collections import defaultdict
from typing import Any, Callable, Dict, Iterable, Iterator, NamedTuple, Tuple  # noqa: UP035  Python 3.8 knows these

Seats = Dict[int, Tuple[int, str]]  # noqa: UP006  row to (number of the line, code of the bucket)
FORMAT = "yangguang-replay 1"
TABLES = ("lines.tsv", "rows.tsv", "list.tsv")
FILES = ("manifest.json", *TABLES, "README.txt")
MOST_BYTES, MOST_SHOWN, NOBODY = 2**28, 20, 2**62
CODE = re.compile(r"[\w.·-]{1,60}")  # Codes are printed on somebody's screen.
ID = re.compile(r"[0-9a-f]{16}")


class Bad(Exception):
    """What was given is no bundle; the text is the sentence to print."""


class Claim(NamedTuple):
    """One row asking at one line; the smaller place is the better one, equal scores share a group."""

    place: int
    group: int
    row: int


class Bucket:
    """Seats of one kind within a line. `gone` counts who wanted in and was turned away by the line for good; `cut` is
    the best tied group that did not fit."""

    def __init__(self, code: str, seats: int, priority: int, flows_to: str, all_wait: bool) -> None:
        self.code, self.seats, self.priority = code, seats, priority
        self.flows_to, self.all_wait = flows_to, all_wait
        self.gone, self.cut = 0, NOBODY
        self.held: list[Claim] = []

    def keep(self, claims: list[Claim], room: int) -> list[Claim]:
        """The best who fit, out of `claims` from best to worst; equals that do not fit together all wait."""
        if not self.all_wait:
            return claims[:room]
        if len(claims) > room:
            self.cut = min(self.cut, claims[room].group)
        return [claim for claim in claims[:room] if claim.group < self.cut]


class Line:
    """One plan line with its buckets in the order in which they are filled."""

    def __init__(self, code: str, buckets: Iterable[Bucket], cap: int | None = None) -> None:
        self.code = code
        self.buckets = sorted(buckets, key=lambda bucket: bucket.priority)
        # A cap strikes seats from the bucket filled last, then from the one before it.
        excess = 0 if cap is None else max(0, sum(b.seats for b in self.buckets) - cap)
        for bucket in reversed(self.buckets):
            struck = min(excess, bucket.seats)
            bucket.seats -= struck
            excess -= struck

    def consider(self, asking: list[Claim], kinds: Callable[[int], frozenset[str]]) -> list[Claim]:
        """Look at whom the line holds and who asks; returns whom it turns away. `kinds`: row to its kinds of seats."""
        left = sorted(asking + [claim for bucket in self.buckets for claim in bucket.held])
        lent: dict[str, int] = {}
        for bucket in self.buckets:
            here = [claim for claim in left if bucket.code in kinds(claim.row)]
            bucket.held = bucket.keep(here, bucket.seats + lent.get(bucket.code, 0))
            # Seats that nobody has come for so far are lent to the bucket they flow to.
            unused = max(0, bucket.seats - bucket.gone - len(here)) if bucket.flows_to else 0
            lent[bucket.flows_to] = lent.get(bucket.flows_to, 0) + unused
            stays = {claim.row for claim in bucket.held}
            left = [claim for claim in left if claim.row not in stays]
        for bucket in self.buckets if left else ():
            bucket.gone += sum(bucket.code in kinds(claim.row) for claim in left) if bucket.flows_to else 0
        return left


class Market:
    """All lines and rows. The choices of all rows lie in flat columns; row i owns first[i] up to first[i + 1]."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines, self.number = lines, {line.code: i for i, line in enumerate(lines)}
        self.ids: list[str] = []
        self.kinds: list[frozenset[str]] = []
        self.first, self.line = array("q", [0]), array("i")
        self.place, self.group = array("i"), array("i")
        self._known: dict[str, frozenset[str]] = {}

    def add(self, name: str, kinds: str, choices: Iterable[tuple[str, int, int]]) -> None:
        """One row: its id, the kinds of seats open to it ("a,b"), its choices as (line code, place, group)."""
        self.ids.append(name)
        self.kinds.append(self._known.setdefault(kinds, frozenset(kinds.split(","))))
        for code, place, group in choices:
            self.line.append(self.number[code])
            self.place.append(place)
            self.group.append(group)
        self.first.append(len(self.line))

    def rounds(self) -> Iterator[tuple[list[tuple[int, int]], list[tuple[int, int]]]]:
        """Play; each round is (who asked where, who was turned away from where), as (row, line) by their numbers."""
        at = array("q", self.first[:-1])
        asking = [row for row in range(len(self.ids)) if at[row] < self.first[row + 1]]
        while asking:
            queues: dict[int, list[Claim]] = defaultdict(list)
            for row in asking:
                queues[self.line[at[row]]].append(Claim(self.place[at[row]], self.group[at[row]], row))
            asked = [(row, self.line[at[row]]) for row in asking]
            away = [
                (claim.row, line)
                for line, queue in sorted(queues.items())
                for claim in self.lines[line].consider(queue, self.kinds.__getitem__)
            ]
            for row, _ in away:
                at[row] += 1
            yield asked, away
            asking = [row for row, _ in away if at[row] < self.first[row + 1]]

    def ways(self, row: int) -> Iterator[tuple[tuple[int, str], int]]:
        """Every bucket in which a row may sit, the most wanted first, with the place that counts there."""
        for i in range(self.first[row], self.first[row + 1]):
            for bucket in self.lines[self.line[i]].buckets:
                if bucket.code in self.kinds[row]:
                    yield (self.line[i], bucket.code), self.group[i] if bucket.all_wait else self.place[i]

    def seated(self) -> Seats:
        """Row to (line, bucket code), as the lines stand now."""
        held = ((n, b.code, c.row) for n, line in enumerate(self.lines) for b in line.buckets for c in b.held)
        return {row: (number, code) for number, code, row in held}


def broken_promises(market: Market, given: Seats) -> list[str]:
    """Sentences about what is wrong with a list, however it was computed: it looks at the result alone."""
    says: list[str] = []
    places: dict[tuple[int, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for row, name in enumerate(market.ids):
        seat, ways = given.get(row), list(market.ways(row))
        if seat is not None and seat not in [way for way, _ in ways]:
            says.append(f"{name} 被录取到了自己没有填报、或没有资格的专业")
            continue
        for way, key in ways:
            places[way][way != seat].append(key)
            if way == seat:
                break
    for number, line in enumerate(market.lines):
        says += _of_line(line, [places[number, b.code] for b in line.buckets])
    return says


def _of_line(line: Line, keys: list[tuple[list[int], list[int]]]) -> Iterator[str]:
    """What is wrong at one line; for each bucket the places of who sits there and of who would rather sit there."""
    seats = {b.code: b.seats for b in line.buckets}
    for b, (sit, wait) in zip(line.buckets, keys):  # noqa: B905
        unused = max(0, b.seats - len(sit) - len(wait)) if b.flows_to else 0
        seats[b.code] -= unused
        seats[b.flows_to or b.code] += unused
    for b, (sit, wait) in zip(line.buckets, keys):  # noqa: B905
        free, best, worst = seats[b.code] - len(sit), min(wait, default=NOBODY), max(sit, default=0)
        if free < 0:
            yield f"{line.code}（{b.code}）有 {seats[b.code]} 个名额，却录取了 {len(sit)} 人"
        if best < worst or (b.all_wait and best == worst):
            yield f"{line.code}（{b.code}）第 {best} 位没有录取，更靠后（或同分）的第 {worst} 位却录取了"
        if free > 0 and wait and not (b.all_wait and wait.count(best) > free):
            yield f"{line.code}（{b.code}）还空着 {free} 个名额，却有符合条件的人落选"


def read_bundle(path: str) -> dict[str, bytes]:
    """The files of a bundle by name, none larger than its limit, and the digest of the whole under ""."""
    try:
        with open(path, "rb") as file:
            found = {"": hashlib.sha256(file.read(MOST_BYTES)).hexdigest().encode()}
        with zipfile.ZipFile(path) as packed:
            if sorted(packed.namelist()) != sorted(FILES):
                raise Bad(f"压缩包里应当正好有 {'、'.join(FILES)}")
            for part in packed.infolist():
                if part.file_size > MOST_BYTES or part.compress_type not in (0, 8):
                    raise Bad(f"{part.filename} 太大，或压缩方式不常见，不是正常的回放包")
                found[part.filename] = packed.open(part).read(MOST_BYTES)
    except OSError as error:
        raise Bad(f"打不开文件（{error.strerror or '读取出错'}）") from None
    except (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, ValueError):
        raise Bad("文件不是完整的 zip 压缩包，请重新下载") from None
    return found


def read_facts(data: bytes) -> list[str]:
    """Format, round, program, seed, commitment, and the digests of the three tables."""
    try:
        found: Any = json.loads(data.decode())
        facts = [found["format"], found["round"]["name"], found["run"]["program"]]
        facts += [found["lottery"]["seed"], found["lottery"]["commitment"]]
        facts += [found["sha256"][name] for name in TABLES]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Bad("manifest.json 读不懂，文件可能已损坏或被改动") from None
    if not all(isinstance(text, str) for text in facts) or facts[0] != FORMAT:
        raise Bad(f"这是另一种格式的文件，本程序只认识“{FORMAT}”")
    return facts


def read_lines(text: str) -> tuple[list[Line], int]:
    """The lines, and how many stand in the file but are left out of the replay."""
    found: dict[str, list[Bucket]] = {}
    caps: dict[str, int | None] = {}
    left_out = set()
    for at, (code, cap, kind, seats, _, order, flows, tie, state) in _table(TABLES[0], text, 9):
        if not CODE.fullmatch(code) or not CODE.fullmatch(kind):
            raise Bad(f"lines.tsv 第 {at} 行有误")
        if state in ("shown", "masked"):
            bucket = Bucket(kind, _count(seats), _count(order), flows.strip("-"), tie == "all_wait")
            found.setdefault(code, []).append(bucket)
            caps[code] = None if cap == "-" else _count(cap)
        else:
            left_out.add(code)
    for code, buckets in found.items():
        at_of = {b.code: b.priority for b in buckets}
        alone = len(at_of) == len(set(at_of.values())) == len(buckets)
        if not alone or any(b.flows_to and at_of.get(b.flows_to, -1) <= b.priority for b in buckets):
            raise Bad(f"lines.tsv 里专业 {code} 的名额类别互相矛盾")
    return [Line(code, buckets, caps[code]) for code, buckets in sorted(found.items())], len(left_out)


def read_rows(text: str, lines: list[Line]) -> Market:
    """The rows with their choices; two rows never have one id or, where a lottery decides, one place."""
    market, before = Market(lines), ""
    drawn, places = [not all(b.all_wait for b in line.buckets) for line in lines], set()
    for at, (name, kinds, choices) in _table(TABLES[1], text, 3):
        found: dict[str, tuple[str, int, int]] = {}
        for choice in choices.split(" "):
            code, _, said = choice.partition(":")
            own, _, shared = said.partition("/")
            place, number = _count(own), market.number.get(code, -1)
            group, spot = _count(shared) if shared else place, number << 32 | place
            if number < 0 or not 0 < group <= place or code in found or (drawn[number] and spot in places):
                raise Bad(f"rows.tsv 第 {at} 行：专业不存在，填了两次，或两个人同一位次")
            found[code] = (code, place, group)
            places.add(spot)
        if not ID.fullmatch(name) or name <= before:
            raise Bad(f"rows.tsv 第 {at} 行的匿名号有误：应为 16 位，从小到大，不重复")
        before = name
        market.add(name, kinds, found.values())
    return market


def read_list(text: str, market: Market) -> Seats:
    """The published list; it names the same rows in the same order."""
    found, names = {}, iter(market.ids)
    seats = {(n, b.code) for n, line in enumerate(market.lines) for b in line.buckets}
    for at, (name, code, kind) in _table(TABLES[2], text, 3):
        seat = (market.number.get(code, -1), kind)
        if name != next(names, "") or (code != "-" and seat not in seats):
            raise Bad(f"list.tsv 第 {at} 行与 rows.tsv 或 lines.tsv 对不上")
        if code != "-":
            found[at - 2] = seat
    if next(names, ""):
        raise Bad("list.tsv 比 rows.tsv 少了人")
    return found


def spell_list(market: Market, seats: Seats) -> list[str]:
    """The rows of list.tsv for these seats."""
    codes = [*(line.code for line in market.lines), "-"]
    of_row = (seats.get(row, (-1, "-")) for row in range(len(market.ids)))
    return [f"{name}\t{codes[line]}\t{kind}" for name, (line, kind) in zip(market.ids, of_row)]  # noqa: B905


def _table(name: str, text: str, width: int) -> Iterator[tuple[int, list[str]]]:
    """The rows under the heading, numbered as an editor numbers them."""
    rows = text.split("\n")
    for at, row in enumerate(rows[1:-1], 2):
        cells = row.split("\t")
        if len(cells) != width:
            raise Bad(f"{name} 第 {at} 行应有 {width} 栏，实有 {len(cells)} 栏")
        yield at, cells
    if rows[-1]:
        raise Bad(f"{name} 的最后一行不完整")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Bad("有一个数读不懂")
    return int(text)


def sm3(data: bytes) -> str:
    """SM3 in hex (GB/T 32905-2016): by the Python at hand where it knows it, otherwise as written out below."""
    try:
        return hashlib.new("sm3", data).hexdigest()
    except ValueError:
        pass

    def turn(word: int, by: int) -> int:
        return ((word << by % 32) | (word >> (32 - by % 32))) & 0xFFFFFFFF

    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + struct.pack(">Q", len(data) * 8)
    for start in range(0, len(padded), 64):
        w = list(struct.unpack(">16I", padded[start : start + 64]))
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ turn(w[j - 3], 15)
            w.append(x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            ss = turn((turn(a, 12) + e + turn(0x79CC4519 if j < 16 else 0x7A879D8A, j)) & 0xFFFFFFFF, 7)
            ff, gg = (a ^ b ^ c, e ^ f ^ g) if j < 16 else ((a & b) | (a & c) | (b & c), (e & f) | (~e & g))
            up = (ff + d + (ss ^ turn(a, 12)) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            low = (gg + h + ss + w[j]) & 0xFFFFFFFF
            a, b, c, d = up, a, turn(b, 9), c
            e, f, g, h = low ^ turn(low, 9) ^ turn(low, 17), e, turn(f, 19), g
        v = [old ^ new for old, new in zip(v, (a, b, c, d, e, f, g, h))]  # noqa: B905
    return struct.pack(">8I", *v).hex()


def check(path: str, find: str = "") -> int:
    """Do it all and say it; returns the exit code."""
    files = read_bundle(path)
    _, name, program, seed, commitment, *digests = read_facts(files["manifest.json"])
    _say(f"批次：{name}　　计算程序：{program}")
    _say(f"第一步　核对文件。整个文件的 SHA-256：{files[''].decode()}，请与网页上的对照。")
    opened = sm3(bytes.fromhex(seed)) if re.fullmatch("[0-9a-f]{64}", seed) else "（不是 64 位十六进制数）"
    good = [_mark(opened == commitment, f"抽签种子的 SM3 摘要是事先公布的承诺：{opened}")]
    for table, digest in zip(TABLES, digests):  # noqa: B905
        own = hashlib.sha256(files[table]).hexdigest()
        good.append(_mark(own == digest, f"{table} 的摘要与清单一致：{own}"))
    lines, left_out = read_lines(files.pop(TABLES[0]).decode())
    market = read_rows(files.pop(TABLES[1]).decode(), lines)
    given = read_list(files.pop(TABLES[2]).decode(), market)
    _say(
        f"第二步　重新计算：{len(lines):,} 个专业，{len(market.ids):,} 行；{left_out:,} 个专业不在回放之内。"
    )
    for number, (asked, away) in enumerate(market.rounds(), 1):
        if number <= 3:
            _say(f"　　　第 {number} 轮：{len(asked):,} 人次排队，{len(away):,} 人次没有留下。")
    mine, said = spell_list(market, market.seated()), spell_list(market, given)
    differ = [f"算得 {a}，公布 {b}" for a, b in zip(mine, said) if a != b]  # noqa: B905
    good.append(_all_good(differ, f"没有人再移动，{len(given):,} 行录取，与公布的名单逐行相同"))
    own = hashlib.sha256("\n".join(["id\tline\tbucket", *mine, ""]).encode()).hexdigest()
    good.append(_mark(own == digests[2], f"重算名单的摘要是公布名单的摘要：{own}"))
    _say("第三步　不管怎么算的，再看公布的名单本身。")
    right = "没有位次更靠前的人被越过，名额没有空着不用，也没有超过"
    good.append(_all_good(broken_promises(market, given), right))
    if find:
        row = market.ids.index(find) if find in market.ids else len(market.ids)
        _say(f"匿名号 {find}：" if row < len(market.ids) else f"名单里没有匿名号 {find}。")
        for i in range(*market.first[row : row + 2]) if row < len(market.ids) else ():
            got = "录取" if given.get(row, (-1, ""))[0] == market.line[i] else "没有录取"
            _say(f"　　　{lines[market.line[i]].code}　第 {market.place[i]:,} 位　{got}")
    _say("结论：一致。您自己的电脑算出了同一份名单。" if all(good) else "结论：不一致，见上面的 ✗。")
    return 0 if all(good) else 1


def _mark(good: bool, text: str) -> bool:
    _say(f"　　　{'✓' if good else '✗ 不成立：'} {text}")
    return good


def _all_good(wrong: list[str], right: str) -> bool:
    for sentence in wrong[:MOST_SHOWN]:
        _say(f"　　　✗ {sentence}")
    return _mark(not wrong, right + (f"（{len(wrong):,} 处不对）" if wrong else ""))


def _say(text: str) -> None:
    """Nothing out of a file may move the cursor or change colours: only what can be printed is shown."""
    print("".join(letter if letter.isprintable() or letter == "　" else " " for letter in text), flush=True)


def main(argv: list[str]) -> int:
    """The command line; see the top of the file."""
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    try:
        if len(argv) not in (1, 3) or (len(argv) == 3 and argv[1] != "--find"):
            raise Bad("用法是 python3 replay.py 回放包.zip [--find 匿名号]")
        return check(argv[0], argv[2].strip().lower() if len(argv) == 3 else "")
    except (Bad, MemoryError, UnicodeDecodeError) as reason:
        _say(f"读不了这个回放包：{reason if isinstance(reason, Bad) else '内存不够，或文件里有读不懂的字'}")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
