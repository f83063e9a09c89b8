"""The public bundle of a published run as one zip file, made from what was frozen and what came out. (F-A12, F-N1)

docs/mechanisms/replay.md describes the files, docs/decisions/0022 what is left out of them and why.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from yangguang.gateways.ciphers import hmac_sm3, sm3
from yangguang.models import AdmissionRun
from yangguang.queries.copying import copy_out
from yangguang.queries.disclosure.disclosure_limits import told_programmes
from yangguang.queries.disclosure.public_disclosure import small_cell
from yangguang.queries.disclosure.replay_facts import README, facts
from yangguang.queries.disclosure.replay_rows import (
    HIDDEN_KIND,
    Seat,
    TextLine,
    looked_at,
    placed,
    read_lines,
    read_people,
)
from yangguang.queries.runs.input_format import unpack
from yangguang.rules.base.refusals import Refused
from yangguang.rules.disclosure import anonymity, replay
from yangguang.rules.disclosure.anonymity import Asked

_SEATS = """
SELECT a.number, s.rank, l.code, b.code FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
JOIN yangguang_programme AS l ON l.id = s.programme_id
JOIN yangguang_quota AS b ON b.id = s.quota_id WHERE s.run_id = %(run)s
"""
HEADS = {
    "lines.tsv": "line\tcap\tquota\tseats\tmode\tpriority\tflows_to\ttie\tstate",
    "rows.tsv": "id\tkinds\tchoices",
    "list.tsv": "id\tline\tquota",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle and what is kept beside it."""

    content: bytes
    list_sm3: str
    rows: int
    lines: int
    masked: list[str]
    left_out: list[str]
    is_cut: bool


class _Draft:
    """The parts of a bundle on their way into the file; `asked` is what is told of each application."""

    def __init__(self, run: AdmissionRun, key: bytes) -> None:
        assert run.published_at is not None
        self.run, self.mac = run, partial(hmac_sm3, key)
        text = unpack(run)
        self.lines, people = read_lines(text), read_people(text)
        self.small = small_cell(run.published_at)
        told = told_programmes([run.pk], self.small)[run.pk]
        hidden, self.held_back = told.hidden(), told.held_back
        # Small lines that do not hide each other are not in it at all: their rows would lead to them.
        thin = hidden.lines if hidden.is_thin else frozenset()
        self.masked = hidden.lines - thin
        self.admitted = told.admitted
        self.shown = {
            code for code in self.lines if code in told.admitted or code in told.held_back | told.untold
        }
        # A line that only has seats of a dedicated class left is not even named.
        self.left_out = told.held_back | told.untold | thin | (self.lines.keys() - self.shown)
        self.seats: dict[str, Seat] = {
            number: (int(rank), line, kind) for number, rank, line, kind in copy_out(_SEATS, {"run": run.pk})
        }
        choices = placed(people, self.lines)
        self.asked: dict[str, list[Asked]] = {
            one.number: self._told(choices[one.number], self.seats.get(one.number))
            for one in people
            if HIDDEN_KIND not in one.kinds
        }
        failed = sum(anonymity.told_by_failures(asked, self.masked) for asked in self.asked.values())
        self.is_cut = 0 < failed < self.small

    def _told(self, choices: list[Asked], seat: Seat | None) -> list[Asked]:
        return [one for one in looked_at(choices, seat) if one.code not in self.left_out]

    def name(self, code: str) -> str:
        return anonymity.line_id(self.mac, code) if code in self.masked else code

    def rows(self) -> dict[str, tuple[str, str]]:
        """Id to the choices and the seat of a row, sorted by id."""
        found: dict[str, tuple[str, str]] = {}
        count = 0
        for number, asked in self.asked.items():
            for piece, part in anonymity.pieces(asked, self.masked, is_cut=self.is_cut).items():
                seat = f"{self.name(part[-1].code)}\t{self.seats[number][2]}" if part[-1].got else "-\t-"
                found[anonymity.row_id(self.mac, number, piece)] = " ".join(map(self._choice, part)), seat
                count += 1
        if len(found) < count:
            raise Refused("两行得到同一个匿名号", now="请重新制作，密钥会换新的")
        return dict(sorted(found.items()))

    def _choice(self, one: Asked) -> str:
        mixed = len(self.lines[one.code].ties) > 1 and one.group != one.place
        return f"{self.name(one.code)}:{one.place}" + (f"/{one.group}" if mixed else "")

    def line_rows(self) -> Iterator[str]:
        refused = {one.code for asked in self.asked.values() for one in asked if not one.got}
        for name, code in sorted((self.name(code), code) for code in self.shown):
            if code in self.left_out:
                state = "held_back" if code in self.held_back else "left_out"
                yield f"{name}\t-\t-\t0\t-\t0\t-\t-\t{state}"
            else:
                yield from self._quotas(name, self.lines[code], code in refused)

    def _quotas(self, name: str, line: TextLine, full: bool) -> Iterator[str]:
        shown = [cells for cells in line.quotas if cells[0] != HIDDEN_KIND]
        whole = len(shown) == len(line.quotas)
        struck, masked = line.struck(), line.code in self.masked
        for kind, own, mode, priority, flows, tie in shown:
            seats = int(own) if whole else struck[kind]
            cap = line.cap if whole else "-"
            if masked and not full and len(shown) == 1:
                # The number of empty seats would lead back to the line; nobody was refused, so more change nothing.
                seats, cap = self.small - 1, "-"
            state = "masked" if masked else "shown"
            yield "\t".join([name, cap, kind, str(seats), mode, priority, flows, tie, state])


