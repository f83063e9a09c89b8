"""The effects of several measures against one school."""

from datetime import UTC, datetime, timedelta

from yangguang.rules.supervision.sanctions import DecidedMeasure, Measure, effects_of


def test_a_measure_is_in_force_from_its_start_to_its_end_and_the_lower_cap_counts() -> None:
    at = datetime(2024, 8, 1, tzinfo=UTC)
    day = timedelta(days=1)
    measures = [
        DecidedMeasure(Measure.CAP, "甲", 90, at - day, None),
        DecidedMeasure(Measure.CAP, "乙", 60, at, at + day),
        DecidedMeasure(Measure.CAP, "丙", 10, at - day, at),
        DecidedMeasure(Measure.STOP, "丁", None, at + day, None),
    ]

    now, later = effects_of(measures, at), effects_of(measures, at + day)

    assert (now.registrations_cap, now.plan_cap, now.takes_new) == (60, None, True)
    assert now.labels == ((Measure.CAP, "甲"), (Measure.CAP, "乙"))
    assert (later.registrations_cap, later.plan_cap, later.takes_new) == (0, 0, False)
    assert later.labels[0] == (Measure.STOP, "丁")
