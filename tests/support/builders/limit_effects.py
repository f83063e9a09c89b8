"""What the platform does under two limits of attempts, two quiet spans and two rules of disclosure: each by its act."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from tests.support.builders.enrolment import id_number
from tests.support.builders.policy import set_rule
from tests.support.builders.ranked_round import Ranked
from tests.support.builders.web_season import Desk
from tests.support.personas import Personas
from yangguang import clock
from yangguang.actions.accounts import accounts, quiet_phones, step_up_requests
from yangguang.actions.admissions import result_lookup
from yangguang.actions.applicants import registration
from yangguang.actions.applicants.registration import Registration
from yangguang.models import Allowance, PolicyRule, Proposal
from yangguang.postgres.sql import execute
from yangguang.queries.accounts.proposals import list_expired_proposals
from yangguang.queries.runs.runs import list_disclosed
from yangguang.rules.accounts.actors import GUEST
from yangguang.rules.base.refusals import RateLimited
from yangguang.rules.seasons.windows import WindowKind

BACK = "UPDATE yangguang_account SET last_login = yg_now() - make_interval(days => %s) WHERE phone_hash IS NOT NULL"


def count_allowed(act: Callable[[int], object]) -> int:
    """How often `act` is done before it is refused as too often, at most 5; it is given 0, 1, 2, …"""
    for number in range(5):
        try:
            act(number)
        except RateLimited:
            return number
    return 5


def _send_code(number: int, *, phone: int | None = None, address: str = "") -> None:
    to = f"154{number if phone is None else phone:08d}"
    by, content = replace(GUEST, address=address), accounts.enter_content(to)
    step_up_requests.send_code(by=by, act="account.enter", content=content, phone=to)


def codes_for_one_phone(personas: Personas) -> int:
    return count_allowed(lambda number: _send_code(number, phone=1))


def codes_in_one_log_in(personas: Personas) -> int:
    by = replace(personas.family(), session="one")
    return count_allowed(
        lambda number: step_up_requests.send_code(by=by, act="choices.submit", content=bytes([number]) * 32)
    )


def codes_from_one_address(personas: Personas) -> int:
    return count_allowed(lambda number: _send_code(number, address="school"))


def _look_up(device: str, number: str) -> None:
    by = replace(GUEST, device=device)
    result_lookup.look_up(by=by, number=number, name="某小阴", id_number=id_number(1))


def look_ups_from_one_device(personas: Personas) -> int:
    return count_allowed(lambda number: _look_up("one", f"242000000000{number:04d}"))


def look_ups_of_one_number(personas: Personas) -> int:
    return count_allowed(lambda number: _look_up(f"device {number}", "2420000000000000"))


def registrations_of_one_account(personas: Personas) -> int:
    personas.open(WindowKind.REGISTRATION)
    by = personas.family()

    def register(number: int) -> None:
        form = Registration(
            name="某小阳",
            id_number=id_number(number + 1),
            origin="junior_this_year",
            home=personas.county.pk,
            consent_text="试",
            guardian_name="某大阳",
            guardian_phone="15450000001",
            consent_by="guardian",
        )
        registration.register(by=by, season=personas.season, form=form)

    return count_allowed(register)


def _quiet_account(personas: Personas, days: int) -> int:
    """The account of a registered child that was not used for so many days."""
    account = Desk.lay(personas).by.require_account()
    execute(BACK, (days,))
    return account


def facts_tried(personas: Personas) -> int:
    account = _quiet_account(personas, 2000)
    return count_allowed(lambda _: quiet_phones.prove_fact(by=GUEST, account=account, fact="0000"))


def proves_fact_after_150_days(personas: Personas) -> bool:
    account = _quiet_account(personas, 150)
    return quiet_phones.prove_fact(by=GUEST, account=account, fact="某小阳")


def is_allowed_again(key: str, minutes: int, act: Callable[[int], object]) -> Callable[[Personas], bool]:
    """Whether a second attempt is allowed so many minutes after the first, where the rule `key` allows one."""

    def observe(personas: Personas) -> bool:
        set_rule(key, 1)
        act(0)
        Allowance.objects.update(began_at=clock.now() - timedelta(minutes=minutes))
        try:
            act(0)
        except RateLimited:
            return False
        return True

    return observe


code_again = is_allowed_again("code.per_phone", 60, lambda _: _send_code(0, phone=1))
look_up_again = is_allowed_again("result.per_number", 10, lambda _: _look_up("one", "2420000000000000"))


def fact_again(personas: Personas) -> bool:
    account = _quiet_account(personas, 2000)
    try_fact = is_allowed_again(
        "account.fact_tries", 1440, lambda _: quiet_phones.prove_fact(by=GUEST, account=account, fact="0000")
    )
    return try_fact(personas)


def disclosed(name: str) -> Callable[[Personas], object]:
    """A column of the published list for a programme that admits six of seven."""

    def observe(personas: Personas) -> object:
        in_force = list(PolicyRule.objects.filter(key="disclosure.last_score"))
        ranked = Ranked.lay(personas)
        PolicyRule.objects.filter(key="disclosure.last_score").delete()
        PolicyRule.objects.bulk_create(in_force)
        ranked.programme("A", 6)
        for at in range(7):
            ranked.apply(600 - at, "A")
        ranked.close()
        (programme,) = list_disclosed(ranked.published(), clock.now())
        return getattr(programme, name)

    return observe


def lapses_after_two_days(personas: Personas) -> bool:
    Proposal.objects.create(
        action="window.set",
        content=b"2" * 32,
        label="设定开放时间",
        unit=personas.province,
        proposed_by_id=personas.pe1.actor.account,
        proposed_at=clock.now() - timedelta(days=2),
    )
    return list_expired_proposals(clock.now()).exists()
