"""录取回放: compute a published list again from its public bundle.

    python3 replay.py 回放包.zip [网页上这个文件的 SHA-256] [--find 匿名号]

The file that the public downloads is `rules.runs.matching`, `rules.audit.sm3`, the published words of a bundle
(`rules.disclosure.bundle_format`) and this module one after another, unchanged but for the imports between them
(`queries.disclosure.replay_script`). It needs Python 3.8 or later and nothing else, so that anyone who does not trust
the platform can read it, or write another one: /replay/format/ describes the bundle to the byte. Without the SHA-256
it can only say that a bundle agrees with itself, as a forged one may. Exit code 0: everything agrees; 1: something
does not, or no row has that id; 2: nothing was checked.
"""

import hashlib
import io
import json
import re
import struct
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile, ZipFile

from yangguang.rules.audit.sm3 import sm3
from yangguang.rules.disclosure.bundle_format import (
    ALL_WAIT,
    FORMAT,
    LEFT_OUT,
    LIST,
    MANIFEST,
    MASKED,
    MODES,
    NUMBERS,
    PROGRAMMES,
    README,
    ROWS,
    TIES,
    UNMASKED,
    WITHHELD,
    format_heading,
)
from yangguang.rules.runs.matching import Market, ProgrammeState, QuotaState

CODE, COUNT, ID = r"[\w·][\w.·-]{0,59}", "[0-9]{1,9}", "[0-9a-f]{16}"
CHOICE = f"{CODE}:{COUNT}(?:/{COUNT})?"
TABLES = {  # The exact form of a row: codes are printed on a screen.
    PROGRAMMES: f"{CODE}\t(-|{COUNT})\t{CODE}\t{COUNT}\t({'|'.join(MODES)})\t{COUNT}\t(-|{CODE})"
    f"\t({'|'.join(TIES)})\t({UNMASKED}|{MASKED})|{CODE}\t-\t-\t0\t-\t0\t-\t-\t({WITHHELD}|{LEFT_OUT})",
    ROWS: f"{ID}\t{CODE}(,{CODE})*\t{CHOICE}( {CHOICE})*",
    LIST: f"{ID}\t({CODE}\t{CODE}|-\t-)",
}
MOST_BYTES, MOST_LISTED, NO_PLACE = 2**28, 20, 2**62


class BadFile(Exception):
    """What was given cannot be checked; the text is the sentence to print."""


def list_options(market: Market, row: int) -> Iterator[tuple[tuple[int, str], int]]:
    """Every (programme, quota) a row may be admitted to, in order of choice, with the rank that counts there."""
    for i in range(market.first[row], market.first[row + 1]):
        number = market.programme[i]
        for quota in market.programmes[number].quotas:
            if quota.code in market.quotas[i]:
                yield (number, quota.code), market.tie_group[i] if quota.ties_wait else market.place[i]


