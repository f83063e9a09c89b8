"""A listed school with a published plan, a published round and one admitted person: what anyone may look at."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.support.builders.enrolment import Enrolled
from tests.support.builders.officers import seen
from tests.support.builders.plans import qualify
from tests.support.builders.warnings import warn
from tests.support.owner import without_triggers
from tests.support.personas import Personas, unit
from yangguang import clock
from yangguang.gateways.ciphers import sm3
from yangguang.models import (
    Admission,
    AdmissionRun,
    Cutoff,
    LotterySeed,
    Notice,
    Placement,
    Plan,
    Programme,
    Sanction,
    Unit,
)
from yangguang.rules.runs.published_properties import Property

SEED = bytes(range(32))


@dataclass
class PublicSeason:
    """The personas with things to see; every method adds one row more."""

    personas: Personas
    enrolled: Enrolled
    run: AdmissionRun
    client: Client = field(default_factory=Client)

    @classmethod
    def lay(cls, personas: Personas) -> "PublicSeason":
        enrolled = Enrolled.lay(personas)
        run = AdmissionRun.objects.create(
            round=enrolled.round,
            number=1,
            state="PUBLISHED",
            input_hash="1" * 64,
            output_hash="2" * 64,
            report={
                "verdicts": [{"property": p.value, "state": "held", "says": p.label, "count": 0} for p in Property],
                "held_back": [],
            },
            counts={"open": {"persons": 20, "placed": 12, "by_choice": {"1": 10, "2": 2}}},
            started_by_id=personas.pe1.actor.account,
            proposed_by_id=personas.pe1.actor.account,
            approved_by_id=personas.pe2.actor.account,
            published_by_id=personas.pe1.actor.account,
            published_at=clock.now(),
        )
        LotterySeed.objects.create(
            round=enrolled.round,
            first_by_id=personas.pe1.actor.account,
            second_by_id=personas.pe2.actor.account,
            first_secret=b"1",
            second_secret=b"2",
            commitment=sm3(SEED).hex(),
            committed_at=clock.now(),
            revealed=SEED.hex(),
        )
        public_season = cls(personas, enrolled, run)
        public_season.lists(personas.school, "jiashidiyizhiyexuexiao", "jsdyzyxx")
        public_season.discloses(enrolled.programme(), admitted=12)
        return public_season

    def lists(self, school: Unit, pinyin: str = "", initials: str = "") -> None:
        Unit.objects.filter(pk=school.pk).update(pinyin=pinyin, initials=initials, kind="职业高中")
        qualify(school, self.personas.season.year)
        Plan.objects.create(school=school, season=self.personas.season, capacity=500, state="PUBLISHED")

    def school(self, name: str) -> Unit:
        """One more listed school with a published programme."""
        school = unit(name, "SCHOOL", self.personas.other_city, sector="education", governed_by="CITY")
        self.lists(school)
        self.discloses(self.enrolled.programme(school=school), admitted=12)
        return school

    def discloses(self, programme: Programme, *, admitted: int, applicants: int = 20) -> Cutoff:
        with without_triggers("yangguang_cutoff"):
            return Cutoff.objects.create(
                run=self.run,
                programme=programme,
                quota=programme.quotas.get(),
                seats=50,
                applicants=applicants,
                admitted=admitted,
                last_place=admitted,
                last_score=[432],
            )

    def admitted(self, name: str) -> Admission:
        """One person who was placed and admitted in the round."""
        admission = self.enrolled.admit(name, state="OFFERED")
        programme = self.enrolled.programme()
        with without_triggers("yangguang_placement"):
            Placement.objects.create(
                run=self.run,
                application=admission.application,
                rank=1,
                programme=programme,
                quota=programme.quotas.get(),
                programmes=[programme.pk],
                codes=["admitted"],
                places=[3],
            )
        return admission

    def notice(self, title: str, *, days: int = -1) -> Notice:
        return Notice.objects.create(
            unit=self.personas.province,
            title=title,
            body="第一段\n\n第二段<b>",
            source="测试文件",
            published_at=clock.now() + timedelta(days=days),
        )

    def warns(self, school: Unit, sentence: str) -> Sanction:
        return warn(self.personas, school, sentence)

    def get(self, url: str, data: Any = None, **more: Any) -> HttpResponse:
        return self.client.get(url, data, **more)

    def text(self, url: str, data: Any = None) -> str:
        """What a reader sees of a page that answers."""
        answer = self.get(url, data)
        assert answer.status_code == 200, url
        return seen(answer)
