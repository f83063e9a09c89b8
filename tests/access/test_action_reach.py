"""Acts without one subject row ask for the actor's reach themselves; each of them is tried from outside."""

import ast
import importlib
import inspect
import json
import re
from dataclasses import replace
from types import FunctionType
from typing import Any

import pytest

from tests.access.acts import ACTS, spec_of
from tests.access.world import LOG, World, changed, contents, undone
from tests.support.clients import OfficerClient, PhoneClient
from tests.support.personas import FAMILY_PHONE, bound
from yangguang import clock
from yangguang.actions.accounts import accounts, keys, step_up_requests
from yangguang.actions.accounts.key_binding import assign_key
from yangguang.actions.admissions import answers
from yangguang.actions.applicants import registration
from yangguang.actions.base.action import Action, Prepared
from yangguang.actions.choices import choices
from yangguang.actions.plans import plans
from yangguang.actions.runs import inspection
from yangguang.models import (
    Account,
    Admission,
    AdmissionRun,
    AuditRoot,
    Round,
    RoundProgramme,
    Season,
    SeatClaim,
    SecurityKey,
    Unit,
)
from yangguang.models.base.fields import blind
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.accounts.roles import Role, cell
from yangguang.rules.base.refusals import Denied, NotFound, Refused, StepUpRequired
from yangguang.rules.organisation.sectors import Sector

pytestmark = pytest.mark.django_db
E = Sector.EDUCATION
OFFERS = "tests/actions/admissions/test_waiting_list_actions.py"
LISTS = "tests/actions/organisation/test_directory.py"
# Actions whose cells are narrower than the province and which name no subject to the kernel: the test that tries it
# from outside, or why there is no outside.
ASK_THEMSELVES = {
    "account.enter": "the code was sent to the phone that comes in",
    "account.fact": "of the account whose phone has just given the code; the session holds it",
    "account.start_fresh": "as account.fact",
    "account.ask_sign_in": "answers alike for every name",
    "account.sign_in": "the signature is of the account's own key",
    "account.open": "test_an_account_is_opened_below_oneself_and_never_with_more_than_the_unit_has",
    "key.challenge": "of the actor's own account",
    "key.ask_binding": "test_a_key_is_bound_by_whoever_has_its_code_and_by_nobody_else",
    "key.bind": "test_a_key_is_bound_by_whoever_has_its_code_and_by_nobody_else",
    "code.send": "to the actor's own phone, or the phone that wants to come in",
    "route.denied": "refuses always",
    "notice.publish": "in the name of the actor's own unit",
    "plan.publish": "test_only_the_province_publishes_plans",
    "answer.accept": "test_a_family_answers_only_its_own_offers",
    "answer.decline": "test_a_family_answers_only_its_own_offers",
    "waiting.accept": f"{OFFERS}: test_another_familys_offer_looks_as_if_it_were_not_there",
    "waiting.decline": f"{OFFERS}: test_another_familys_offer_looks_as_if_it_were_not_there",
    "answer.lapse": "test_a_city_lets_lapse_only_what_is_its_own",
    "choices.submit": "test_a_family_writes_only_its_own_choices",
    "choices.draft": "test_a_family_writes_only_its_own_choices",
    "person.register": "makes the actor's own person",
    "person.warn": "tells another family that its number was tried, and whoever tries nothing",
    "run.read_programme": "test_a_city_reads_the_rankings_only_of_runs_whose_every_school_is_its_own",
    "run.read_difference": "test_a_city_reads_the_rankings_only_of_runs_whose_every_school_is_its_own",
    "qualification.publish": f"{LISTS}: test_the_list_takes_schools_of_the_own_sector_only",
    "result.look_up": "three facts that only the person knows",
    "exam_result.check_file": "refuses the rows that exam_result.load refuses",
    "exam_result.load": "a city board's own file, two people",
    "key.issue": "the province's own store of keys",
}


