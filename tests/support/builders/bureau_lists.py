"""Rows of every list of a bureau's desk."""

from tests.support.builders.public_season import PublicSeason
from tests.support.personas import unit
from yangguang.models import IdentityCase, OutsideEnrolment, Plan, Proposal


def submit_plan(public_season: PublicSeason, name: str) -> Plan:
    """A plan that lies on the county's desk."""
    school = unit(name, "SCHOOL", public_season.personas.county, sector="education", governed_by="COUNTY")
    plan: Plan = Plan.objects.create(
        school=school, season=public_season.personas.season, capacity=100, state="SUBMITTED"
    )
    return plan


def add_to_lists(public_season: PublicSeason, serial: int) -> None:
    """One more of everything that a list of a bureau shows."""
    submit_plan(public_season, f"县属学校{serial}")
    admission = public_season.admitted(f"某{serial}")
    outside = OutsideEnrolment.objects.create(
        id_hash=bytes([serial]) * 32,
        intake_year=2024,
        register="high_school",
        school="外校",
        name="某",
        file_digest="1",
    )
    IdentityCase.objects.create(
        season_year=2024,
        person=admission.person,
        outside=outside,
        unit=public_season.personas.county,
        score=90,
        reasons=["同号"],
    )
    Proposal.objects.create(
        action="window.set",
        content=bytes([serial]) * 32,
        label="设定开放时间",
        unit=public_season.personas.county,
        proposed_by_id=public_season.personas.pe2.actor.account,
    )
