-- The claims that hold a seat now, at most one a person and intake year (rules/admissions/claim_states.py, LIVE).
CREATE VIEW live_claim AS
SELECT id, person_root_id, intake_year, quota_id, admission_id, outside_id, state
FROM yangguang_seatclaim
WHERE state IN ('HELD', 'CONFIRMED');