def test_every_action_that_names_no_subject_says_how_it_keeps_to_its_reach() -> None:
    def narrower(name: str) -> bool:
        cells = [cell(role, spec_of(name).right) for role in Role]
        return not spec_of(name).on and any(c is not None and c.scope not in "an" for c in cells)

    assert {name for name in ACTS if narrower(name)} == set(ASK_THEMSELVES)


def find_test(displayed: str) -> FunctionType | None:
    """The test that an entry of `ASK_THEMSELVES` names; None when it gives a reason in words."""
    match = re.fullmatch(r"(?:tests/(\S+)\.py: )?(test_\w+)", displayed)
    if match is None:
        return None
    module = importlib.import_module(f"tests.{match[1].replace('/', '.')}" if match[1] else __name__)
    test: FunctionType = vars(module)[match[2]]
    return test


def objects_named_in(test: FunctionType) -> list[object]:
    """What the names in the body of a test mean, of our own modules: `answers.accept` is the action."""
    named: list[object] = []
    for node in ast.walk(ast.parse(inspect.getsource(test))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            named.append(getattr(test.__globals__.get(node.value.id), node.attr, None))
    return named


def expects_refusal(test: FunctionType) -> bool:
    """Whether a test calls `refused`, expects an exception, or counts that nothing was done."""
    return bool(re.search(r"\brefused\(|pytest\.raises\(|== 0\n", inspect.getsource(test)))


@pytest.mark.parametrize("name", ASK_THEMSELVES)
def test_the_test_that_is_named_for_a_reach_tries_the_action_from_outside(name: str) -> None:
    test = find_test(ASK_THEMSELVES[name])
    if test is None:
        assert "test_" not in ASK_THEMSELVES[name]
        return

    assert ACTS[name] in objects_named_in(test)
    assert expects_refusal(test)


def test_most_reaches_name_a_test() -> None:
    assert sum(find_test(displayed) is not None for displayed in ASK_THEMSELVES.values()) >= 14


def signed(act: Action[..., Any], *, by: Actor, **kwargs: Any) -> Prepared[Any]:
    """The act with the code or the signature that it requires, so that only the reach refuses."""
    prepared = act.prepare(by=by, **kwargs)
    if not prepared.needs_step_up:
        return prepared
    account = Account.objects.get(pk=by.account)
    if not by.signs_with_key:
        Account.objects.filter(pk=account.pk).update(phone=FAMILY_PHONE, phone_hash=blind(FAMILY_PHONE))
        return prepared.with_step_up(code=PhoneClient().request_code(FAMILY_PHONE, act.spec.name, prepared.content, by))
    if not SecurityKey.objects.filter(account=account).exists():
        unit = account.role_assignments.get().unit
        key = SecurityKey.objects.create(serial=f"K-{account.username}", unit=unit)
        bound(account.username, assign_key(key, account, clock.now()))
    options = step_up_requests.challenge(by=by, act=act.spec.name, content=prepared.content)
    return prepared.with_step_up(assertion=json.dumps(OfficerClient(account.username).key.sign(options)))


def refused(world: World, refusal: type[Refused], act: Action[..., Any], **kwargs: Any) -> None:
    prepared = signed(act, **kwargs)
    before = contents(*LOG)
    with pytest.raises(refusal) as caught:
        prepared.execute()
    assert refusal is StepUpRequired or not isinstance(caught.value, StepUpRequired)
    assert changed(before, contents(*LOG)) == set()


@pytest.mark.parametrize(
    ("by", "role", "sector", "place"),
    [
        (Role.COUNTY_EDUCATION, Role.VOCATIONAL_SCHOOL, "education", "far.school"),
        (Role.COUNTY_EDUCATION, Role.CITY_EDUCATION, "education", "near.parent"),
        (Role.COUNTY_EDUCATION, Role.PROVINCE_EDUCATION, "education", "near.unit"),
        (Role.VOCATIONAL_SCHOOL, Role.COUNTY_EDUCATION, "education", "near.school"),
        (Role.VOCATIONAL_SCHOOL, Role.PROVINCE_EDUCATION, "education", "near.school"),
        (Role.VOCATIONAL_SCHOOL, Role.TECHNICIAN_SCHOOL, "labour", "near.school"),
        (Role.COUNTY_EDUCATION, Role.COUNTY_LABOUR, "labour", "near.unit"),
        (Role.COUNTY_EDUCATION, Role.COUNTY_EDUCATION, "", "near.unit"),
        (Role.PROVINCE_EDUCATION, Role.OPERATOR, "", "nowhere"),
        (Role.PROVINCE_EDUCATION, Role.AUDITOR, "", "nowhere"),
        (Role.PROVINCE_EDUCATION, Role.STUDENT, "", "near.school"),
    ],
)
def test_an_account_is_opened_below_oneself_and_never_with_more_than_the_unit_has(
    world: World, by: Role, role: Role, sector: str, place: str
) -> None:
    corner, _, name = place.partition(".")
    at = None if corner == "nowhere" else getattr(world, corner)[E].rows[name]
    refused(
        world,
        Denied,
        accounts.open_staff,
        by=world.actor(by),
        username="intruder",
        name="某某",
        role=role,
        unit=at,
        sector=sector,
    )


@pytest.mark.parametrize(
    ("by", "role", "name"),
    [
        (Role.COUNTY_EDUCATION, Role.VOCATIONAL_SCHOOL, "school"),
        (Role.PROVINCE_EDUCATION, Role.CITY_EDUCATION, "parent"),
        (Role.VOCATIONAL_SCHOOL, Role.VOCATIONAL_SCHOOL, "school"),
    ],
)
def test_an_account_that_fits_its_unit_is_opened(world: World, by: Role, role: Role, name: str) -> None:
    place = {"unit": world.near[E].rows[name], "sector": "education"}
    act = signed(accounts.open_staff, by=world.actor(by), username="newcomer", name="某某", role=role, **place)

    seat = act.execute()

    assert (seat.role, seat.account.username) == (role.value, "newcomer")


def test_a_key_is_bound_by_whoever_has_its_code_and_by_nobody_else(world: World) -> None:
    key, victim = world.near[E].rows["key"], world.accounts[Role.VOCATIONAL_SCHOOL]
    keys.receive(by=world.actor(Role.VOCATIONAL_SCHOOL), key=key, account=victim)
    before = contents(*LOG, "yangguang_securitykey")
    for by in (GUEST, world.actor(Role.STUDENT), world.actor(Role.COUNTY_EDUCATION)):
        assert keys.ask_binding(by=by, username=victim.username, code="2222-2222-2222") is None
        refused(world, StepUpRequired, keys.bind, by=by, username=victim.username, answer={})

    assert changed(before, contents(*LOG, "yangguang_securitykey")) == set()
    assert SecurityKey.objects.get(pk=key.pk).state == "RECEIVED"


def test_only_the_province_publishes_plans(world: World) -> None:
    for role in (Role.COUNTY_EDUCATION, Role.CITY_EDUCATION):
        refused(world, Denied, plans.publish, by=world.actor(role), season=world.season)


def test_a_family_answers_only_its_own_offers(world: World) -> None:
    for act in (answers.accept, answers.decline):
        refused(world, NotFound, act, by=world.actor(Role.STUDENT), admission=world.far[E].rows["admission"])


def test_a_family_writes_only_its_own_choices(world: World) -> None:
    rows = world.far[E].rows
    arguments = {
        "by": world.actor(Role.STUDENT),
        "application": rows["application"],
        "programmes": [rows["programme"].pk],
    }
    refused(world, NotFound, choices.save_draft, **arguments)
    refused(world, NotFound, choices.submit, **arguments, round=rows["round"])


def test_a_city_lets_lapse_only_what_is_its_own(world: World) -> None:
    far, near = world.far[E].rows["round"], world.near[E].rows["round"]
    Round.objects.update(silence="decline")
    Admission.objects.filter(state="OFFERED").update(answer_by="2024-01-01T00:00:00+08:00")
    far.refresh_from_db()
    near.refresh_from_db()

    assert signed(answers.lapse_due, by=world.actor(Role.CITY_EDUCATION), round=far).execute() == 0
    assert SeatClaim.objects.filter(admission__round=far, state="RELEASED").count() == 0
    assert signed(answers.lapse_due, by=world.actor(Role.CITY_LABOUR), round=near).execute() == 0
    assert signed(answers.lapse_due, by=world.actor(Role.CITY_EDUCATION), round=near).execute() == 1
    assert signed(answers.lapse_due, by=world.actor(Role.OPERATOR), round=far).execute() == 1


def test_a_city_reads_the_rankings_only_of_runs_whose_every_school_is_its_own(world: World) -> None:
    rows, by = world.far[E].rows, world.actor(Role.CITY_EDUCATION)
    refused(world, NotFound, inspection.read_programme, by=by, run=rows["run"], programme=rows["programme"])
    refused(world, NotFound, inspection.read_difference, by=by, run=rows["run"])


def test_a_person_known_to_another_account_is_not_registered_again(world: World) -> None:
    stranger = Account.objects.create(username="stranger")
    person = world.near[E].rows["admission"].person
    form = registration.Registration(
        name=person.name,
        id_number=person.id_number.reveal(),
        origin="junior_this_year",
        home=person.home_id,
        guardian_name="某父",
        guardian_phone="15400000777",
        consent_by="guardian",
        consent_text="试",
    )
    by = world.actor(Role.STUDENT)
    refused(
        world,
        Refused,
        registration.register,
        by=replace(by, account=stranger.pk, people=()),
        season=world.season,
        form=form,
    )


@pytest.mark.parametrize("role", list(Role))
def test_what_everybody_may_see_everybody_sees(world: World, role: Role) -> None:
    by = world.actor(role)
    for model in (Season, Round, AuditRoot):
        assert model.objects.for_actor(by).count() == model.objects.count() > 0


def test_what_everybody_may_see_nobody_acts_on_for_that(world: World) -> None:
    for role in (Role.COUNTY_EDUCATION, Role.VOCATIONAL_SCHOOL):
        assert not Round.objects.for_actor(world.actor(role), Right.ADMISSION_PUBLISH).exists()


def test_a_city_acts_on_the_rounds_and_runs_of_which_it_governs_every_school(world: World) -> None:
    def within(role: Role) -> tuple[set[int], set[int]]:
        rows = [m.objects.for_actor(world.actor(role), Right.ADMISSION_PUBLISH) for m in (Round, AdmissionRun)]
        return set(rows[0].values_list("pk", flat=True)), set(rows[1].values_list("round", flat=True))

    for role, sector in ((Role.CITY_EDUCATION, Sector.EDUCATION), (Role.CITY_LABOUR, Sector.LABOUR)):
        rows = world.near[sector].rows
        own = {rows[name].pk for name in ("round", "direct", "published")}
        assert within(role) == (own, own - {rows["direct"].pk})
        # A programme of a school of the other city or sector, or none at all: not the city's any more.
        other = Sector.LABOUR if sector is Sector.EDUCATION else Sector.EDUCATION
        for far in (world.far[sector], world.near[other]):
            with undone():
                RoundProgramme.objects.create(round=rows["round"], programme=far.rows["programme"], seats=1)
                assert rows["round"].pk not in within(role)[0] | within(role)[1]
        with undone():
            RoundProgramme.objects.filter(round=rows["round"]).delete()
            assert rows["round"].pk not in within(role)[0] | within(role)[1]


def test_one_row_is_looked_up_only_among_those_of_an_actor(world: World) -> None:
    with pytest.raises(TypeError, match="for_actor"):
        Unit.objects.get_or_not_found(pk=world.actor(Role.AUDITOR).unit)
