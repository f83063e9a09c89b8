"""Invariants of versions, dual approval, jobs, messages, plans and sanctions: SQL that finds rows that break them."""

from yangguang.rules.base.state_machine import render_states
from yangguang.rules.choices import dispute_states
from yangguang.rules.reporting import report_states

HISTORIES = ("plan", "round", "window", "target", "sanction", "monthlyreport", "identitycase", "choicedispute")
"""Tables with a history table."""

# Each version has exactly one row of history: a second one is a change without a new version. A round that was opened
# without being loaded begins at 0.
_HISTORY = """
SELECT '{table}:' || t.id
FROM yangguang_{table} AS t
LEFT JOIN (
    SELECT pgh_obj_id, count(*) AS written, count(DISTINCT version) AS versions,
           min(version) AS oldest, max(version) AS newest
    FROM yangguang_{table}event GROUP BY pgh_obj_id
) AS e ON e.pgh_obj_id = t.id
WHERE e.newest IS DISTINCT FROM t.version OR e.oldest > 1
   OR e.written <> e.versions OR e.versions <> e.newest - e.oldest + 1
"""
_RECORD_HISTORY = """
SELECT 'record:' || r.id FROM yangguang_studentrecord AS r
LEFT JOIN (SELECT record_id, count(*) AS n FROM yangguang_recordevent GROUP BY record_id) AS e ON e.record_id = r.id
WHERE coalesce(e.n, 0) <> r.version
"""
_VERSIONS = "UNION ALL".join([*(_HISTORY.format(table=table) for table in HISTORIES), _RECORD_HISTORY])
_TARGETS = """
SELECT 'unit:' || t.parent_id || ' year:' || t.year || ' sector:' || t.sector
FROM yangguang_target AS t
JOIN yangguang_target AS own ON own.unit_id = t.parent_id AND own.year = t.year AND own.sector = t.sector
GROUP BY t.parent_id, t.year, t.sector HAVING sum(t.number) <> (
    SELECT sum(o.number) FROM yangguang_target AS o
    WHERE o.unit_id = t.parent_id AND o.year = t.year AND o.sector = t.sector
)
"""
# The log holds the serial number of the key of every signature; families confirm by code.
_DUAL_APPROVAL = f"""
SELECT 'proposal:' || p.id
FROM yangguang_proposal AS p
WHERE p.done_at IS NOT NULL AND (
    p.approved_by_id IS NULL OR p.approved_by_id = p.proposed_by_id OR NOT EXISTS (
        SELECT 1 FROM yangguang_auditentry AS e
        WHERE e.action = p.action AND e.outcome = 'DONE' AND e.account = p.approved_by_id
          AND e.facts ->> 'first' = p.proposed_by_id::text AND e.at = p.done_at
    )
)
UNION ALL
SELECT 'audit_entry:' || e.id
FROM yangguang_auditentry AS e
WHERE e.outcome = 'DONE' AND e.facts ? 'factor' AND e.facts ->> 'factor' <> 'code' AND NOT EXISTS (
    SELECT 1 FROM yangguang_securitykey AS k WHERE k.serial = e.facts ->> 'factor' AND k.account_id = e.account
)
UNION ALL
SELECT 'run:' || id FROM yangguang_admissionrun
WHERE state = 'PUBLISHED' AND (
    proposed_by_id IS NULL OR approved_by_id IS NULL OR published_by_id IS NULL
    OR approved_by_id IN (proposed_by_id, published_by_id)
)
UNION ALL
SELECT 'sanction:' || id FROM yangguang_sanction WHERE decided_by_id = proposed_by_id
UNION ALL
SELECT 'lottery:' || id FROM yangguang_lotteryseed
WHERE commitment <> '' AND (second_by_id IS NULL OR second_by_id = first_by_id)
UNION ALL
SELECT 'dispute:' || id FROM yangguang_choicedispute
WHERE state IN {render_states(dispute_states.DECIDED)} AND (
    proposed_by_id IS NULL OR decided_by_id IS NULL OR proposed_by_id = decided_by_id
)
UNION ALL
SELECT 'window_exception:' || id FROM yangguang_windowexception WHERE proposed_by_id = approved_by_id
UNION ALL
SELECT 'report:' || r.id FROM yangguang_monthlyreport AS r JOIN yangguang_unit AS u ON u.id = r.unit_id
WHERE r.state IN {render_states(report_states.FINAL)}
  AND (r.sealed_by_id IS NULL OR (u.level <> 'COUNTY' AND r.sealed_by_id IS NOT DISTINCT FROM r.reviewed_by_id))
"""
# The real clock: the shift of a practice season must not make every worker look stalled.
_STALLED = """
SELECT 'job:' || j.id FROM procrastinate_jobs AS j LEFT JOIN procrastinate_workers AS w ON w.id = j.worker_id
WHERE j.status = 'doing'
  AND coalesce(w.last_heartbeat, '-infinity') < clock_timestamp() - interval '90 seconds'
"""
_ONE_MESSAGE = """
SELECT 'message:' || string_agg(id::text, ',' ORDER BY id) FROM yangguang_message
GROUP BY person_id, event, subject HAVING count(*) > 1
UNION ALL
SELECT 'message:' || string_agg(id::text, ',' ORDER BY id) FROM yangguang_message
WHERE provider_id <> '' GROUP BY provider_id HAVING count(*) > 1
"""
# The seats of each stored version of a plan against the claims that were live at its instant.
_PLAN_SEATS = """
SELECT 'plan_version:' || v.id || ' programme:' || (programme ->> 'code')
FROM yangguang_planversion AS v
CROSS JOIN LATERAL jsonb_array_elements(v.programmes) AS programme
JOIN yangguang_programme AS l ON l.code = programme ->> 'code'
JOIN LATERAL (
    SELECT count(*) AS live
    FROM yangguang_seatclaim AS c JOIN yangguang_quota AS b ON b.id = c.quota_id AND b.programme_id = l.id
    WHERE EXISTS (
        SELECT 1 FROM yangguang_seatevent AS e
        WHERE e.claim_id = c.id AND e.state = 'HELD' AND e.recorded_at <= v.recorded_at
    ) AND NOT EXISTS (
        SELECT 1 FROM yangguang_seatevent AS e
        WHERE e.claim_id = c.id AND e.state = 'RELEASED' AND e.recorded_at <= v.recorded_at
    )
) AS t ON true
WHERE (programme ->> 'seats')::int < t.live
UNION ALL
SELECT 'programme:' || l.id
FROM yangguang_programme AS l JOIN yangguang_quota AS b ON b.programme_id = l.id
GROUP BY l.id HAVING l.seats < sum(b.taken)
"""
# A decision is unchanged and carried out; a stopped school gets no new choices, a capped one no more applicants than
# its cap (earlier choices stay), and a reduced plan stays reduced.
_SANCTIONS = """
SELECT 'sanction:' || x.id FROM yangguang_sanction AS x
WHERE (x.decided_at IS NULL) <> (x.decided_by_id IS NULL)
   OR (x.kind IN ('CAP', 'SHRINK')) <> (x.cap IS NOT NULL)
UNION ALL
SELECT DISTINCT 'sanction:' || x.id
FROM yangguang_sanction AS x
JOIN yangguang_sanctionevent AS e ON e.pgh_obj_id = x.id AND e.decided_at IS NOT NULL
WHERE (e.unit_id, e.kind, e.violation_id, e.sentence, e.cap, e.starts_at)
      IS DISTINCT FROM (x.unit_id, x.kind, x.violation_id, x.sentence, x.cap, x.starts_at)
UNION ALL
SELECT DISTINCT 'choice_version:' || v.id
FROM yangguang_sanction AS x
JOIN yangguang_plan AS p ON p.school_id = x.unit_id
JOIN yangguang_programme AS l ON l.plan_id = p.id
JOIN yangguang_choiceversion AS v
    ON v.programmes @> ARRAY[l.id] AND v.recorded_at >= greatest(x.starts_at, x.decided_at)
WHERE x.kind = 'STOP' AND x.decided_at IS NOT NULL AND (x.ends_at IS NULL OR v.recorded_at < x.ends_at)
  AND v.submitted_by <> 'RESTORED'
UNION ALL
SELECT 'sanction:' || x.id || ' not carried out'
FROM yangguang_sanction AS x
WHERE x.decided_at IS NOT NULL AND x.carried_out_at IS NULL AND x.kind IN ('SHRINK', 'STOP')
  AND greatest(x.starts_at, x.decided_at) < yg_now() - interval '2 hours'
  AND (x.ends_at IS NULL OR x.ends_at > yg_now())
UNION ALL
SELECT 'sanction:' || x.id || ' plan:' || p.id
FROM yangguang_sanction AS x
JOIN yangguang_plan AS p ON p.school_id = x.unit_id AND p.state = 'PUBLISHED'
JOIN yangguang_season AS s ON s.id = p.season_id
JOIN yangguang_programme AS l ON l.plan_id = p.id
JOIN LATERAL (SELECT sum(taken) AS taken FROM yangguang_quota WHERE programme_id = l.id) AS b ON true
WHERE x.kind = 'SHRINK' AND x.carried_out_at IS NOT NULL AND (x.ends_at IS NULL OR x.ends_at > yg_now())
  AND s.year >= extract(year FROM x.carried_out_at AT TIME ZONE 'Asia/Shanghai')
GROUP BY x.id, x.cap, p.id HAVING sum(l.seats) > greatest(x.cap, sum(b.taken))
UNION ALL
SELECT DISTINCT 'choice_version:' || v.id
FROM yangguang_sanction AS x
JOIN yangguang_plan AS p ON p.school_id = x.unit_id
JOIN LATERAL (SELECT array_agg(id) AS programmes FROM yangguang_programme WHERE plan_id = p.id) AS t ON true
JOIN yangguang_choiceversion AS v
    ON v.programmes && t.programmes AND v.recorded_at >= greatest(x.starts_at, x.decided_at)
JOIN yangguang_application AS a ON a.id = v.application_id AND a.season_id = p.season_id
WHERE x.kind = 'CAP' AND x.decided_at IS NOT NULL AND (x.ends_at IS NULL OR v.recorded_at < x.ends_at)
  AND v.submitted_by <> 'RESTORED'
  AND NOT coalesce((SELECT o.programmes && t.programmes FROM yangguang_choiceversion AS o
                    WHERE o.application_id = v.application_id AND o.number < v.number
                    ORDER BY o.number DESC LIMIT 1), false)
  AND x.cap <= (
      SELECT count(*) FROM (
          SELECT DISTINCT ON (o.application_id) o.programmes
          FROM yangguang_choiceversion AS o JOIN yangguang_application AS other ON other.id = o.application_id
          WHERE other.season_id = p.season_id AND other.id <> a.id AND other.state = 'CHOSEN'
            AND o.id < v.id
          ORDER BY o.application_id, o.number DESC
      ) AS others WHERE others.programmes && t.programmes
  )
"""

PROCESS_INVARIANTS: tuple[tuple[int, str, str], ...] = (
    (12, "每个有版本的条目，有多少版就有多少次写入记录", _VERSIONS),
    (14, "任务分解逐级相加等于上级下达数", _TARGETS),
    (21, "双人事项由两个不同的人各用本人的优盾办理", _DUAL_APPROVAL),
    (22, "没有失去心跳超过90秒仍在运行的任务", _STALLED),
    (23, "每人每个事件只有一条消息", _ONE_MESSAGE),
    (24, "任何一版计划都不低于当时已占的名额", _PLAN_SEATS),
    (26, "处理措施的效果与决定一致", _SANCTIONS),
)
