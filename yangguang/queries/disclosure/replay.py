"""The public bundle of a published run as one zip file, from the frozen input and the stored result. (F-N1; F-A12)

docs/mechanisms/replay.md describes the files, docs/decisions/0022 what is left out of them and why.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from typing import Any

from yangguang.gateways.ciphers import hmac_sm3, sm3
from yangguang.models import AdmissionRun, ReplayBundle
from yangguang.postgres.copy import copy_out
from yangguang.queries.disclosure.disclosure_limits import load_disclosure_limits
from yangguang.queries.disclosure.public_disclosure import read_small_cell
from yangguang.queries.disclosure.replay_facts import README, load_facts
from yangguang.queries.runs.input_format import Frozen, read_frozen, unpack
from yangguang.rules.base.refusals import Refused
from yangguang.rules.disclosure import anonymity, replay
from yangguang.rules.disclosure.anonymity import ConsideredChoice
from yangguang.rules.plans.quotas import ProgrammeSeats
from yangguang.rules.runs.eligibility import DEDICATED, ORDINARY
from yangguang.rules.runs.memory import collector_paused
from yangguang.rules.runs.ranking import build_market, sort_programmes, start_programme

INPUT_FORMAT = "yangguang-run\t1\n"
HIDDEN_QUOTA = DEDICATED[0]
_SEATS = """
SELECT a.number, s.rank, b.code FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
JOIN yangguang_quota AS b ON b.id = s.quota_id WHERE s.run_id = %(run)s
"""
HEADS = {
    "programmes.tsv": "programme\tcap\tquota\tseats\tmode\tpriority\tflows_to\ttie\tstate",
    "rows.tsv": "id\tkinds\tchoices",
    "list.tsv": "id\tprogramme\tquota",
}


def read_input(text: str) -> Frozen:
    """The frozen input of a run.

    Raises:
        Refused: another format, or an applicant eligible for quotas whose publication is not decided.
    """
    if not text.startswith(INPUT_FORMAT):
        raise Refused("冻结输入的格式变了，回放包做不出来", now="请先让回放包认识新的格式")
    frozen = read_frozen(text)
    for kinds in {choice.quotas for _, choices in frozen.applicants for choice in choices}:
        if kinds not in (ORDINARY, DEDICATED):
            # A kind that few applicants have would identify them.
            raise Refused(f"名额类别{','.join(kinds)}还没有公开办法", now="请先决定这类考生在回放包里如何出现")
    return frozen


@collector_paused()
def list_choices(frozen: Frozen) -> dict[str, list[ConsideredChoice]]:
    """Number of each applicant to the choices that are ranked, with place and tie group."""
    market = build_market(frozen.applicants, sort_programmes(frozen.seats))
    return {
        name: [
            ConsideredChoice(
                slot - begin + 1, frozen.codes[market.programme[slot]], market.place[slot], market.tie_group[slot]
            )
            for slot in range(begin, market.first[applicant + 1])
            if market.quotas[slot]
        ]
        for applicant, (name, begin) in enumerate(zip(market.names, market.first, strict=False))
    }


def list_considered(choices: Iterable[ConsideredChoice], admitted: int | None) -> list[ConsideredChoice]:
    """The choices up to the rank that was admitted: the matching never considers a later one."""
    if admitted is None:
        return list(choices)
    return [one._replace(is_admitted=one.rank == admitted) for one in choices if one.rank <= admitted]


class _BundleTables:
    """The tables of a bundle; `considered` are the published choices of each application, `quotas` its admission."""

    def __init__(self, run: AdmissionRun, key: bytes) -> None:
        assert run.published_at is not None
        self.mac = partial(hmac_sm3, key)
        frozen = read_input(unpack(run).decode())
        self.programmes = dict(zip(frozen.codes, frozen.seats, strict=True))
        self.small = read_small_cell(run.published_at)
        limits = load_disclosure_limits([run.pk], self.small)[run.pk]
        suppressed, self.withheld = limits.suppress(), limits.withheld
        # Small programmes that do not hide each other are left out: their rows would lead to them.
        thin = suppressed.programmes if suppressed.is_thin else frozenset()
        self.masked = suppressed.programmes - thin
        not_counted = limits.withheld | limits.seats_only
        # A programme with nothing but seats of a dedicated class left is not even named.
        self.named = self.programmes.keys() & (limits.admitted.keys() | not_counted)
        self.left_out = not_counted | thin | (self.programmes.keys() - self.named)
        seats = [(number, int(rank), quota) for number, rank, quota in copy_out(_SEATS, {"run": run.pk})]
        self.quotas = {number: quota for number, _, quota in seats}
        ranks = {number: rank for number, rank, _ in seats}
        self.considered = {
            number: [one for one in list_considered(choices, ranks.get(number)) if one.code not in self.left_out]
            for number, choices in list_choices(frozen).items()
            if number not in frozen.dedicated
        }
        failed = sum(anonymity.shows_only_failures(row, self.masked) for row in self.considered.values())
        self.is_cut = 0 < failed < self.small

    def name_programme(self, code: str) -> str:
        return anonymity.masked_code(self.mac, code) if code in self.masked else code

    def list_rows(self) -> dict[str, tuple[str, str]]:
        """Id to the choices and the seat of a row, sorted by id."""
        rows: dict[str, tuple[str, str]] = {}
        count = 0
        for number, considered in self.considered.items():
            for piece, part in anonymity.split_row(considered, self.masked, is_cut=self.is_cut).items():
                last = part[-1]
                seat = f"{self.name_programme(last.code)}\t{self.quotas[number]}" if last.is_admitted else "-\t-"
                rows[anonymity.row_id(self.mac, number, piece)] = (" ".join(map(self._format_choice, part)), seat)
                count += 1
        if len(rows) < count:
            raise Refused("两行得到同一个匿名号", now="请重新制作，密钥会换新的")
        return dict(sorted(rows.items()))

    def _format_choice(self, one: ConsideredChoice) -> str:
        ties = {quota.tie for quota in self.programmes[one.code].quotas}
        mixed = len(ties) > 1 and one.group != one.place
        return f"{self.name_programme(one.code)}:{one.place}" + (f"/{one.group}" if mixed else "")

    def list_programme_rows(self) -> Iterator[str]:
        rejecting = {one.code for row in self.considered.values() for one in row if not one.is_admitted}
        for name, code in sorted((self.name_programme(code), code) for code in self.named):
            if code in self.left_out:
                state = "held_back" if code in self.withheld else "left_out"
                yield f"{name}\t-\t-\t0\t-\t0\t-\t-\t{state}"
            else:
                is_masked, is_full = code in self.masked, code in rejecting
                yield from self._list_quota_rows(name, self.programmes[code], is_masked=is_masked, is_full=is_full)

    def _list_quota_rows(
        self, name: str, programme: ProgrammeSeats, *, is_masked: bool, is_full: bool
    ) -> Iterator[str]:
        quotas = [quota for quota in programme.by_priority if quota.code != HIDDEN_QUOTA]
        capped = {quota.code: quota.seats for quota in start_programme(programme).quotas}
        for quota in quotas:
            seats, cap = capped[quota.code], "-"
            if len(quotas) == len(programme.quotas):
                seats, cap = quota.seats, "-" if programme.cap is None else str(programme.cap)
            if is_masked and not is_full and len(quotas) == 1:
                # The number of empty seats would identify the programme; more seats change nothing here.
                seats, cap = self.small - 1, "-"
            state = "masked" if is_masked else "shown"
            cells = (quota.mode.value, str(quota.priority), quota.flows_to or "-", quota.tie.value, state)
            yield "\t".join([name, cap, quota.code, str(seats), *cells])

    def describe(self, rows: dict[str, tuple[str, str]], tables: dict[str, bytes]) -> dict[str, Any]:
        """The manifest's numbers and digests."""
        numbers = {
            "programmes": len(self.named),
            "masked": len(self.masked),
            "left_out": len(self.left_out & self.named),
            "rows": len(rows),
            "seated": sum(not seat.startswith("-") for _, seat in rows.values()),
        }
        return {
            "format": replay.FORMAT,
            "small_cell": self.small,
            "numbers": numbers,
            "held_back": sorted(self.withheld),
            "sha256": {name: sha256(table).hexdigest() for name, table in tables.items()},
            "sm3": {"list.tsv": sm3(tables["list.tsv"]).hex()},
        }


