"""Writing and reading the programmes of a plan: what drafting, submitting and changing share. (plan.history)"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from decimal import Decimal

from yangguang.models import Plan, PlanVersion, Programme, Quota, Unit
from yangguang.postgres.sql import execute
from yangguang.rules.plans.programmes import (
    KEY_FIELDS,
    PROGRAMME_FIELDS,
    ProgrammeDraft,
    ProgrammeFields,
    QuotaDraft,
    QuotaKind,
    read_fields,
)
from yangguang.rules.plans.quotas import Mode, Tie

# A decimal is text in JSON, so that it keeps its digits.
_VERSION_COLUMNS = ", ".join(
    f"'{field.name}', l.{field.name}{'::text' if field.type is Decimal else ''}"
    for field in fields(ProgrammeFields)
    if field.name not in ("note", "is_demo")
)
_ADD_VERSIONS = f"""
INSERT INTO yangguang_planversion (plan_id, version, state, programmes)
SELECT p.id, p.version, p.state, coalesce((
    SELECT jsonb_agg(jsonb_build_object('code', l.code, {_VERSION_COLUMNS}, 'quotas', (
            SELECT jsonb_agg(jsonb_build_object('code', q.code, 'seats', q.seats, 'mode', q.mode) ORDER BY q.priority)
            FROM yangguang_quota q WHERE q.programme_id = l.id
        )) ORDER BY l.code)
    FROM yangguang_programme l WHERE l.plan_id = p.id
), '[]'::jsonb)
FROM yangguang_plan p WHERE p.id = ANY(%s)
"""

_UPDATE_ROUNDS = """
UPDATE yangguang_roundprogramme AS rp SET seats = q.free, dedicated = q.dedicated
FROM (SELECT programme_id, sum(seats - taken) AS free,
             coalesce(sum(seats - taken) FILTER (WHERE code = 'dedicated'), 0) AS dedicated
      FROM yangguang_quota WHERE programme_id = ANY(%s) GROUP BY programme_id) AS q, yangguang_round AS r
WHERE rp.programme_id = q.programme_id AND r.id = rp.round_id AND NOT EXISTS (
    SELECT FROM yangguang_admissionrun run WHERE run.round_id = r.id AND run.state = 'PUBLISHED')
"""


def update_round_seats(programmes: Sequence[int]) -> None:
    """Give every unpublished round the free seats of these programmes (row ids), so that no run counts more."""
    execute(_UPDATE_ROUNDS, (list(programmes),))


def add_versions(plans: Sequence[int]) -> None:
    """Add the present state of these plans (row ids) to their public history; one statement for all."""
    execute(_ADD_VERSIONS, (list(plans),))


def write_programmes(plan: Plan, school: Unit, drafts: Sequence[ProgrammeDraft], tie: Tie) -> None:
    """Make the plan's programmes and quotas those of `drafts`; a remaining programme has the same code."""
    by_key = {draft.key: draft for draft in drafts}
    Quota.objects.filter(programme__plan=plan).delete()
    stored = {tuple(getattr(row, name) for name in KEY_FIELDS): row for row in plan.programmes.all()}
    plan.programmes.exclude(pk__in=[row.pk for key, row in stored.items() if key in by_key]).delete()
    codes = _new_codes(plan, school)
    rows = {key: stored.get(key) or Programme(plan=plan, code=next(codes)) for key in by_key}
    for key, draft in by_key.items():
        for name in PROGRAMME_FIELDS:
            setattr(rows[key], name, getattr(draft, name))
    Programme.objects.bulk_create(row for key, row in rows.items() if key not in stored)
    remaining = [row for key, row in rows.items() if key in stored]
    changing = [name for name in PROGRAMME_FIELDS if name not in KEY_FIELDS]
    Programme.objects.bulk_update(remaining, changing, batch_size=500)
    # A quota draft has the fields of a quota, but for its name, which is the label of its code.
    Quota.objects.bulk_create(
        Quota(programme=rows[key], **asdict(quota), name=quota.code.label, tie=tie)
        for key, draft in by_key.items()
        for quota in draft.quotas
    )


def _new_codes(plan: Plan, school: Unit) -> Iterator[str]:
    """Codes after the highest number any version of the plan used: in the history no code means two programmes."""
    versions = PlanVersion.objects.filter(plan=plan).values_list("programmes", flat=True)
    used = [programme["code"] for programmes in versions for programme in programmes]
    number = max((int(re.sub(r".*\D", "", code)[-3:]) for code in used), default=0)
    while True:
        number += 1
        yield f"{school.code}-{plan.season.year % 100:02}{plan.season.term[0]}{number:03}"


def read_drafts(plan: Plan) -> list[ProgrammeDraft]:
    """The stored programmes as drafts, for the checks; two queries."""
    drafts = []
    for row in plan.programmes.prefetch_related("quotas"):
        quotas = (
            QuotaDraft(QuotaKind(q.code), q.seats, Mode(q.mode), q.priority, q.flows_to) for q in row.quotas.all()
        )
        drafts.append(ProgrammeDraft(**read_fields(row), quotas=tuple(quotas)))
    return drafts
