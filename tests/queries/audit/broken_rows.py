"""One change of the database for each way to break an invariant: its number, what is broken, the statements."""

from tests.support.builders.enrolment import id_number

ID_IN_THE_CLEAR = id_number(1)
_RECORD_TWICE = """
INSERT INTO yangguang_studentrecord (person_id, admission_id, school_id, number, major, programme_type, entered_on,
    school_class, state, version)
SELECT r.person_id, a.id + 1000, r.school_id, 'X1', r.major, r.programme_type, r.entered_on, '', 'CREATED', 1
FROM yangguang_studentrecord AS r, yangguang_admission AS a
WHERE a.id = (SELECT max(id) FROM yangguang_admission) AND r.id = (SELECT min(id) FROM yangguang_studentrecord)
"""
_PLACE = """
UPDATE yangguang_placement SET {}
WHERE application_id = (SELECT id FROM yangguang_application WHERE number = '{}')
"""
_SEAT_OF_ANOTHER = """(programme_id, quota_id, rank) = (
    SELECT programme_id, quota_id, rank FROM yangguang_placement WHERE rank = 1 ORDER BY application_id LIMIT 1
)"""
_NO_SEAT = "programme_id = NULL, quota_id = NULL, rank = NULL"
_ANY_CHOICE = "id = (SELECT min(id) FROM yangguang_choiceversion)"
_AN_ACCOUNT = "(SELECT min(id) FROM yangguang_account)"
_PLAN_CUT = """
INSERT INTO yangguang_planversion (plan_id, version, state, programmes)
SELECT id, 9, 'PUBLISHED', '[{"code": "A", "seats": 1}]' FROM yangguang_plan
"""
_DONE_ALONE = """
INSERT INTO yangguang_proposal (action, content, label, version, end_reason, proposed_by_id, approved_by_id, done_at)
SELECT 'x', '', '', '', '', min(id), max(id), yg_now() FROM yangguang_account
"""