def build_bundle(run: AdmissionRun, key: bytes) -> ReplayBundle:
    """The unsaved bundle of a published run; equal key and equal run give equal bytes.

    Args:
        key: 32 random bytes, for this round alone.
    Raises:
        Refused: the bundle would not replay, or the input has something whose publication is not decided.
    """
    draft = _BundleTables(run, key)
    rows = draft.list_rows()
    tables = {
        "programmes.tsv": _table("programmes.tsv", draft.list_programme_rows()),
        "rows.tsv": _table("rows.tsv", (f"{name}\tgeneral\t{choices}" for name, (choices, _) in rows.items())),
        "list.tsv": _table("list.tsv", (f"{name}\t{seat}" for name, (_, seat) in rows.items())),
    }
    manifest: dict[str, Any] = {**load_facts(run), **draft.describe(rows, tables)}
    _require_replay(tables, manifest)
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
    files = {"README.txt": README.encode(), "manifest.json": text.encode(), **tables}
    content = _zip(files)
    return ReplayBundle(
        run=run,
        key=key.hex(),
        content=content,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        sm3=sm3(content).hex(),
        list_sm3=manifest["sm3"]["list.tsv"],
        rows=len(rows),
        programmes=len(draft.named),
        masked=sorted(draft.masked),
        left_out=sorted(draft.left_out),
        is_cut=draft.is_cut,
    )


def _table(name: str, rows: Iterable[str]) -> bytes:
    return "\n".join([HEADS[name], *rows, ""]).encode()


def _require_replay(tables: dict[str, bytes], manifest: dict[str, Any]) -> None:
    """Raise Refused unless the replay file reads these tables and computes the same list."""
    try:
        programmes, states = replay.read_programmes(tables["programmes.tsv"].decode())
        market = replay.read_market(tables["rows.tsv"].decode(), programmes)
        listed = replay.read_list(tables["list.tsv"].decode(), market)
    except replay.BadFile as reason:
        raise Refused("核对程序读不了这个回放包", why=str(reason), now="请核对这次运算的专业代号和名额类别") from None
    market.run()
    faults = [*replay.find_wrong_numbers(manifest, states, market, listed), *replay.find_faults(market, listed)]
    if market.admissions() != listed or faults:
        raise Refused("用回放包重算的名单与公布的名单不同", why="不能复算的名单不能公布", now="请核对这次运算")


def _zip(files: dict[str, bytes]) -> bytes:
    """One zip file without times, owners or an accidental order."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name in sorted(files):
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type, part.create_system, part.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            target.writestr(part, files[name], compresslevel=6)
    return packed.getvalue()
