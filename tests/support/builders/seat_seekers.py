"""Many students who want one seat each, laid in sets, with the codes that their phones were sent."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import connection

from tests.support.builders.consent import CODE
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas, unit
from yangguang import clock
from yangguang.actions.admissions import direct_enrolment
from yangguang.actions.base.audit_record import content_of
from yangguang.actions.base.step_up import code_hash
from yangguang.models import Account, Admission, Application, OneTimeCode, Person, Season
from yangguang.models.base.fields import blind
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.refusals import Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.seasons.windows import WindowKind


def school_only() -> Personas:
    """As many personas as students need."""
    province = unit("测试省", "PROVINCE", None)
    county = unit("甲市一县", "COUNTY", province)
    school = unit("甲市第一职业学校", "SCHOOL", county, sector=Sector.EDUCATION.value, governed_by="COUNTY")
    season = Season.objects.create(year=clock.now().year, term="AUTUMN")
    none = None
    return Personas(
        province,
        county,
        county,
        county,
        school,
        season,
        none,
        none,
        none,
        none,
        none,  # type: ignore[arg-type]
    )


def direct_round(seats: int) -> Ranked:
    """An open round of direct registration with one programme."""
    laid = Ranked.lay(school_only(), number=5, kind="direct")
    laid.programme("A", seats)
    laid.window(WindowKind.CHOICES, -1, 1)
    return laid


def seekers(laid: Ranked, count: int) -> list[Application]:
    """Registered students without choices; six statements whatever their number."""
    numbers = [f"S{n:05d}" for n in range(count)]
    accounts = Account.objects.bulk_create(
        Account(username=f"f{n}", phone=f"154{n[1:]:0>8}", phone_hash=blind(n)) for n in numbers
    )
    people = Person.objects.bulk_create(
        Person(
            account=account,
            id_kind="resident",
            id_number=n,
            id_hash=blind(f"id{n}"),
            name="某甲",
            sex="女",
            born_on="2009-03-05",
            home=laid.personas.county,
        )
        for n, account in zip(numbers, accounts, strict=True)
    )
    applications = Application.objects.bulk_create(
        Application(
            number=n,
            season=laid.personas.season,
            person=person,
            home=laid.personas.county,
            origin="junior_this_year",
            track="DIRECT",
        )
        for n, person in zip(numbers, people, strict=True)
    )
    return list(
        Application.objects.filter(pk__in=[one.pk for one in applications]).select_related("person").order_by("pk")
    )


def with_codes(laid: Ranked, students: Sequence[Application]) -> list[Callable[[], Admission]]:
    """For each student the real act with a code that was sent for exactly it."""
    acts, codes = [], []
    for one in students:
        kwargs = {"application": one, "round": laid.round, "programme": laid.programmes["A"]}
        content = content_of("seat.claim", kwargs)
        mark = blind(one.number)
        codes.append(
            OneTimeCode(
                account_id=one.person.account_id,
                phone_hash=mark,
                content=content,
                code_hash=code_hash(CODE, content),
                expires_at=clock.now() + timedelta(minutes=5),
            )
        )
        by = Actor(role=Role.STUDENT, account=one.person.account_id, people=(one.person_id,)).with_step_up(code=CODE)
        acts.append(lambda by=by, kwargs=kwargs: direct_enrolment.enrol(by=by, **kwargs))
    OneTimeCode.objects.bulk_create(codes)
    return acts


def shuffled(acts: Sequence[Callable[[], Admission]], seed: int) -> list[Callable[[], Admission]]:
    """The same acts in another order."""
    order = list(acts)
    random.Random(seed).shuffle(order)
    return order


def said(answers: Sequence[object]) -> Counter[str]:
    """How many got what; anything that is neither a seat nor a refusal stands with its name."""
    return Counter(answer.what if isinstance(answer, Refused) else type(answer).__name__ for answer in answers)


def vacate() -> None:
    """Every seat is free again and no student has acted: the start of the next seed."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(
                "TRUNCATE yangguang_seatevent, yangguang_seatclaim, yangguang_admission, yangguang_onetimecode,"
                " yangguang_idempotencykey CASCADE"
            )
            cursor.execute("UPDATE yangguang_quota SET taken = 0")
        finally:
            cursor.execute("SET session_replication_role = origin")