BREAKS: list[tuple[int, str, tuple[str, ...]]] = [
    (
        1,
        "two live claims of one person",
        (
            "DROP INDEX one_person_one_seat",
            "UPDATE yangguang_seatclaim SET person_root_id = (SELECT min(person_root_id) FROM yangguang_seatclaim)",
        ),
    ),
    (
        1,
        "an admission that lost its claim",
        ("UPDATE yangguang_seatclaim SET state = 'RELEASED' WHERE id = (SELECT min(id) FROM yangguang_seatclaim)",),
    ),
    (2, "a seat taken without a claim", ("UPDATE yangguang_quota SET taken = taken - 1 WHERE taken > 0",)),
    (
        2,
        "more taken than there are",
        ("ALTER TABLE yangguang_quota DROP CONSTRAINT quota_never_over", "UPDATE yangguang_quota SET seats = 0"),
    ),
    (2, "quotas that promise more than their programme", ("UPDATE yangguang_quota SET seats = seats + 100",)),
    (
        2,
        "quotas that promise less than their programme",
        ("UPDATE yangguang_quota SET seats = taken", "UPDATE yangguang_programme SET seats = seats + 1"),
    ),
    (2, "a programme whose quotas are gone", ("DELETE FROM yangguang_quota",)),
    (
        3,
        "one number, two persons",
        (
            "ALTER TABLE yangguang_person DROP CONSTRAINT yangguang_person_id_hash_key",
            "UPDATE yangguang_person SET id_hash = '\\x00'",
        ),
    ),
    (
        3,
        "a link to a linked person",
        ("UPDATE yangguang_person SET merged_into_id = (SELECT min(id) FROM yangguang_person)",),
    ),
    (4, "two records of one person", ("DROP INDEX one_live_record_a_person", _RECORD_TWICE)),
    (5, "a record of someone who never came", ("UPDATE yangguang_admission SET state = 'ACCEPTED'",)),
    (5, "a record of another major", ("UPDATE yangguang_studentrecord SET major = 'x'",)),
    (6, "choices after the window", ("UPDATE yangguang_choiceversion SET recorded_at = yg_now()",)),
    (6, "an admission to a programme that was not chosen", ("UPDATE yangguang_admission SET rank = 2",)),
    (6, "a walk-in without consent", ("UPDATE yangguang_round SET kind = 'direct'",)),
    (6, "an import without its programme", ("UPDATE yangguang_round SET kind = 'imported'",)),
    (
        7,
        "a choice by another account",
        (f"UPDATE yangguang_choiceversion SET by_account_id = {_AN_ACCOUNT} WHERE {_ANY_CHOICE}",),
    ),
    (
        8,
        "a choice named twice",
        (f"UPDATE yangguang_choiceversion SET programmes = programmes || programmes WHERE {_ANY_CHOICE}",),
    ),
    (8, "more choices than allowed", ("UPDATE yangguang_round SET max_choices = 1",)),
    (8, "a version that was removed", (f"DELETE FROM yangguang_choiceversion WHERE {_ANY_CHOICE}",)),
    (9, "a better one passed over", (_PLACE.format(_SEAT_OF_ANOTHER, "N0003"), _PLACE.format(_NO_SEAT, "N0002"))),
    (10, "a seat left idle", (_PLACE.format(_NO_SEAT, "N0002"),)),
    (11, "a school without qualification", ("DELETE FROM yangguang_qualification",)),
    (12, "a version that was not written", ("UPDATE yangguang_plan SET version = version + 1",)),
    (12, "a record changed without its event", ("UPDATE yangguang_studentrecord SET version = version + 1",)),
    (
        13,
        "a changed entry",
        ("UPDATE yangguang_auditentry SET role = 'V' WHERE id = (SELECT max(id) FROM yangguang_auditentry)",),
    ),
    (
        14,
        "children that do not add up",
        (
            """
        INSERT INTO yangguang_target
            (year, sector, parent_id, unit_id, label, position, number, version, source, file_digest)
        SELECT year, sector, (SELECT id FROM yangguang_unit WHERE level = 'PROVINCE'), parent_id, '市', 1, 10, 1, '', ''
        FROM yangguang_target
    """,
        ),
    ),
    (
        15,
        "a total that is not its parts",
        (
            """
        UPDATE yangguang_monthlyreport SET rows = jsonb_set(rows, '{0,total}', '99')
    """,
        ),
    ),
    (
        15,
        "a rate that does not recompute",
        (
            """
        UPDATE yangguang_monthlyreport SET rows = jsonb_set(rows, '{0,completion}', '"100.00%"')
    """,
        ),
    ),
    (
        16,
        "a sealed number that was touched",
        (
            """
        UPDATE yangguang_monthlyreport SET rows = jsonb_set(rows, '{0,held_back}', '7')
    """,
        ),
    ),
    (16, "a correction put in after the seal", ("UPDATE yangguang_monthlyreport SET correction = '{}'",)),
    (16, "a sealed form of another month", ("UPDATE yangguang_monthlyreport SET month = month % 12 + 1",)),
    (
        16,
        "a sealed form of another unit",
        ("UPDATE yangguang_monthlyreport SET unit_id = (SELECT min(id) FROM yangguang_unit)",),
    ),
    (18, "another result hash", ("UPDATE yangguang_admissionrun SET output_hash = repeat('0', 64)",)),
    (18, "another input", ("UPDATE yangguang_admissionrun SET input_hash = repeat('0', 64)",)),
    (18, "another seed", ("UPDATE yangguang_lotteryseed SET revealed = repeat('0', 64)",)),
    (18, "another commitment", ("UPDATE yangguang_lotteryseed SET commitment = repeat('0', 64)",)),
    (18, "an admission the run did not make", ("DELETE FROM yangguang_placement WHERE programme_id IS NOT NULL",)),
    (
        19,
        "a child without a guardian's consent",
        ("UPDATE yangguang_person SET born_on = (yg_now() - interval '13 years')::date",),
    ),
    (21, "an act of two without its entry", (_DONE_ALONE,)),
    (
        21,
        "a key that is not the signer's",
        ("UPDATE yangguang_securitykey SET account_id = (SELECT max(id) FROM yangguang_account)",),
    ),
    (21, "a publication by its approver", ("UPDATE yangguang_admissionrun SET published_by_id = approved_by_id",)),
    (
        21,
        "a city's form sealed by its reviewer",
        (
            "UPDATE yangguang_monthlyreport SET reviewed_by_id = sealed_by_id,"
            " unit_id = (SELECT min(id) FROM yangguang_unit WHERE level = 'CITY')",
        ),
    ),
    (
        22,
        "a job whose worker died",
        (
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes')",
            """INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)
           SELECT 'default', 'x', 'doing', max(id) FROM procrastinate_workers""",
        ),
    ),
    (
        23,
        "a message queued twice",
        (
            "ALTER TABLE yangguang_message DROP CONSTRAINT IF EXISTS told_once_of_each_event",
            """INSERT INTO yangguang_message (person_id, event, subject, text, state, tries, provider_id)
           SELECT person_id, event, subject, text, state, tries, '' FROM yangguang_message""",
        ),
    ),
    (23, "two messages, one delivery", ("UPDATE yangguang_message SET provider_id = 'p'",)),
    (24, "a version of the plan below what was taken", (_PLAN_CUT,)),
    (24, "a plan below what is taken", ("UPDATE yangguang_programme SET seats = 0",)),
    (25, "a number in a message", (f"UPDATE yangguang_message SET text = '证件号{ID_IN_THE_CLEAR}。'",)),
    (25, "a phone in the log", ("""UPDATE yangguang_auditentry SET facts = '{"to": "15400001234"}'""",)),
]