def make(run: AdmissionRun, key: bytes) -> Made:
    """The bundle of a published run; equal key and equal run give equal bytes.

    Args:
        key: 32 random bytes, for this round alone.
    Raises:
        Refused: the bundle would not replay, or the text has something in it that nobody has thought about yet.
    """
    draft = _Draft(run, key)
    rows = draft.rows()
    kinds = "general"
    tables = {
        "lines.tsv": _table("lines.tsv", draft.line_rows()),
        "rows.tsv": _table(
            "rows.tsv", (f"{name}\t{kinds}\t{choices}" for name, (choices, _) in rows.items())
        ),
        "list.tsv": _table("list.tsv", (f"{name}\t{seat}" for name, (_, seat) in rows.items())),
    }
    said = facts(run) | {
        "format": replay.FORMAT,
        "small_cell": draft.small,
        "numbers": {"lines": len(draft.shown), "masked": len(draft.masked),
                    "left_out": len(draft.left_out & draft.shown),
                    "rows": len(rows), "seated": sum(seat[0] != "-" for _, seat in rows.values())},
        "held_back": sorted(draft.held_back),
        "sha256": {name: sha256(table).hexdigest() for name, table in tables.items()},
        "sm3": {"list.tsv": sm3(tables["list.tsv"]).hex()},
    }  # fmt: skip
    _require_replay(tables, said)
    manifest = json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()
    files = {"README.txt": README.encode(), "manifest.json": manifest, **tables}
    return Made(
        _zipped(files), said["sm3"]["list.tsv"], len(rows), len(draft.shown),
        sorted(draft.masked), sorted(draft.left_out), draft.is_cut,
    )  # fmt: skip


def _table(name: str, rows: Any) -> bytes:
    return "\n".join([HEADS[name], *rows, ""]).encode()


def _require_replay(tables: dict[str, bytes], said: dict[str, Any]) -> None:
    """Nothing is published that a stranger could not compute again, or that the public script would not read."""
    try:
        lines, states = replay.read_programmes(tables["lines.tsv"].decode())
        market = replay.read_market(tables["rows.tsv"].decode(), lines)
        given = replay.read_list(tables["list.tsv"].decode(), market)
    except replay.BadFile as reason:
        raise Refused(
            "核对程序读不了这个回放包", why=str(reason), now="请核对这次运算的专业代号和名额类别"
        ) from None
    market.run()
    wrong = [*replay.find_wrong_numbers(said, states, market, given), *replay.find_faults(market, given)]
    if market.admissions() != given or wrong:
        raise Refused(
            "用回放包重算的名单与公布的名单不同", why="不能复算的名单不能公布", now="请核对这次运算"
        )


def _zipped(files: dict[str, bytes]) -> bytes:
    """One zip file without times, owners or order by chance."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name in sorted(files):
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type, part.create_system, part.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            target.writestr(part, files[name], compresslevel=6)
    return packed.getvalue()
