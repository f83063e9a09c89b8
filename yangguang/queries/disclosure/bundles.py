"""Bundles as the public page lists them, runs without one, and a student's rows in a bundle. (F-N1)"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import models

from yangguang.gateways.ciphers import hmac_sm3
from yangguang.models import AdmissionRun, ReplayBundle, Round, Season
from yangguang.models.base.fields import Sealed
from yangguang.postgres.sql import Row, fetch_all, fetch_one
from yangguang.queries.audit.entry_proofs import Proof, build_entry_proof, find_root
from yangguang.queries.audit.log_chain import COLUMNS, to_entry
from yangguang.queries.supervision.admission_limits import dedicated_pupils
from yangguang.rules.disclosure.anonymity import ConsideredChoice, masked_code, row_id, split_row
from yangguang.rules.runs import run_states
from yangguang.rules.runs.matching_types import ReasonCode

_BARRED = ReasonCode.BARRED.value
_ENTRY = f"""
SELECT {", ".join(COLUMNS)} FROM yangguang_auditentry
WHERE action = 'bundle.make' AND outcome = 'DONE' AND facts ->> 'digest' = %s ORDER BY id LIMIT 1
"""
KEY_PLACE = ReplayBundle._meta.get_field("key").place


def list_runs_without_bundle() -> list[AdmissionRun]:
    """Published runs without a bundle, the oldest first."""
    runs = AdmissionRun.objects.filter(state=run_states.PUBLISHED, bundle=None)
    return list(runs.defer("snapshot").order_by("published_at", "id"))


def list_bundles(season: Season | None) -> models.QuerySet[ReplayBundle]:
    """The bundles of a season without their content, by round."""
    rows = ReplayBundle.objects.filter(run__round__season=season, run__state=run_states.PUBLISHED)
    rows = rows.defer("content", "key", "run__snapshot").select_related("run__round__season")
    return rows.order_by("run__round__number")


def name_bundle_file(round: Round) -> str:
    """The name of the downloaded bundle."""
    return f"replay-{round.season.year}-{round.season.term.lower()}-{round.number}.zip"


def build_check_command(bundle: ReplayBundle) -> str:
    """The command that checks a bundle against its published digest; without it a file only agrees with itself."""
    return f"python3 replay.py {name_bundle_file(bundle.run.round)} {bundle.sha256}"


def build_bundle_proof(bundle: ReplayBundle) -> Proof | None:
    """The proof that the digest of a bundle lies under a daily root; None before the first root after it was made."""
    row = fetch_one(_ENTRY, (bundle.sha256,))
    entry = None if row is None else to_entry(row)
    root = None if entry is None else find_root(entry)
    if entry is None or root is None:
        return None
    return {"what": "阳光招生回放包证明", "bundle": {"sha256": bundle.sha256}} | build_entry_proof(entry, root)


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One choice of a student in the bundle: id of the row, code of the programme there, place."""

    rank: int
    row: str
    programme: str
    place: int


_OWN = """
SELECT run.public_id AS run, a.number, s.rank, s.codes AS reasons, s.places, b.key, b.masked, b.left_out, b.is_cut,
       ARRAY(SELECT l.code FROM unnest(s.programmes) WITH ORDINALITY AS n(id, at)
             JOIN yangguang_programme AS l ON l.id = n.id ORDER BY n.at) AS codes
FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
JOIN yangguang_admissionrun AS run ON run.id = s.run_id AND run.state = 'PUBLISHED'
JOIN yangguang_replaybundle AS b ON b.run_id = run.id
WHERE s.application_id = ANY(%s)
"""


def list_own_rows(applications: Iterable[int], person: int) -> dict[UUID, list[OwnRow]]:
    """The own rows in the bundle of each published run that has one; empty lists for a pupil of a dedicated class.

    Args:
        applications: row ids of the person's applications; person: row id.
    """
    rows = fetch_all(_OWN, (list(applications),))
    # Such a pupil is in no bundle; the page states it in the words used for all students.
    is_left_out = bool(rows) and bool(dedicated_pupils(person))
    return {row.run: [] if is_left_out else _build_own_rows(row) for row in rows}


def _build_own_rows(row: Row) -> list[OwnRow]:
    mac = partial(hmac_sm3, bytes.fromhex(Sealed(bytes(row.key), KEY_PLACE, str).reveal()))
    considered = [
        ConsideredChoice(at, code, place, place, at == row.rank)
        for at, (code, reason, place) in enumerate(zip(row.codes, row.reasons, row.places, strict=True), 1)
        if place is not None and code not in row.left_out and at <= (row.rank or at) and not reason.startswith(_BARRED)
    ]
    return [
        OwnRow(
            one.rank,
            row_id(mac, row.number, piece),
            masked_code(mac, one.code) if one.code in row.masked else one.code,
            one.place,
        )
        for piece, part in sorted(split_row(considered, row.masked, is_cut=row.is_cut).items())
        for one in part
    ]
