"""Bundles as they are offered, runs that still lack one, and a student's own ids. (F-N1)"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import models

from yangguang.gateways.ciphers import hmac_sm3
from yangguang.models import AdmissionRun, ReplayBundle, Round
from yangguang.models.base.fields import Sealed
from yangguang.postgres.sql import fetch_all
from yangguang.queries.supervision.admission_limits import dedicated_pupils
from yangguang.rules.disclosure.anonymity import ConsideredChoice, masked_code, row_id, split_row
from yangguang.rules.runs import run_states
from yangguang.rules.runs.matching_types import ReasonCode

_BARRED = ReasonCode.BARRED.value


def without_bundle() -> list[AdmissionRun]:
    """Published runs whose bundle is not made yet, the oldest first."""
    runs = AdmissionRun.objects.filter(state=run_states.PUBLISHED, bundle=None).defer("snapshot")
    return list(runs.order_by("published_at", "id"))


def bundles_of(season: int) -> models.QuerySet[ReplayBundle]:
    """The bundles of a season without their content, by round."""
    rows = ReplayBundle.objects.filter(run__round__season=season, run__state=run_states.PUBLISHED)
    return (
        rows.defer("content", "key", "run__snapshot")
        .select_related("run__round__season")
        .order_by("run__round__number")
    )


def file_name(round: Round) -> str:
    """What the downloaded bundle of a round is called."""
    return f"replay-{round.season.year}-{round.season.term.lower()}-{round.number}.zip"


def command(bundle: ReplayBundle) -> str:
    """What to type to check a bundle: with the published digest, without which a file only proves itself."""
    return f"python3 replay.py {file_name(bundle.run.round)} {bundle.sha256}"


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One choice of a student in the bundle: id of the row, code of the programme there, place."""

    rank: int
    row: str
    programme: str
    place: int


_OWN = """
SELECT run.public_id, a.number, s.rank, s.codes, s.places, b.key, b.masked, b.left_out, b.is_cut,
       ARRAY(SELECT l.code FROM unnest(s.programmes) WITH ORDINALITY AS n(id, at)
             JOIN yangguang_programme AS l ON l.id = n.id ORDER BY n.at)
FROM yangguang_placement AS s
JOIN yangguang_application AS a ON a.id = s.application_id
JOIN yangguang_admissionrun AS run ON run.id = s.run_id AND run.state = 'PUBLISHED'
JOIN yangguang_replaybundle AS b ON b.run_id = run.id
WHERE s.application_id = ANY(%s)
"""


def own_rows(applications: Iterable[int], person: int) -> dict[UUID, list[OwnRow]]:
    """The own rows in the bundle of each published run that has one; none where nothing of this person is told.

    Args:
        applications: row ids of the person's applications; person: row id.
    """
    rows = fetch_all(_OWN, (list(applications),))
    # A pupil of a dedicated class is in no bundle, and the page says it in the words used for everybody else.
    hidden = bool(rows) and bool(dedicated_pupils(person))
    found: dict[UUID, list[OwnRow]] = {}
    for run, *row in rows:
        found[run] = [] if hidden else _own(*row)
    return found


def _own(
    number: str,
    rank: int | None,
    verdicts: list[str],
    places: list[int | None],
    key: Any,
    masked: list[str],
    left_out: list[str],
    is_cut: bool,
    codes: list[str],
) -> list[OwnRow]:
    mac = partial(hmac_sm3, bytes.fromhex(Sealed(bytes(key), KEY_PLACE, str).reveal()))
    considered = [
        ConsideredChoice(at, code, place, place, at == rank)
        for at, (code, verdict, place) in enumerate(zip(codes, verdicts, places, strict=True), 1)
        if place is not None and code not in left_out and at <= (rank or at) and not verdict.startswith(_BARRED)
    ]
    return [
        OwnRow(
            one.rank,
            row_id(mac, number, piece),
            masked_code(mac, one.code) if one.code in masked else one.code,
            one.place,
        )
        for piece, part in sorted(split_row(considered, masked, is_cut=is_cut).items())
        for one in part
    ]


KEY_PLACE = ReplayBundle._meta.get_field("key").place
