"""Writing and rereading the programmes of a plan: what drafting, submitting and changing share. (plan.history)"""

import re
from collections.abc import Sequence

from yangguang.models import Plan, PlanVersion, Programme, Quota, Unit
from yangguang.postgres.sql import execute
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import ProgrammeDraft, QuotaDraft, QuotaKind, allowed_origins
from yangguang.rules.plans.quotas import Mode, Tie

# The plan exactly as it stands, programme by programme, for the history that anyone may read.
_SNAPSHOT = """
INSERT INTO yangguang_planversion (plan_id, version, state, programmes)
SELECT p.id, p.version, p.state, coalesce((
    SELECT jsonb_agg(jsonb_build_object(
        'code', l.code, 'major', l.major, 'programme_type', l.programme_type, 'study_form', l.study_form,
        'years', l.years::text, 'seats', l.seats, 'fee', l.fee, 'origins', to_jsonb(l.origins),
        'partner', l.partner, 'aptitude_test_max', l.aptitude_test_max, 'quotas', (
            SELECT jsonb_agg(jsonb_build_object('code', b.code, 'seats', b.seats, 'mode', b.mode)
                             ORDER BY b.priority)
            FROM yangguang_quota b WHERE b.programme_id = l.id
        )) ORDER BY l.code)
    FROM yangguang_programme l WHERE l.plan_id = p.id
), '[]'::jsonb)
FROM yangguang_plan p WHERE p.id = ANY(%s)
"""

# Rounds that are open and not yet published follow a changed plan, so that no run counts seats that are gone.
_FOLLOW = """
UPDATE yangguang_roundprogramme AS rl SET seats = b.free, dedicated = b.dedicated
FROM (SELECT programme_id, sum(seats - taken) AS free,
             coalesce(sum(seats - taken) FILTER (WHERE code = 'dedicated'), 0) AS dedicated
      FROM yangguang_quota WHERE programme_id = ANY(%s) GROUP BY programme_id) AS b, yangguang_round AS r
WHERE rl.programme_id = b.programme_id AND r.id = rl.round_id AND NOT EXISTS (
    SELECT FROM yangguang_admissionrun run WHERE run.round_id = r.id AND run.state = 'PUBLISHED')
"""
_DRAFTED = ("years", "seats", "fee", "is_demo", "origins", "partner", "note", "aptitude_test_max")


def follow_rounds(programmes: Sequence[int]) -> None:
    """Let the rounds that offer these programmes (row ids) know how many seats are left."""
    execute(_FOLLOW, (list(programmes),))


def keep_versions(plans: Sequence[int]) -> None:
    """Keep the plans (row ids) as they stand now; one statement whatever their number."""
    execute(_SNAPSHOT, (list(plans),))


def write_programmes(plan: Plan, school: Unit, programmes: Sequence[ProgrammeDraft], tie: Tie) -> None:
    """Make the plan's programmes and quotas those of `programmes`; a programme that stays keeps its code."""
    held = {
        (programme.major, programme.programme_type, programme.study_form): programme
        for programme in plan.programmes.all()
    }
    wanted = {programme.key: programme for programme in programmes}
    Quota.objects.filter(programme__plan=plan).delete()
    plan.programmes.exclude(pk__in=[held[key].pk for key in wanted if key in held]).delete()
    last = _last_number(plan)
    stem = f"{school.code}-{plan.season.year % 100:02}{plan.season.term[0]}"
    fresh: list[Programme] = []
    for key, programme in wanted.items():
        row = held.get(key)
        if row is None:
            last += 1
            row = Programme(
                plan=plan, code=f"{stem}{last:03}", major=key[0], programme_type=key[1], study_form=key[2]
            )
            held[key] = row
            fresh.append(row)
        row.years, row.seats, row.fee, row.is_demo = (
            programme.years,
            programme.seats,
            programme.fee,
            programme.is_demo,
        )
        row.origins = [origin.value for origin in allowed_origins(programme)]
        row.partner, row.note, row.aptitude_test_max = (
            programme.partner,
            programme.note,
            programme.aptitude_test_max,
        )
    Programme.objects.bulk_create(fresh)
    stayed = [held[key] for key in wanted if held[key] not in fresh]
    Programme.objects.bulk_update(stayed, _DRAFTED, batch_size=500)
    Quota.objects.bulk_create(
        Quota(
            programme=held[key],
            code=quota.code.value,
            name=quota.code.label,
            seats=quota.seats,
            mode=quota.mode.value,
            priority=quota.priority,
            flows_to=quota.flows_to,
            tie=tie.value,
        )
        for key, programme in wanted.items()
        for quota in programme.quotas
    )


def _last_number(plan: Plan) -> int:
    """The highest number a programme of this plan ever had, so that no code means two things in the history."""
    codes = [
        programme["code"]
        for programmes in PlanVersion.objects.filter(plan=plan).values_list("programmes", flat=True)
        for programme in programmes
    ]
    return max((int(re.sub(r".*\D", "", code)[-3:]) for code in codes), default=0)


def drafts_of(plan: Plan) -> list[ProgrammeDraft]:
    """The stored programmes as they were entered, for the checks; two queries."""
    return [
        ProgrammeDraft(
            major=programme.major,
            programme_type=ProgrammeType(programme.programme_type),
            study_form=StudyForm(programme.study_form),
            years=programme.years,
            seats=programme.seats,
            fee=programme.fee,
            origins=tuple(Origin(origin) for origin in programme.origins),
            partner=programme.partner,
            note=programme.note,
            quotas=tuple(
                QuotaDraft(QuotaKind(b.code), b.seats, Mode(b.mode), b.priority, b.flows_to)
                for b in programme.quotas.all()
            ),
            is_demo=programme.is_demo,
            aptitude_test_max=programme.aptitude_test_max,
        )
        for programme in plan.programmes.prefetch_related("quotas").order_by("code")
    ]
