"""Rows of every list of a bureau's desk."""

from datetime import timedelta

from tests.support.builders.plans import qualify
from tests.support.builders.public_season import PublicSeason
from tests.support.personas import unit
from yangguang import clock
from yangguang.models import (
    Application,
    ChoiceDispute,
    ChoiceVersion,
    IdentityCase,
    ListFile,
    OutsideEnrolment,
    Plan,
    Proposal,
    Round,
    Unit,
    Withdrawal,
)


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
    _add_to_dispute(public_season, admission.application)
    _add_to_provincial_lists(public_season, serial)
    Proposal.objects.create(
        action="window.set",
        content=bytes([serial]) * 32,
        label="设定开放时间",
        unit=public_season.personas.county,
        proposed_by_id=public_season.personas.pe2.actor.account,
    )


def _add_to_dispute(public_season: PublicSeason, application: Application) -> None:
    """A version of choices that the family calls not its own."""
    account, round = public_season.personas.ce.actor.require_account(), public_season.enrolled.round
    programme = public_season.enrolled.programme()
    version = ChoiceVersion.objects.create(
        application=application,
        round=round,
        number=1,
        programmes=[programme.pk],
        submitted_by="SELF",
        by_account_id=account,
        receipt="0" * 64,
    )
    ChoiceDispute.objects.create(application=application, round=round, disputed=version, by_account_id=account)


def _add_to_provincial_lists(public_season: PublicSeason, serial: int) -> None:
    """A published list of schools, files of scores and of another register, a round of the exam board, a withdrawal."""
    personas = public_season.personas
    qualify(Unit.objects.get(name=f"县属学校{serial}"), personas.season.year, clock.now() + timedelta(seconds=serial))
    for kind, register in ((ListFile.FileKind.EXAM_RESULTS, ""), (ListFile.FileKind.OUTSIDE, "high_school")):
        ListFile.objects.create(
            kind=kind,
            year=personas.season.year,
            register=register,
            unit=personas.province,
            digest=f"{serial:064d}",
            summary={"rows": 0, "new": 0, "changed": 0, "registered": 0},
            content="[]",
            uploaded_by_id=personas.pe1.actor.account,
        )
    Round.objects.create(season=personas.season, number=20 + serial, name=f"第{serial}批", kind="imported")
    seated = public_season.enrolled.admit(f"某退{serial}", state="ACCEPTED")
    Withdrawal.objects.create(
        admission=seated, reason="family", state="RELEASED", requested_at=clock.now(), ended_at=clock.now()
    )
