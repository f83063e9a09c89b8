"""Two officers save the same whole form at the same second: the later reads that a colleague did. (T3.21, F-I6)"""

from threading import Barrier

import pytest

from tests.support.builders.crowd import at_once
from tests.support.builders.plans import programme, ready
from tests.support.clients import OfficerClient
from tests.support.personas import Personas, officer
from yangguang.actions.base.action import require_version
from yangguang.actions.plans import plans
from yangguang.actions.reporting import targets
from yangguang.models import Plan, Season, Target, Unit
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import VersionConflict
from yangguang.rules.reporting.targets import TargetRow


def save_plan(personas: Personas, seen: str) -> list[object]:
    """Two of a school save its plan at once, each with another programme."""
    teachers = [officer(f"teacher{seen}{n}", Role.VOCATIONAL_SCHOOL, personas.school) for n in (1, 2)]
    plan = {"school": personas.school, "season": personas.season, "capacity": 300, "seen": seen}
    saves = [
        lambda who=who, major=major: who.act(plans.draft, programmes=[programme(f"{major}{seen}")], **plan)  # type: ignore[misc]
        for who, major in zip(teachers, ("护理", "会计"), strict=True)
    ]
    return at_once(saves, 2)


def test_of_two_who_save_a_plan_at_once_the_later_reads_of_the_other(personas: Personas) -> None:
    ready(personas)
    for seen in ("0", "1"):
        answers = save_plan(personas, seen)

        assert sorted(type(answer).__name__ for answer in answers) == ["Plan", "VersionConflict"], answers
    assert Plan.objects.get().version == 2
    assert Plan.objects.get().programmes.count() == 1


def test_without_the_locked_plan_only_a_constraint_stops_the_later_save(
    personas: Personas, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(personas)
    save_plan(personas, "0")

    both = Barrier(2)

    def read_together(school: Unit, season: Season) -> Plan:
        read = Plan.objects.get(school=school, season=season)
        both.wait(timeout=30)
        return read

    request.getfixturevalue("unlocked")
    monkeypatch.setattr(plans, "_lock_plan", read_together)

    answers = save_plan(personas, "1")

    assert sorted(type(answer).__name__ for answer in answers) == ["IntegrityError", "Plan"], answers


def break_down(personas: Personas, who: OfficerClient, numbers: tuple[int, int], seen: str) -> object:
    units = [personas.county.name, "其他学校"]
    rows = [TargetRow(at, name, number) for at, (name, number) in enumerate(zip(units, numbers, strict=True), 1)]
    year = personas.season.year
    return who.sign(targets.set_children, year=year, parent=personas.city, rows=rows, source="测试", seen=seen)


def save_targets(personas: Personas) -> list[object]:
    officers = [personas.me, officer("me2", Role.CITY_EDUCATION, personas.city)]
    numbers = [(60, 40), (70, 30)]
    saves = [
        lambda who=who, typed=typed: break_down(personas, who, typed, "0")  # type: ignore[misc]
        for who, typed in zip(officers, numbers, strict=True)
    ]
    return at_once(saves, 2)


def test_of_two_who_save_targets_at_once_the_later_reads_of_the_other(personas: Personas) -> None:
    answers = save_targets(personas)

    assert sorted(type(answer).__name__ for answer in answers) == ["BreakDownResult", "VersionConflict"], answers
    assert sorted(Target.objects.values_list("number", flat=True)) in ([40, 60], [30, 70])


def test_without_the_lock_before_the_comparison_the_later_break_down_replaces_the_other(
    personas: Personas, unlocked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Barrier(2)

    def compare_together(version: str, seen: object) -> None:
        require_version(version, seen)
        both.wait(timeout=30)

    monkeypatch.setattr(targets, "lock_break_down", lambda _: None)
    monkeypatch.setattr(targets, "require_version", compare_together)

    assert [type(answer).__name__ for answer in save_targets(personas)] == ["BreakDownResult", "BreakDownResult"]


def test_the_later_one_reads_what_to_do(personas: Personas) -> None:
    refusals = [answer for answer in save_targets(personas) if isinstance(answer, VersionConflict)]

    assert [refusal.status for refusal in refusals] == [409]
    assert "请核对现在的内容再办理" in str(refusals[0])
