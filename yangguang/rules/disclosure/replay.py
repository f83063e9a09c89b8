#!/usr/bin/env python3
"""录取回放: computes a published list again from its public bundle; one file, standard library only. (N1)

    python3 replay.py 回放包.zip [网页上这个文件的 SHA-256] [--find 匿名号]

It imports nothing of the platform and runs on any Python from 3.8, so that whoever does not trust the platform can
read it, or write another one: docs/mechanisms/replay.md describes the files. Without the SHA-256 it only says that a
file agrees with itself, as a forged one may. Exit code 0: all agrees; 1: something does not, or nobody has that id;
2: nothing was checked. This is deferred acceptance (Gale–Shapley 1962) in rounds: who has no place asks at the next
choice; each line keeps the best of whom it holds and who asks, and turns others away for good; until nobody asks.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import struct
import sys
import zlib
from array import array
from collections import Counter, defaultdict
from typing import Any, Callable, Dict, Iterable, Iterator, NamedTuple, Tuple  # noqa: UP035  Python 3.8 knows these
from zipfile import BadZipFile, ZipFile

Seats = Dict[int, Tuple[int, str]]  # noqa: UP006  row to (number of the line, code of the bucket)
FORMAT = "yangguang-replay 1"
CODE, COUNT, ID = r"[\w·][\w.·-]{0,59}", "[0-9]{1,9}", "[0-9a-f]{16}"
CHOICE = f"{CODE}:{COUNT}(?:/{COUNT})?"
ROWS = {  # What a row may look like, to the last letter: codes are printed on somebody's screen.
    "lines.tsv": f"{CODE}\t(-|{COUNT})\t{CODE}\t{COUNT}\t(at_least|exactly|at_most)\t{COUNT}\t(-|{CODE})"
    f"\t(lottery|all_wait)\t(shown|masked)|{CODE}\t-\t-\t0\t-\t0\t-\t-\t(held_back|left_out)",
    "rows.tsv": f"{ID}\t{CODE}(,{CODE})*\t{CHOICE}( {CHOICE})*",
    "list.tsv": f"{ID}\t({CODE}\t{CODE}|-\t-)",
}
MOST_BYTES, MOST_SHOWN, NOBODY = 2**28, 20, 2**62


class Bad(Exception):
    """What was given cannot be checked; the text is the sentence to print."""


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
            bucket.seats, excess = bucket.seats - struck, excess - struck

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
            kinds, away = self.kinds.__getitem__, []
            for line, queue in sorted(queues.items()):
                away += [(claim.row, line) for claim in self.lines[line].consider(queue, kinds)]
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
    """The files of a bundle by name, none larger than its limit, and the whole under ""."""
    try:
        with open(path, "rb") as file:
            found = {"": file.read(MOST_BYTES)}
        with ZipFile(io.BytesIO(found[""])) as packed:
            if sorted(packed.namelist()) != sorted(["manifest.json", *ROWS, "README.txt"]):
                raise Bad("压缩包里应当正好有 manifest.json、三个表和 README.txt")
            for part in packed.infolist():
                if part.file_size > MOST_BYTES or part.compress_type not in (0, 8):
                    raise Bad(f"{part.filename} 太大，或压缩方式不常见，不是正常的回放包")
                found[part.filename] = packed.open(part).read(MOST_BYTES)
    except (BadZipFile, EOFError, OSError, OverflowError, RuntimeError, ValueError, struct.error, zlib.error):
        raise Bad(f"打不开 {path}，或者它不是完整的 zip 压缩包：请核对文件名，或重新下载") from None
    return found


def read_manifest(data: bytes) -> Any:
    """The manifest; its digests and numbers are looked at when the tables are known."""
    try:
        said: Any = json.loads(data.decode())
        texts = [said["format"], said["round"]["name"], said["run"]["program"], said["lottery"]["seed"]]
        parts = [said[name] for name in ("lottery", "sha256", "sm3", "numbers")]
        numbers = [said["round"]["max_choices"]]
        if [{type(one) for one in kind} for kind in (texts, parts, numbers)] != [{str}, {dict}, {int}]:
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Bad("manifest.json 读不懂，文件可能已损坏或被改动") from None
    if said["format"] != FORMAT:
        raise Bad(f"这是另一种格式的文件，本程序只认识“{FORMAT}”")
    return said


def read_lines(text: str) -> tuple[list[Line], dict[str, str]]:
    """The lines to replay, and the state of every line of the file by its code."""
    known: dict[str, tuple[str, str, list[Bucket]]] = {}
    for where, (code, cap, kind, seats, _, order, flows, tie, state) in _table("lines.tsv", text):
        own = known.setdefault(code, (cap, state, []))
        if own[:2] != (cap, state):
            raise Bad(f"{where}与同一专业的另一行不一致")
        if state in ("shown", "masked"):
            to = "" if flows == "-" else flows
            own[2].append(Bucket(kind, int(seats), int(order), to, tie == "all_wait"))
    for code, (_, _, buckets) in known.items():
        at_of = {b.code: b.priority for b in buckets}
        alone = len(at_of) == len(set(at_of.values())) == len(buckets)
        if not alone or any(b.flows_to and at_of.get(b.flows_to, -1) <= b.priority for b in buckets):
            raise Bad(f"lines.tsv 里专业 {code} 的名额类别互相矛盾")
    lines = [Line(c, b, None if cap == "-" else int(cap)) for c, (cap, _, b) in sorted(known.items()) if b]
    return lines, {code: state for code, (_, state, _) in known.items()}


def read_rows(text: str, lines: list[Line]) -> Market:
    """The rows with their choices; two rows never have one id or, where a lottery decides, one place."""
    market, known = Market(lines), {b.code for line in lines for b in line.buckets}
    drawn, places = [not all(b.all_wait for b in line.buckets) for line in lines], set()
    for where, (name, kinds, choices) in _table("rows.tsv", text):
        found: dict[str, tuple[str, int, int]] = {}
        for choice in choices.split(" "):
            code, _, said = choice.partition(":")
            own, _, shared = said.partition("/")
            place, group, number = int(own), int(shared or own), market.number.get(code, -1)
            spot = number << 32 | place
            if number < 0 or not 0 < group <= place or code in found or (drawn[number] and spot in places):
                raise Bad(f"{where}：专业不存在，填了两次，或两个人同一位次")
            found[code] = (code, place, group)
            places.add(spot)
        if [name] <= market.ids[-1:] or not known.issuperset(kinds.split(",")):
            raise Bad(f"{where}的匿名号没有从小到大，或有不认识的名额类别")
        market.add(name, kinds, found.values())
    return market


def read_list(text: str, market: Market) -> Seats:
    """The published list; it names the same rows in the same order."""
    if re.findall(f"^{ID}", text, re.M) != market.ids:
        raise Bad("list.tsv 和 rows.tsv 里的人不同：应当是同样的匿名号、同样的顺序")
    found, seats = {}, {(n, b.code) for n, line in enumerate(market.lines) for b in line.buckets}
    for row, (where, (_, code, kind)) in enumerate(_table("list.tsv", text)):
        if code != "-":
            found[row] = market.number.get(code, -1), kind
            if found[row] not in seats:
                raise Bad(f"{where}的专业或名额类别不在 lines.tsv 里")
    return found


def _table(name: str, text: str) -> Iterator[tuple[str, list[str]]]:
    """The rows under the heading, each with the words for where it stands, numbered as an editor numbers them."""
    _, *rows = text.split("\n")
    if not rows or rows.pop():
        raise Bad(f"{name} 的最后一行不完整")
    for at, row in enumerate(rows, 2):
        if not re.fullmatch(ROWS[name], row):
            raise Bad(f"{name} 第 {at} 行读不懂，或有不认识的词")
        yield f"{name} 第 {at} 行", row.split("\t")


def unlike(said: dict[str, Any], own: dict[str, Any]) -> list[str]:
    """Sentences about what the manifest tells otherwise than `own`, which was found in the tables."""
    names = [name for name in {**said, **own} if said.get(name) != own.get(name)]
    return [f"{name}：清单写 {said.get(name, '无')!s:.80}，实为 {own.get(name, '无')}" for name in names]


def wrong_numbers(said: Any, states: dict[str, str], market: Market, given: Seats) -> list[str]:
    """Sentences about numbers of the manifest that the tables do not bear out."""
    of, most = Counter(states.values()), said["round"]["max_choices"]
    held_back = sorted(code for code, state in states.items() if state == "held_back")
    own = {"lines": len(states), "masked": of["masked"], "left_out": of["left_out"] + of["held_back"]}
    own.update(rows=len(market.ids), seated=len(given))
    says = unlike({**said["numbers"], "held_back": said.get("held_back")}, {**own, "held_back": held_back})
    ends = zip(market.first, market.first[1:])  # noqa: B905
    return says + [f"一行的志愿多于清单写的 {most} 个" for i, j in ends if j - i > most]


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


def check(path: str, published: str = "", find: str = "") -> int:
    """Do it all and say it; `published` is the digest of the whole file on the page. Returns the exit code."""
    files, good = read_bundle(path), [True]
    said = read_manifest(files["manifest.json"])
    _say(f"批次：{said['round']['name']}　　计算程序：{said['run']['program']}")
    whole, *tables = (hashlib.sha256(files[name]).hexdigest() for name in ("", *ROWS))
    _say(f"第一步　核对文件。整个文件的 SHA-256：{whole}")
    if published:
        _mark(good, "文件的 SHA-256 就是公布的摘要", [f"您给出的是 {published}"] * (published != whole))
    seed = said["lottery"]["seed"]
    own = {"seed": seed, "commitment": sm3(bytes.fromhex(seed)) if re.fullmatch("[0-9a-f]{64}", seed) else ""}
    _mark(good, "抽签种子的 SM3 摘要是事先公布的承诺", unlike(said["lottery"], own))
    _mark(good, "三个表的 SHA-256 与清单一致", unlike(said["sha256"], dict(zip(ROWS, tables))))  # noqa: B905
    _mark(good, "名单的 SM3 与清单一致", unlike(said["sm3"], {"list.tsv": sm3(files["list.tsv"])}))
    lines, states = read_lines(files["lines.tsv"].decode())
    market = read_rows(files["rows.tsv"].decode(), lines)
    given = read_list(files["list.tsv"].decode(), market)
    if not market.ids:
        raise Bad("里面一行志愿也没有，没有可以重算的名单")
    _mark(good, "清单里的数与三个表一致", wrong_numbers(said, states, market, given))
    _say(f"第二步　重新计算：{len(states):,} 个专业，{len(states) - len(lines):,} 个专业不在回放之内。")
    turns, mine = sum(1 for _ in market.rounds()), market.seated()
    differ = [f"{name} 的结果不同" for row, name in enumerate(market.ids) if mine.get(row) != given.get(row)]
    _mark(good, f"{turns:,} 轮后没有人再移动，{len(given):,} 行录取，与公布的名单逐行相同", differ)
    _say("第三步　不管怎么算的，再看公布的名单本身。")
    _mark(good, "没有越过位次更靠前的人，名额没有空着不用，也没有超过", broken_promises(market, given))
    if find:
        rows = [row for row, name in enumerate(market.ids) if name == find]
        _mark(good, f"名单里有匿名号 {find}", ["没有这个匿名号，请核对它和批次"] * (not rows))
        for i in range(*market.first[rows[0] : rows[0] + 2]) if rows else ():
            got = "" if given.get(rows[0], (-1, ""))[0] == market.line[i] else "没有"
            _say(f"　　　{lines[market.line[i]].code}　第 {market.place[i]:,} 位　{got}录取")
    if not all(good):
        _say("结论：不一致，或没有找到，见上面的 ✗。")
    elif published:
        _say("结论：一致。文件是您给出摘要的那一份，您自己的电脑算出了同一份名单。")
    else:
        _say("结论：重算一致，但没有与公布的摘要对照，不知道这个文件是不是公布的那一份。")
        _say(f"　　　请从网页复制这个文件的 SHA-256，再运行：python3 replay.py {path} 复制的SHA-256")
    return 0 if all(good) else 1


def _mark(good: list[bool], text: str, wrong: list[str]) -> None:
    """One thing that was looked at, and what is wrong with it."""
    for sentence in wrong[:MOST_SHOWN]:
        _say(f"　　　✗ {sentence}")
    _say(f"　　　✗ 不成立： {text}（{len(wrong):,} 处不对）" if wrong else f"　　　✓ {text}")
    good.append(not wrong)


def _say(text: str) -> None:
    """Nothing out of a file may move the cursor or change colours: only what can be printed is shown."""
    print("".join(letter if letter.isprintable() or letter == "　" else " " for letter in text), flush=True)


def main(argv: list[str]) -> int:
    """The command line; see the top of the file."""
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8", "replace", write_through=True)
    try:
        asked = re.fullmatch(f"([0-9a-f]{{64}})? ?(?:--find ({ID}))?", " ".join(argv[1:]).strip().lower())
        if not argv or not asked:
            raise Bad("用法是 python3 replay.py 回放包.zip [64 位 SHA-256] [--find 16 位匿名号]，请完整复制")
        return check(argv[0], asked[1] or "", asked[2] or "")
    except (Bad, MemoryError, UnicodeDecodeError, RecursionError, KeyboardInterrupt) as reason:
        _say(f"没有核对成：{reason if isinstance(reason, Bad) else '中途停了，内存不够，或有读不懂的字'}")
    except BrokenPipeError:
        pass  # Whoever read along has gone.
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
