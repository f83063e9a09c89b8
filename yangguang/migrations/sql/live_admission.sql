-- The admissions that hold a seat now (rules/admissions/admission_states.py, LIVE).
CREATE VIEW live_admission AS
SELECT id, application_id, person_id, school_id, round_id, programme_id, quota_id, rank, state, published_at
FROM yangguang_admission
WHERE state IN ('OFFERED', 'ACCEPTED', 'WAITING', 'CHECKED_IN');
