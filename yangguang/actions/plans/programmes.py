"""Writing and rereading the lines of a plan: what drafting, submitting and changing share. (plan.history)"""

import re
from collections.abc import Sequence

from yangguang.models import Plan, PlanBucket, PlanLine, PlanVersion, Unit
from yangguang.queries.rows import fetch_all
from yangguang.rules.applicants.origins import Origin, StudyForm
from yangguang.rules.plans.programme_types import Pattern
from yangguang.rules.plans.programmes import BucketDraft, BucketKind, LineDraft, allowed_origins
from yangguang.rules.plans.quotas import Mode, Tie

# The plan exactly as it stands, line by line, for the history that anyone may read.
_SNAPSHOT = """
INSERT INTO yangguang_planversion (plan_id, version, state, lines)
SELECT p.id, p.version, p.state, coalesce((
    SELECT jsonb_agg(jsonb_build_object(
        'code', l.code, 'major', l.major, 'pattern', l.pattern, 'study_form', l.study_form,
        'years', l.years::text, 'seats', l.seats, 'fee', l.fee, 'origins', to_jsonb(l.origins),
        'partner', l.partner, 'own_test_max', l.own_test_max, 'buckets', (
            SELECT jsonb_agg(jsonb_build_object('code', b.code, 'seats', b.seats, 'mode', b.mode)
                             ORDER BY b.priority)
            FROM yangguang_planbucket b WHERE b.plan_line_id = l.id
        )) ORDER BY l.code)
    FROM yangguang_planline l WHERE l.plan_id = p.id
), '[]'::jsonb)
FROM yangguang_plan p WHERE p.id = ANY(%s)
"""

# Rounds that are open and not yet published follow a changed plan, so that no run counts seats that are gone.
_FOLLOW = """
UPDATE yangguang_roundline AS rl SET seats = b.free, dedicated = b.dedicated
FROM (SELECT plan_line_id, sum(seats - taken) AS free,
             coalesce(sum(seats - taken) FILTER (WHERE code = 'dedicated'), 0) AS dedicated
      FROM yangguang_planbucket WHERE plan_line_id = ANY(%s) GROUP BY plan_line_id) AS b, yangguang_round AS r
WHERE rl.plan_line_id = b.plan_line_id AND r.id = rl.round_id AND NOT EXISTS (
    SELECT FROM yangguang_admissionrun run WHERE run.round_id = r.id AND run.state = 'PUBLISHED')
"""
_DRAFTED = ("years", "seats", "fee", "is_demo", "origins", "partner", "note", "own_test_max")


def follow_rounds(lines: Sequence[int]) -> None:
    """Let the rounds that offer these lines (row ids) know how many seats are left."""
    fetch_all(_FOLLOW, (list(lines),))


def keep_versions(plans: Sequence[int]) -> None:
    """Keep the plans (row ids) as they stand now; one statement whatever their number."""
    fetch_all(_SNAPSHOT, (list(plans),))


def write_lines(plan: Plan, school: Unit, lines: Sequence[LineDraft], tie: Tie) -> None:
    """Make the plan's lines and buckets those of `lines`; a line that stays keeps its code."""
    held = {(line.major, line.pattern, line.study_form): line for line in plan.lines.all()}
    wanted = {line.key: line for line in lines}
    PlanBucket.objects.filter(plan_line__plan=plan).delete()
    plan.lines.exclude(pk__in=[held[key].pk for key in wanted if key in held]).delete()
    last = _last_number(plan)
    stem = f"{school.code}-{plan.season.year % 100:02}{plan.season.term[0]}"
    fresh: list[PlanLine] = []
    for key, line in wanted.items():
        row = held.get(key)
        if row is None:
            last += 1
            row = PlanLine(
                plan=plan, code=f"{stem}{last:03}", major=key[0], pattern=key[1], study_form=key[2]
            )
            held[key] = row
            fresh.append(row)
        row.years, row.seats, row.fee, row.is_demo = line.years, line.seats, line.fee, line.is_demo
        row.origins = [origin.value for origin in allowed_origins(line)]
        row.partner, row.note, row.own_test_max = line.partner, line.note, line.own_test_max
    PlanLine.objects.bulk_create(fresh)
    stayed = [held[key] for key in wanted if held[key] not in fresh]
    PlanLine.objects.bulk_update(stayed, _DRAFTED, batch_size=500)
    PlanBucket.objects.bulk_create(
        PlanBucket(
            plan_line=held[key],
            code=bucket.code.value,
            name=bucket.code.label,
            seats=bucket.seats,
            mode=bucket.mode.value,
            priority=bucket.priority,
            flows_to=bucket.flows_to,
            tie=tie.value,
        )
        for key, line in wanted.items()
        for bucket in line.buckets
    )


def _last_number(plan: Plan) -> int:
    """The highest number a line of this plan ever had, so that no code means two things in the history."""
    codes = [
        line["code"]
        for lines in PlanVersion.objects.filter(plan=plan).values_list("lines", flat=True)
        for line in lines
    ]
    return max((int(re.sub(r".*\D", "", code)[-3:]) for code in codes), default=0)


def drafts_of(plan: Plan) -> list[LineDraft]:
    """The stored lines as they were entered, for the checks; two queries."""
    return [
        LineDraft(
            major=line.major,
            pattern=Pattern(line.pattern),
            study_form=StudyForm(line.study_form),
            years=line.years,
            seats=line.seats,
            fee=line.fee,
            origins=tuple(Origin(origin) for origin in line.origins),
            partner=line.partner,
            note=line.note,
            buckets=tuple(
                BucketDraft(BucketKind(b.code), b.seats, Mode(b.mode), b.priority, b.flows_to)
                for b in line.buckets.all()
            ),
            is_demo=line.is_demo,
            own_test_max=line.own_test_max,
        )
        for line in plan.lines.prefetch_related("buckets").order_by("code")
    ]
