"""Invariants of persons, seats, admissions and records: SQL that finds the rows that break them."""

_ONE_SEAT = """
SELECT 'person:' || p.root_id || ' year:' || c.intake_year
FROM live_claim AS c JOIN yangguang_person AS p ON p.id = c.person_root_id
GROUP BY p.root_id, c.intake_year HAVING count(*) > 1
UNION ALL
SELECT 'admission:' || a.id || ' without its claim'
FROM live_admission AS a LEFT JOIN live_claim AS c ON c.admission_id = a.id WHERE c.id IS NULL
UNION ALL
SELECT 'admission:' || c.admission_id || ' ended, its claim did not'
FROM live_claim AS c LEFT JOIN live_admission AS a ON a.id = c.admission_id
WHERE a.id IS NULL AND c.admission_id IS NOT NULL
"""
# The quotas of a programme add up to its seats: a flow (decision 0014) moves seats between quotas, a reduction changes
# both. So no more seats of a programme are taken than it has, if none of its quotas is overfull.
_SEAT_COUNTS = """
SELECT 'quota:' || b.id
FROM yangguang_quota AS b
LEFT JOIN (
    SELECT quota_id, count(*) AS live FROM live_claim GROUP BY quota_id
) AS c ON c.quota_id = b.id
LEFT JOIN (
    SELECT quota_id, count(*) AS open FROM yangguang_waitingoffer WHERE state = 'OPEN' GROUP BY quota_id
) AS o ON o.quota_id = b.id
WHERE b.taken <> coalesce(c.live, 0) + coalesce(o.open, 0) OR b.taken > b.seats
UNION ALL
SELECT 'programme:' || l.id || ' quotas:' || coalesce(sum(b.seats), 0) || ' seats:' || l.seats
FROM yangguang_programme AS l LEFT JOIN yangguang_quota AS b ON b.programme_id = l.id
GROUP BY l.id HAVING coalesce(sum(b.seats), 0) <> l.seats
"""
_ONE_PERSON = """
SELECT 'person:' || string_agg(id::text, ',' ORDER BY id) FROM yangguang_person GROUP BY id_hash HAVING count(*) > 1
UNION ALL
SELECT 'person:' || p.id || ' linked through another one' FROM yangguang_person AS p
JOIN yangguang_person AS r ON r.id = p.merged_into_id WHERE r.merged_into_id IS NOT NULL
"""
_ONE_RECORD = """
SELECT 'person:' || p.root_id
FROM yangguang_studentrecord AS r JOIN yangguang_person AS p ON p.id = r.person_id
WHERE r.state <> 'CANCELLED'
GROUP BY p.root_id HAVING count(*) > 1
"""
_RECORD_BASIS = """
SELECT 'record:' || r.id
FROM yangguang_studentrecord AS r
JOIN yangguang_admission AS a ON a.id = r.admission_id
JOIN yangguang_programme AS l ON l.id = a.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
LEFT JOIN yangguang_seatclaim AS c ON c.admission_id = a.id
WHERE r.state <> 'CANCELLED' AND (
    a.state <> 'CHECKED_IN' OR a.checked_in_at IS NULL OR c.state IS DISTINCT FROM 'CONFIRMED'
    OR a.person_id <> r.person_id OR a.school_id <> r.school_id OR p.school_id <> r.school_id
    OR l.major <> r.major OR l.programme_type <> r.programme_type
)
"""
# The basis depends on the kind of round: the choices in force, the exam board's result, or the consent in the log.
_ADMISSION_BASIS = """
SELECT 'admission:' || a.id
FROM yangguang_admission AS a
JOIN yangguang_application AS p ON p.id = a.application_id
JOIN yangguang_person AS n ON n.id = a.person_id
JOIN yangguang_round AS r ON r.id = a.round_id
LEFT JOIN LATERAL (
    SELECT v.programmes, coalesce(restored.recorded_at, v.recorded_at) AS recorded_at FROM yangguang_choiceversion AS v
    LEFT JOIN yangguang_choicedispute AS k ON k.id = v.dispute_id
    LEFT JOIN yangguang_choiceversion AS restored ON restored.id = k.back_to_id
    WHERE v.application_id = a.application_id AND v.round_id = a.round_id ORDER BY v.number DESC LIMIT 1
) AS v ON true
LEFT JOIN effective_window(r.season_id, r.id, 'choices', ARRAY[a.person_id]) AS w ON true
LEFT JOIN yangguang_importedresult AS i ON i.id = a.imported_id
WHERE p.person_id <> a.person_id OR CASE
    WHEN r.kind IN ('ranked', 'supplementary_ranked') THEN
        v.programmes[a.rank] IS DISTINCT FROM a.programme_id
        OR NOT coalesce(v.recorded_at >= w.opens_at AND v.recorded_at < w.closes_at, false)
    WHEN r.kind = 'imported' THEN
        i.id IS NULL OR i.round_id <> a.round_id OR i.programme_id <> a.programme_id OR i.id_hash <> n.id_hash
    ELSE NOT EXISTS (
        SELECT 1 FROM yangguang_auditentry AS e
        WHERE e.person = a.person_id AND e.action IN ('seat.claim', 'seat.transfer')
          AND e.outcome = 'DONE' AND e.at = a.published_at
    )
END
"""
# A version restored by officers needs a dispute of the family, equals an earlier version that the family submitted,
# and was decided by two different officers, none of them of the family.
_SUBMITTED_BY_FAMILY = """
SELECT 'choice_version:' || v.id
FROM yangguang_choiceversion AS v
JOIN yangguang_application AS a ON a.id = v.application_id
JOIN yangguang_person AS p ON p.id = a.person_id
WHERE CASE WHEN v.submitted_by = 'RESTORED' THEN NOT EXISTS (
    SELECT 1 FROM yangguang_choicedispute AS k
    JOIN yangguang_choiceversion AS restored ON restored.id = k.back_to_id
    WHERE k.id = v.dispute_id AND k.state = 'RESTORED'
      AND (k.application_id, k.round_id) = (v.application_id, v.round_id)
      AND (restored.application_id, restored.round_id) = (v.application_id, v.round_id)
      AND restored.programmes = v.programmes AND restored.number < v.number AND restored.submitted_by <> 'RESTORED'
      AND (k.by_account_id = p.account_id OR EXISTS (
          SELECT 1 FROM yangguang_guardian AS g WHERE g.person_id = p.id AND g.account_id = k.by_account_id))
      AND k.decided_by_id = v.by_account_id AND k.decided_by_id <> k.proposed_by_id
      AND p.account_id NOT IN (k.decided_by_id, k.proposed_by_id)
      AND k.by_account_id NOT IN (k.decided_by_id, k.proposed_by_id)
) ELSE v.by_account_id <> p.account_id AND NOT EXISTS (
    SELECT 1 FROM yangguang_guardian AS g WHERE g.person_id = p.id AND g.account_id = v.by_account_id
) END
"""
_RANKS = """
SELECT 'choice_version:' || v.id
FROM yangguang_choiceversion AS v JOIN yangguang_round AS r ON r.id = v.round_id
WHERE cardinality(v.programmes) NOT BETWEEN 1 AND r.max_choices
   OR array_position(v.programmes, NULL) IS NOT NULL
   OR cardinality(v.programmes) <> (SELECT count(DISTINCT programme) FROM unnest(v.programmes) AS u(programme))
UNION ALL
SELECT 'application:' || a.id
FROM yangguang_application AS a
LEFT JOIN LATERAL (
    SELECT count(*) AS stored, max(v.number) AS last FROM yangguang_choiceversion AS v WHERE v.application_id = a.id
) AS v ON true
WHERE a.choices_version <> v.stored OR a.choices_version <> coalesce(v.last, 0)
"""
# Checked at the instant of the admission, against the decisions of that instant.
_BARRED_SCHOOLS = """
SELECT 'admission:' || a.id
FROM yangguang_admission AS a
JOIN yangguang_round AS r ON r.id = a.round_id
JOIN yangguang_season AS s ON s.id = r.season_id
WHERE NOT EXISTS (
    SELECT 1 FROM yangguang_qualification AS q
    WHERE q.unit_id = a.school_id AND q.year = s.year AND q.published_at <= a.published_at
) OR EXISTS (
    SELECT 1 FROM measure_in_force(a.published_at) AS x WHERE x.unit_id = a.school_id AND x.kind = 'STOP'
)
UNION ALL
SELECT 'admission:' || n.id
FROM (
    SELECT a.id, a.school_id, a.published_at,
           count(*) OVER (PARTITION BY a.school_id, s.year ORDER BY a.published_at) AS nth
    FROM live_admission AS a
    JOIN yangguang_round AS r ON r.id = a.round_id
    JOIN yangguang_season AS s ON s.id = r.season_id
) AS n
JOIN LATERAL measure_in_force(n.published_at) AS x ON x.unit_id = n.school_id AND x.kind IN ('CAP', 'SHRINK')
WHERE n.nth > x.cap
"""
_CONSENT = """
SELECT 'person:' || a.person_id
FROM (
    SELECT person_id, min(recorded_at) AS collected_at FROM yangguang_application GROUP BY person_id
) AS a
JOIN yangguang_person AS p ON p.id = a.person_id
CROSS JOIN LATERAL (SELECT rule_number(a.collected_at, 'person.child_under') AS years) AS child
WHERE p.born_on + make_interval(years => child.years) > (a.collected_at AT TIME ZONE 'Asia/Shanghai')::date
  AND NOT EXISTS (
      SELECT 1 FROM yangguang_consent AS c
      WHERE c.person_id = p.id AND c.by_guardian AND c.given AND c.recorded_at <= a.collected_at
  )
"""

PERSON_INVARIANTS: tuple[tuple[int, str, str], ...] = (
    (1, "一人一年至多占一个名额", _ONE_SEAT),
    (2, "已占名额等于有效占位加待应答的递补，不超过名额和计划数，各类名额合计等于计划数", _SEAT_COUNTS),
    (3, "一个证件号码只对应一个人", _ONE_PERSON),
    (4, "一人在两线合起来至多一条有效学籍", _ONE_RECORD),
    (5, "每条学籍都有同一人、同一学校、同一专业的已报到录取", _RECORD_BASIS),
    (6, "每个录取都有按时提交的志愿、考试机构的结果或本人的注册", _ADMISSION_BASIS),
    (7, "每版志愿都由学生本人或已关联的监护人提交，恢复的版本依据本人的异议和两名工作人员", _SUBMITTED_BY_FAMILY),
    (8, "志愿从1连续编号，不重复，不超过上限", _RANKS),
    (11, "没有录取到当时无资质、被停止招生或已达上限的学校", _BARRED_SCHOOLS),
    (19, "未满规定年龄的，先有监护人同意再收集信息", _CONSENT),
)
