"""The effects of several measures against one school."""

from datetime import UTC, datetime, timedelta

from yangguang.rules.supervision.sanctions import DecidedMeasure, Measure, effects_of

AT = datetime(2024, 8, 1, tzinfo=UTC)
CAPS = [DecidedMeasure(Measure.CAP, "乙", 60, AT), DecidedMeasure(Measure.CAP, "甲", 90, AT - timedelta(days=1))]


def test_of_two_caps_the_lower_one_counts_and_the_earlier_one_is_named_first() -> None:
    effects = effects_of(CAPS)

    assert (effects.registrations_cap, effects.plan_cap, effects.takes_new) == (60, None, True)
    assert effects.labels == ((Measure.CAP, "甲"), (Measure.CAP, "乙"))


def test_a_stopped_school_takes_nobody_and_the_stop_is_named_first() -> None:
    effects = effects_of([*CAPS, DecidedMeasure(Measure.STOP, "丁", None, AT)])

    assert (effects.registrations_cap, effects.plan_cap, effects.takes_new) == (0, 0, False)
    assert effects.labels[0] == (Measure.STOP, "丁")
