"""The public bundle of a published run as one zip file, from the frozen input and the stored result. (F-N1; F-A12)

docs/mechanisms/replay.md describes the files, docs/decisions/0022 what is left out of them and why.
"""

import io
import json
import zipfile
from collections.abc import Iterable
from functools import partial
from hashlib import sha256
from typing import Any

from yangguang.gateways.ciphers import hmac_sm3, sm3
from yangguang.models import AdmissionRun, ReplayBundle
from yangguang.postgres.copy import copy_out
from yangguang.queries.disclosure.disclosure_limits import load_disclosure_limits
from yangguang.queries.disclosure.public_disclosure import read_small_cell
from yangguang.queries.disclosure.replay_facts import README_TEXT, load_facts
from yangguang.queries.runs.input_format import Frozen, read_frozen, unpack
from yangguang.rules.base.refusals import Refused
from yangguang.rules.disclosure import anonymity, replay
from yangguang.rules.disclosure.anonymity import ConsideredChoice
from yangguang.rules.disclosure.bundle_format import FORMAT, LIST, MANIFEST, PROGRAMMES, README, ROWS
from yangguang.rules.disclosure.bundle_tables import BundleTables
from yangguang.rules.runs.eligibility import DEDICATED, ORDINARY
from yangguang.rules.runs.memory import collector_paused
from yangguang.rules.runs.ranking import build_market, sort_programmes

Manifest = dict[str, Any]
"""The JSON object of a bundle."""
INPUT_FORMAT = "yangguang-run\t1\n"
_SEATS = """
SELECT a.number, s.rank, b.code FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
JOIN yangguang_quota AS b ON b.id = s.quota_id WHERE s.run_id = %(run)s
"""


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


def _load_tables(run: AdmissionRun, key: bytes) -> BundleTables:
    """What is published of a run."""
    assert run.published_at is not None
    frozen = read_input(unpack(run).decode())
    programmes = dict(zip(frozen.codes, frozen.seats, strict=True))
    small = read_small_cell(run.published_at)
    limits = load_disclosure_limits([run.pk], small)[run.pk]
    suppressed = limits.suppress()
    # Small programmes that do not hide each other are left out: their rows would lead to them.
    thin = suppressed.programmes if suppressed.is_thin else frozenset()
    masked = suppressed.programmes - thin
    not_counted = limits.withheld | limits.seats_only
    # A programme with nothing but seats of a dedicated class left is not even named.
    named = programmes.keys() & (limits.admitted.keys() | not_counted)
    left_out = not_counted | thin | (programmes.keys() - named)
    seats = [(number, int(rank), quota) for number, rank, quota in copy_out(_SEATS, {"run": run.pk})]
    ranks = {number: rank for number, rank, _ in seats}
    considered = {
        number: [one for one in list_considered(choices, ranks.get(number)) if one.code not in left_out]
        for number, choices in list_choices(frozen).items()
        if number not in frozen.dedicated
    }
    failed = sum(anonymity.shows_only_failures(row, masked) for row in considered.values())
    return BundleTables(
        mac=partial(hmac_sm3, key),
        programmes=programmes,
        named=named,
        masked=masked,
        left_out=left_out,
        withheld=limits.withheld,
        considered=considered,
        quotas={number: quota for number, _, quota in seats},
        kinds=dict.fromkeys(considered, ORDINARY),
        small=small,
        is_cut=0 < failed < small,
    )


def build_bundle(run: AdmissionRun, key: bytes) -> ReplayBundle:
    """The unsaved bundle of a published run; equal key and equal run give equal bytes.

    Args:
        key: 32 random bytes, for this round alone.
    Raises:
        Refused: the bundle would not replay, or the input has something whose publication is not decided.
    """
    draft = _load_tables(run, key)
    tables, numbers = draft.write()
    manifest = load_facts(run) | describe(draft, tables, numbers)
    _require_replay(tables, manifest)
    content = pack_bundle(manifest, tables)
    return ReplayBundle(
        run=run,
        key=key.hex(),
        content=content,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        sm3=sm3(content).hex(),
        list_sm3=sm3(tables[LIST]).hex(),
        rows=numbers["rows"],
        programmes=len(draft.named),
        masked=sorted(draft.masked),
        left_out=sorted(draft.left_out),
        is_cut=draft.is_cut,
    )


def describe(draft: BundleTables, tables: dict[str, bytes], numbers: dict[str, int]) -> Manifest:
    """The manifest's numbers and digests."""
    return {
        "format": FORMAT,
        "small_cell": draft.small,
        "numbers": numbers,
        "held_back": sorted(draft.withheld),
        **digest_tables(tables),
    }


def digest_tables(tables: dict[str, bytes]) -> dict[str, dict[str, str]]:
    """The manifest's digests of the tables."""
    return {
        "sha256": {name: sha256(table).hexdigest() for name, table in tables.items()},
        "sm3": {LIST: sm3(tables[LIST]).hex()},
    }


def _require_replay(tables: dict[str, bytes], manifest: Manifest) -> None:
    """Raise Refused unless the replay file reads these tables and computes the same list."""
    try:
        programmes, states = replay.read_programmes(tables[PROGRAMMES].decode())
        market = replay.read_market(tables[ROWS].decode(), programmes)
        listed = replay.read_list(tables[LIST].decode(), market)
    except replay.BadFile as reason:
        raise Refused("核对程序读不了这个回放包", why=str(reason), now="请核对这次运算的专业代号和名额类别") from None
    market.run()
    faults = [*replay.find_wrong_numbers(manifest, states, market, listed), *replay.find_faults(market, listed)]
    if market.admissions() != listed or faults:
        raise Refused("用回放包重算的名单与公布的名单不同", why="不能复算的名单不能公布", now="请核对这次运算")


def pack_bundle(manifest: Manifest, tables: dict[str, bytes]) -> bytes:
    """The five files of a bundle as one zip file."""
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
    return pack_files({README: README_TEXT.encode(), MANIFEST: text.encode(), **tables})


def pack_files(files: dict[str, bytes]) -> bytes:
    """One zip file without times, owners or an accidental order."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name in sorted(files):
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type, part.create_system, part.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            target.writestr(part, files[name], compresslevel=6)
    return packed.getvalue()