def find_faults(market: Market, published: dict[int, tuple[int, str]]) -> list[str]:
    """Sentences about what is wrong with a published list, however it was computed."""
    faults: list[str] = []
    ranks: dict[tuple[int, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for row, name in enumerate(market.names):
        admission, options = published.get(row), list(list_options(market, row))
        if admission is not None and admission not in [option for option, _ in options]:
            faults.append(f"{name} 被录取到了自己没有填报、或没有资格的专业")
            continue
        for option, rank in options:
            ranks[option][option != admission].append(rank)
            if option == admission:
                break
    for number, programme in enumerate(market.programmes):
        faults += _find_programme_faults(programme, [ranks[number, quota.code] for quota in programme.quotas])
    return faults


def _find_programme_faults(programme: ProgrammeState, ranks: list[tuple[list[int], list[int]]]) -> Iterator[str]:
    """Faults of one programme; for each quota the ranks of those admitted and of those who would rather be there."""
    seats = {quota.code: quota.seats for quota in programme.quotas}
    pairs = list(zip(programme.quotas, ranks))  # noqa: B905  Python 3.8 has no `strict`
    for quota, (admitted, waiting) in pairs:
        unused = max(0, quota.seats - len(admitted) - len(waiting)) if quota.flows_to else 0
        seats[quota.code] -= unused
        seats[quota.flows_to or quota.code] += unused
    for quota, (admitted, waiting) in pairs:
        name, own = f"{programme.code}（{quota.code}）", seats[quota.code]
        free, best, worst = own - len(admitted), min(waiting, default=NO_PLACE), max(admitted, default=0)
        if free < 0:
            yield f"{name}有 {own} 个名额，却录取了 {len(admitted)} 人"
        if best < worst or (quota.ties_wait and best == worst):
            yield f"{name}第 {best} 位没有录取，更靠后（或同分）的第 {worst} 位却录取了"
        if free > 0 and waiting and not (quota.ties_wait and waiting.count(best) > free):
            yield f"{name}还空着 {free} 个名额，却有符合条件的人落选"


def read_bundle(path: str) -> dict[str, bytes]:
    """The files of a bundle by name, none larger than its limit, and the whole under ""."""
    try:
        with open(path, "rb") as file:
            files = {"": file.read(MOST_BYTES)}
        with ZipFile(io.BytesIO(files[""])) as packed:
            if sorted(packed.namelist()) != sorted([MANIFEST, *TABLES, README]):
                raise BadFile("压缩包里应当正好有 manifest.json、三个表和 README.txt")
            for part in packed.infolist():
                if part.file_size > MOST_BYTES or part.compress_type not in (0, 8):
                    raise BadFile(f"{part.filename} 太大，或压缩方式不常见，不是正常的回放包")
                files[part.filename] = packed.open(part).read(MOST_BYTES)
    except (BadZipFile, EOFError, OSError, OverflowError, RuntimeError, ValueError, struct.error, zlib.error):
        raise BadFile(f"打不开 {path}，或者它不是完整的 zip 压缩包：请核对文件名，或重新下载") from None
    return files


def read_manifest(data: bytes) -> Any:
    """The manifest; its digests and numbers are checked against the tables later."""
    try:
        manifest: Any = json.loads(data.decode())
        texts = [manifest["format"], manifest["round"]["name"], manifest["run"]["program"], manifest["lottery"]["seed"]]
        parts = [manifest[name] for name in ("lottery", "sha256", "sm3", "numbers")]
        numbers = [manifest["round"]["max_choices"]]
        if [{type(one) for one in kind} for kind in (texts, parts, numbers)] != [{str}, {dict}, {int}]:
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadFile("manifest.json 读不懂，文件可能已损坏或被改动") from None
    if manifest["format"] != FORMAT:
        raise BadFile(f"这是另一种格式的文件，本程序只认识“{FORMAT}”")
    return manifest


def read_programmes(text: str) -> tuple[list[ProgrammeState], dict[str, str]]:
    """The programmes to replay, and the state of every programme of the file by its code."""
    known: dict[str, tuple[str, str, list[QuotaState]]] = {}
    for where, (code, cap, kind, seats, _, order, flows, tie, state) in _read_table(PROGRAMMES, text):
        own = known.setdefault(code, (cap, state, []))
        if own[:2] != (cap, state):
            raise BadFile(f"{where}与同一专业的另一行不一致")
        if state in (UNMASKED, MASKED):
            to = "" if flows == "-" else flows
            own[2].append(QuotaState(kind, int(seats), int(order), to, ties_wait=tie == ALL_WAIT))
    for code, (_, _, quotas) in known.items():
        priority = {quota.code: quota.priority for quota in quotas}
        unique = len(priority) == len(set(priority.values())) == len(quotas)
        if not unique or any(one.flows_to and priority.get(one.flows_to, -1) <= one.priority for one in quotas):
            raise BadFile(f"programmes.tsv 里专业 {code} 的名额类别互相矛盾")
    programmes = [
        ProgrammeState(code, quotas, None if cap == "-" else int(cap))
        for code, (cap, _, quotas) in sorted(known.items())
        if quotas
    ]
    return programmes, {code: state for code, (_, state, _) in known.items()}


def read_market(text: str, programmes: list[ProgrammeState]) -> Market:
    """The rows with their choices; no id occurs twice, nor a place where a lottery decides."""
    market, numbers = Market(programmes), {one.code: i for i, one in enumerate(programmes)}
    codes = {quota.code for one in programmes for quota in one.quotas}
    uses_lottery = [not all(quota.ties_wait for quota in one.quotas) for one in programmes]
    eligible: dict[str, frozenset[str]] = {}
    places = set()
    for where, (name, kinds, choices) in _read_table(ROWS, text):
        quotas = eligible.setdefault(kinds, frozenset(kinds.split(",")))
        row: dict[int, tuple[int, int, int, frozenset[str]]] = {}
        for choice in choices.split(" "):
            code, _, ranks = choice.partition(":")
            own, _, shared = ranks.partition("/")
            place, group, number = int(own), int(shared or own), numbers.get(code, -1)
            key = number << 32 | place
            if number < 0 or not 0 < group <= place or number in row or (uses_lottery[number] and key in places):
                raise BadFile(f"{where}：专业不存在，填了两次，或两个人同一位次")
            row[number] = number, place, group, quotas
            places.add(key)
        if [name] <= market.names[-1:] or not codes.issuperset(quotas):
            raise BadFile(f"{where}的匿名号没有从小到大，或有不认识的名额类别")
        market.add_applicant(name, row.values())
    return market


def read_list(text: str, market: Market) -> dict[int, tuple[int, str]]:
    """The published list: row to (programme, quota); it has the same rows as the market in the same order."""
    if re.findall(f"^{ID}", text, re.M) != market.names:
        raise BadFile("list.tsv 和 rows.tsv 里的人不同：应当是同样的匿名号、同样的顺序")
    known = {
        (one.code, quota.code): (number, quota.code)
        for number, one in enumerate(market.programmes)
        for quota in one.quotas
    }
    admissions = {}
    for row, (where, (_, code, kind)) in enumerate(_read_table(LIST, text)):
        if code != "-":
            if (code, kind) not in known:
                raise BadFile(f"{where}的专业或名额类别不在 programmes.tsv 里")
            admissions[row] = known[code, kind]
    return admissions


def _read_table(name: str, text: str) -> Iterator[tuple[str, list[str]]]:
    """The rows under the heading, each with words for its position, numbered as an editor numbers them."""
    heading, *rows = text.split("\n")
    if not rows or rows.pop():
        raise BadFile(f"{name} 的最后一行不完整")
    if heading != format_heading(name):
        raise BadFile(f"{name} 的第一行不是这种格式的列名")
    for at, row in enumerate(rows, 2):
        if not re.fullmatch(TABLES[name], row):
            raise BadFile(f"{name} 第 {at} 行读不懂，或有不认识的词")
        yield f"{name} 第 {at} 行", row.split("\t")


def compare(manifest: dict[str, Any], own: dict[str, Any]) -> list[str]:
    """Sentences about entries of the manifest that differ from `own`, which was found in the tables."""
    names = [name for name in {**manifest, **own} if manifest.get(name) != own.get(name)]
    return [f"{name}：清单写 {manifest.get(name, '无')!s:.80}，实为 {own.get(name, '无')}" for name in names]


def find_wrong_numbers(
    manifest: Any, states: dict[str, str], market: Market, published: dict[int, tuple[int, str]]
) -> list[str]:
    """Sentences about numbers of the manifest that differ from those in the tables."""
    counts, most = Counter(states.values()), manifest["round"]["max_choices"]
    withheld = sorted(code for code, state in states.items() if state == WITHHELD)
    absent = counts[LEFT_OUT] + counts[WITHHELD]
    counted = len(states), counts[MASKED], absent, len(market.names), len(published)
    own = {**dict(zip(NUMBERS, counted)), "held_back": withheld}  # noqa: B905
    faults = compare({**manifest["numbers"], "held_back": manifest.get("held_back")}, own)
    ends = zip(market.first, market.first[1:])  # noqa: B905
    return faults + [f"一行的志愿多于清单写的 {most} 个" for i, j in ends if j - i > most]


def sm3_hex(data: bytes) -> str:
    """SM3 by the Python at hand where it knows it, otherwise as written out in this file."""
    try:
        return hashlib.new("sm3", data).hexdigest()
    except ValueError:
        return sm3(data).hex()


class Report:
    """Prints every check with its faults; `is_right` as long as there are none."""

    def __init__(self) -> None:
        self.is_right = True

    def add(self, text: str, faults: list[str]) -> None:
        for sentence in faults[:MOST_LISTED]:
            _print(f"　　　✗ {sentence}")
        _print(f"　　　✗ 不成立： {text}（{len(faults):,} 处不对）" if faults else f"　　　✓ {text}")
        self.is_right = self.is_right and not faults


def check(path: str, published: str = "", find: str = "") -> int:
    """Check a bundle and print the report; returns the exit code.

    Args:
        published: SHA-256 of the whole file, as the page shows it. find: id of a row to print.
    """
    files, report = read_bundle(path), Report()
    manifest = read_manifest(files[MANIFEST])
    _check_digests(report, files, manifest, published)
    programmes, states = read_programmes(files[PROGRAMMES].decode())
    market = read_market(files[ROWS].decode(), programmes)
    listed = read_list(files[LIST].decode(), market)
    if not market.names:
        raise BadFile("里面一行志愿也没有，没有可以重算的名单")
    report.add("清单里的数与三个表一致", find_wrong_numbers(manifest, states, market, listed))
    left_out = len(states) - len(programmes)
    _print(f"第二步　重新计算：{len(states):,} 个专业，{left_out:,} 个专业不在回放之内。")
    rounds, own = market.run(), market.admissions()
    differ = [f"{name} 的结果不同" for row, name in enumerate(market.names) if own.get(row) != listed.get(row)]
    report.add(f"{rounds:,} 轮后没有人再移动，{len(listed):,} 行录取，与公布的名单逐行相同", differ)
    _print("第三步　不管怎么算的，再看公布的名单本身。")
    report.add("没有越过位次更靠前的人，名额没有空着不用，也没有超过", find_faults(market, listed))
    if find:
        _print_row(report, market, listed, find)
    if not report.is_right:
        _print("结论：不一致，或没有找到，见上面的 ✗。")
    elif published:
        _print("结论：一致。文件是您给出摘要的那一份，您自己的电脑算出了同一份名单。")
    else:
        _print("结论：重算一致，但没有与公布的摘要对照，不知道这个文件是不是公布的那一份。")
        _print(f"　　　请从网页复制这个文件的 SHA-256，再运行：python3 replay.py {path} 复制的SHA-256")
    return 0 if report.is_right else 1


def _check_digests(report: Report, files: dict[str, bytes], manifest: Any, published: str) -> None:
    _print(f"批次：{manifest['round']['name']}　　计算程序：{manifest['run']['program']}")
    whole, *tables = (hashlib.sha256(files[name]).hexdigest() for name in ("", *TABLES))
    _print(f"第一步　核对文件。整个文件的 SHA-256：{whole}")
    if published:
        report.add("文件的 SHA-256 就是公布的摘要", [f"您给出的是 {published}"] * (published != whole))
    seed = manifest["lottery"]["seed"]
    commitment = sm3_hex(bytes.fromhex(seed)) if re.fullmatch("[0-9a-f]{64}", seed) else ""
    lottery = {"seed": seed, "commitment": commitment}
    report.add("抽签种子的 SM3 摘要是事先公布的承诺", compare(manifest["lottery"], lottery))
    digests = dict(zip(TABLES, tables))  # noqa: B905
    report.add("三个表的 SHA-256 与清单一致", compare(manifest["sha256"], digests))
    report.add("名单的 SM3 与清单一致", compare(manifest["sm3"], {LIST: sm3_hex(files[LIST])}))


def _print_row(report: Report, market: Market, listed: dict[int, tuple[int, str]], name: str) -> None:
    rows = [row for row, own in enumerate(market.names) if own == name]
    report.add(f"名单里有匿名号 {name}", ["没有这个匿名号，请核对它和批次"] * (not rows))
    for row in rows:
        for i in range(market.first[row], market.first[row + 1]):
            number = market.programme[i]
            result = "录取" if listed.get(row, (-1, ""))[0] == number else "没有录取"
            _print(f"　　　{market.programmes[number].code}　第 {market.place[i]:,} 位　{result}")


def _print(text: str) -> None:
    """Print only printable characters: nothing in a file may move the cursor or change colours."""
    print("".join(letter if letter.isprintable() or letter == "　" else " " for letter in text), flush=True)


def main(argv: list[str]) -> int:
    """The command line; see the top of the file."""
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8", "replace", write_through=True)
    try:
        options = re.fullmatch(f"([0-9a-f]{{64}})? ?(?:--find ({ID}))?", " ".join(argv[1:]).strip().lower())
        if not argv or not options:
            raise BadFile("用法是 python3 replay.py 回放包.zip [64 位 SHA-256] [--find 16 位匿名号]，请完整复制")
        return check(argv[0], options[1] or "", options[2] or "")
    except (BadFile, MemoryError, UnicodeDecodeError, RecursionError, KeyboardInterrupt) as reason:
        _print(f"没有核对成：{reason if isinstance(reason, BadFile) else '中途停了，内存不够，或有读不懂的字'}")
    except BrokenPipeError:
        pass  # The reader of the output has closed it.
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
