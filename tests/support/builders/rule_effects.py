"""For every key of policy: two values, and what the platform does or shows under each of them."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.urls import reverse

from tests.support.builders import limit_effects
from tests.support.builders.enrolment import Enrolled, id_number
from tests.support.builders.officers import at_desk, page_of
from tests.support.builders.plans import programme, qualify
from tests.support.builders.waiting_list import Waited
from tests.support.clients import OfficerClient, PhoneClient
from tests.support.personas import SHELL, Personas
from yangguang import clock
from yangguang.actions.accounts import accounts, step_up_requests
from yangguang.actions.accounts.key_binding import assign_key, lock_unbound_keys
from yangguang.actions.applicants import duplicates
from yangguang.actions.plans import plans
from yangguang.actions.records import records
from yangguang.actions.reporting.reports import _require_due
from yangguang.actions.supervision import sanctions
from yangguang.models import (
    Account,
    IdentityCase,
    KeyChallenge,
    MonthlyReport,
    OneTimeCode,
    Quota,
    Round,
    SecurityKey,
    ViolationKind,
    WaitingOffer,
    Window,
)
from yangguang.models.base.fields import blind
from yangguang.queries.admissions.exam_board_results import _RULES, OfferedProgramme, _build_requirements
from yangguang.queries.admissions.withdrawal_clocks import WorkingCalendar, compute_due
from yangguang.queries.applicants.ages import read_applicant_number
from yangguang.queries.applicants.student_home import many_students_sentence
from yangguang.queries.plans.plan_limits import limits_of, require_recruiting
from yangguang.queries.records.records import assign_classes
from yangguang.queries.reporting.enrolment import TargetScopes, count_rules_of
from yangguang.queries.reporting.reports import current_report, form_scope
from yangguang.queries.runs.round_terms import read_terms
from yangguang.queries.runs.transitions import require_main_round_allowed
from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.queries.seasons.windows import find_answer_deadline
from yangguang.rules.accounts.actors import GUEST, Actor
from yangguang.rules.accounts.roles import Role
from yangguang.rules.applicants.origins import Origin
from yangguang.rules.base.refusals import Refused
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons.windows import SHANGHAI, WindowKind
from yangguang.rules.supervision.sanctions import Measure
from yangguang.sheets.monthly import sheet_of
from yangguang.sheets.target_table import find_target_sheet
from yangguang.web.student.applicants.registration_steps import required_of_guardian

Observe = Callable[[Personas], object]


class Effect(NamedTuple):
    """Two values of a key, and what is observed under each."""

    values: tuple[object, object]
    observe: Observe
    expected: tuple[object, object]


def is_refused(act: Callable[[], object]) -> bool:
    """Whether a rule refuses the act; a missing rule is no answer."""
    try:
        act()
    except Refused as refusal:
        if "规则行缺少" in refusal.what:
            raise
        return True
    return False


def terms(name: str) -> Observe:
    return lambda personas: read_terms(RoundKind.RANKED, clock.now())[name]  # type: ignore[literal-required]


def refuses_second_main_round(personas: Personas) -> bool:
    kind = RoundKind.RANKED.value
    for number in (1, 2):
        Round.objects.create(season=personas.season, number=number, name="集中录取", kind=kind, opened_at=clock.now())
    third = Round(season=personas.season, number=3, kind=kind)
    return is_refused(lambda: require_main_round_allowed(third, kind, clock.now()))


def draft_tie(personas: Personas) -> str:
    personas.open(WindowKind.PLAN_ENTRY)
    qualify(personas.school, personas.season.year)
    params = {"school": personas.school, "season": personas.season, "capacity": 300}
    personas.teacher.act(plans.draft, programmes=[programme()], **params)
    return str(Quota.objects.get().tie)


def refuses_plan(**changes: object) -> Observe:
    """Whether a plan with this one programme is refused."""

    def observe(personas: Personas) -> bool:
        personas.open(WindowKind.PLAN_ENTRY)
        qualify(personas.school, personas.season.year)
        params = {"school": personas.school, "season": personas.season, "capacity": 300}
        drafts = [programme(**changes)]  # type: ignore[arg-type]
        return is_refused(lambda: personas.teacher.act(plans.draft, programmes=drafts, **params))

    return observe


def offer_hours(personas: Personas) -> float:
    waited = Waited.lay(personas)
    waited.laid.programme("A", 1)
    for nth, number in enumerate(("P1", "P2")):
        waited.apply(number, 600 - nth, "A")
    waited.publish()
    waited.declines("P1")
    waited.offer_due()
    offer = WaitingOffer.objects.get()
    return (offer.answer_by - offer.offered_at) / timedelta(hours=1)


def answer_days(personas: Personas) -> int:
    opens = datetime(2024, 8, 1, tzinfo=SHANGHAI)
    round = Round.objects.create(season=personas.season, number=1, name="集中录取", kind="ranked")
    span = {"opens_at": opens, "closes_at": opens + timedelta(days=1)}
    Window.objects.create(season=personas.season, round=round, kind=WindowKind.ANSWER.value, **span)
    until = find_answer_deadline(round, opens)
    assert until is not None
    return (until - opens).days


def withdrawal_day(personas: Personas) -> int:
    monday, calendar = datetime(2024, 6, 3, 10, tzinfo=SHANGHAI), WorkingCalendar({date(2024, 1, 1): True})
    due = compute_due(monday, calendar).at
    assert due is not None
    return due.day


def required(name: str) -> Observe:
    offered = OfferedProgramme(1, ProgrammeType.THREE_PLUS_TWO, "", "general", 5, ())
    return lambda personas: getattr(_build_requirements(rules_at(clock.now(), *_RULES), offered), name)


def guardian_of(years: int) -> Observe:
    """What is required of the guardian of a child of this age."""

    def observe(personas: Personas) -> object:
        born = clock.now() - timedelta(days=365.25 * years + 30)
        typed = {"person": {"id_number": id_number(1, f"{born:%Y%m%d}")}}
        return required_of_guardian(typed, clock.now()).value

    return observe


def warns_of_two_students(personas: Personas) -> bool:
    enrolled = Enrolled.lay(personas)
    for name in ("某甲", "某乙"):
        account = enrolled.person(name, phone="15400009999").account_id
    return many_students_sentence(Actor(role=Role.STUDENT, account=account), clock.now()) != ""


def namesake_score(personas: Personas) -> int | None:
    """The score of the case of two persons of one name, birth and phone; None without a case."""
    enrolled = Enrolled.lay(personas)
    for state in ("CHECKED_IN", "OFFERED"):
        enrolled.admit(person=enrolled.person("王小明", phone="15400009999"), state=state)
    personas.pe1.sign(duplicates.check, season=personas.season)
    return next(iter(IdentityCase.objects.values_list("score", flat=True)), None)


def refuses_stop(personas: Personas) -> bool:
    kind = ViolationKind.objects.create(year=2023, position=9, text="严禁", source="测试", clause="一")
    params = {"unit": personas.school, "violation": kind, "sentence": "测试", "starts_at": clock.now()}
    return is_refused(lambda: personas.me.sign(sanctions.propose, measure=Measure.STOP, **params))


def limit(read: Callable[[Any], object]) -> Observe:
    """A limit of the plan of a new school."""

    def observe(personas: Personas) -> object:
        personas.school.is_new, personas.school.kind = True, "高校中专部"
        return read(limits_of(personas.school, personas.season.year, clock.now()))

    return observe


def refuses_listed_school(personas: Personas) -> bool:
    qualify(personas.school, personas.season.year)
    return is_refused(lambda: require_recruiting(personas.school, personas.season.year, clock.now()))


def refuses_report_of_june(personas: Personas) -> bool:
    return is_refused(lambda: _require_due(clock.now(), MonthlyReport.Form.CITY.value, 6))


def target_scope(personas: Personas) -> str:
    return str(TargetScopes(personas.season.year).scope_of(personas.school.path, Sector.EDUCATION))


def report_scope(personas: Personas) -> str:
    return str(form_scope(MonthlyReport.Form.CITY.value, count_rules_of(2024)))


def report_columns(personas: Personas) -> list[str]:
    """The headings of a monthly form of the province."""
    report = current_report(personas.city, MonthlyReport.Form.PROVINCE.value, 2024, 8, clock.now())
    return [col.header for col in sheet_of(report).columns]


def target_columns(personas: Personas) -> list[str]:
    return [col.header for col in find_target_sheet(2024).columns]


def on_page(who: str, url: str, texts: tuple[str, str]) -> Observe:
    """Which of the two texts an officer's page shows."""

    def observe(personas: Personas) -> list[bool]:
        personas.open(WindowKind.REGISTRATION)
        desk: OfficerClient = getattr(personas, who)
        page = page_of(at_desk(desk), url)
        return [text in page for text in texts]

    return observe


def shows(key: str, values: tuple[object, object], who: str, url: str, texts: tuple[str, str]) -> dict[str, Effect]:
    """A key whose value stands on a page of an officer."""
    return {key: Effect(values, on_page(who, url, texts), ([True, False], [False, True]))}


def number_of_classes(personas: Personas) -> int:
    """Classes proposed for three new records of one major."""
    enrolled = Enrolled.lay(personas)
    for name in ("某甲", "某乙", "某丙"):
        enrolled.admit(name, state="CHECKED_IN")
    records.make_due(by=SHELL, season=personas.season)
    return len(set(assign_classes(personas.school).values()))


def refuses_age(years: int) -> Observe:
    """Whether the number of a person of this age is refused."""

    def observe(personas: Personas) -> bool:
        born = clock.now() - timedelta(days=365.25 * years + 30)
        return is_refused(lambda: read_applicant_number(id_number(1, f"{born:%Y%m%d}"), clock.now()))

    return observe


def code_minutes(personas: Personas) -> int:
    content = accounts.enter_content("15400000001")
    step_up_requests.send_code(by=GUEST, act="account.enter", content=content, phone="15400000001")
    code = OneTimeCode.objects.get()
    return round((code.expires_at - code.sent_at) / timedelta(minutes=1))


def refuses_third_try(personas: Personas) -> bool:
    """Whether the right code is refused after two wrong ones."""
    phone = "15400000001"
    code = PhoneClient().request_code(phone, "account.enter", accounts.enter_content(phone))
    OneTimeCode.objects.update(tries=2)
    by = GUEST.with_step_up(code=code, phone_hash=blind(phone))
    return is_refused(lambda: accounts.enter(by=by, phone=phone, browser=""))


def refuses_old_signature(personas: Personas) -> bool:
    """Whether a signature is refused whose challenge is eight minutes old."""
    act = sanctions.propose.prepare(by=personas.me.actor, **_warning(personas))
    options = step_up_requests.challenge(by=personas.me.actor, act=act.spec.name, content=act.content)
    KeyChallenge.objects.update(created_at=clock.now() - timedelta(minutes=8))
    assertion = json.dumps(personas.me.key.sign(options))
    return is_refused(lambda: act.with_step_up(assertion=assertion).execute())


def _warning(personas: Personas) -> dict[str, Any]:
    kind = ViolationKind.objects.create(year=2023, position=9, text="严禁", source="测试", clause="一")
    params = {"unit": personas.school, "violation": kind, "sentence": "测试", "starts_at": clock.now()}
    return params | {"measure": Measure.WARN}


def unbound_key(personas: Personas, tries: int = 0) -> SecurityKey:
    account = Account.objects.create(username="new1", name="某新")
    account.role_assignments.create(role="ME", unit=personas.city, sector="education")
    key = SecurityKey.objects.create(serial="K9", unit=personas.city, state="RECEIVED")
    assign_key(key, account, clock.now())
    SecurityKey.objects.filter(pk=key.pk).update(binding_tries=tries)
    return key


def binding_hours(personas: Personas) -> int:
    until = unbound_key(personas).binding_until
    assert until is not None
    return round((until - clock.now()) / timedelta(hours=1))


def may_bind_after_two_tries(personas: Personas) -> bool:
    unbound_key(personas, tries=2)
    return lock_unbound_keys("new1", clock.now()) != []


_PARTS = [["vocational", "中职"], ["technician", "技工"]]
_FORMS = {"title": "表", "columns": _PARTS}, {"title": "表", "columns": [*_PARTS[::-1], ["total", "合计"]]}
_ROW = [["number", "序"], ["unit", "学校"], ["target", "任务"]]
_TARGET_FORMS = {"title": "表", "columns": _ROW}, {"title": "表", "columns": _ROW[::-1]}
_WEAK = {"same_number": 100, "number_near": 80, "name_birth_phone": 75, "name_phone": 50, "name_birth_school": 40}


EFFECTS: dict[str, Effect] = {
    "proposal.days": Effect((1, 3), limit_effects.lapses_after_two_days, (True, False)),
    "round.max_choices": Effect((3, 5), terms("max_choices"), (3, 5)),
    "round.max_majors_per_school": Effect((1, 4), terms("max_majors_per_school"), (1, 4)),
    "round.tie_order": Effect((["total"], ["total", "maths"]), terms("tie_order"), (["total"], ["total", "maths"])),
    "round.edge_tie": Effect(("all_wait", "lottery"), draft_tie, ("all_wait", "lottery")),
    "round.main_rounds": Effect((2, 3), refuses_second_main_round, (True, False)),
    "answer.silence": Effect(("decline", "accept"), terms("silence"), ("decline", "accept")),
    "answer.waiting_hours": Effect((24, 48), offer_hours, (24, 48)),
    "answer.buffer_days": Effect((3, 5), answer_days, (3, 5)),
    "withdrawal.school_working_days": Effect((1, 2), withdrawal_day, (5, 6)),
    "imported.origins": Effect(
        (["junior_this_year"], ["veteran"]), required("origins"), (("junior_this_year",), ("veteran",))
    ),
    "imported.score_floor": Effect((240, 260), required("score_floor"), (240, 260)),
    "origin.programme_types": Effect(
        (["three_year"], ["one_year"]), refuses_plan(origins=(Origin.VETERAN,)), (False, True)
    ),
    "origin.study_forms": Effect(
        (["full_time"], ["part_time"]), refuses_plan(origins=(Origin.VETERAN,)), (False, True)
    ),
    "person.child_under": Effect((14, 12), guardian_of(13), ("consent_first", "contact")),
    "person.adult_from": Effect((18, 16), guardian_of(17), ("contact", "not_required")),
    "person.youngest": Effect((12, 11), refuses_age(11), (True, False)),
    "person.oldest": Effect((60, 70), refuses_age(65), (True, False)),
    "account.quiet_months": Effect(
        (4, 6), lambda personas: is_refused(lambda: limit_effects.proves_fact_after_150_days(personas)), (False, True)
    ),
    "person.students_per_phone": Effect((2, 3), warns_of_two_students, (True, False)),
    "duplicate.scores": Effect((_WEAK, _WEAK | {"name_birth_phone": 90}), namesake_score, (75, 90)),
    "duplicate.opens_from": Effect((75, 76), namesake_score, (75, None)),
    "sanction.measures": Effect((["WARN"], ["STOP"]), refuses_stop, (True, False)),
    "school.qualified_as_of": Effect(("12-31", "06-30"), refuses_listed_school, (False, True)),
    "school.new_cap": Effect((400, 500), limit(lambda limits: limits.total), (400, 500)),
    "school.new_cap_per_major": Effect((90, 100), limit(lambda limits: limits.per_major), (90, 100)),
    "programme.types": Effect((["three_year"], ["one_year"]), refuses_plan(), (False, True)),
    "programme.years": Effect(
        ([2, 4], [3, 3]), limit(lambda limits: str(limits.years[ProgrammeType.THREE_YEAR][0])), ("2至4", "3")
    ),
    "permission.closed_kinds": Effect(
        (["高校中专部"], ["职业高中"]), limit(lambda limits: ProgrammeType.ONE_YEAR in limits.closed), (True, False)
    ),
    "aptitude_test.max_points": Effect((20, 30), limit(lambda limits: limits.aptitude_test_max), (20, 30)),
    "report.months": Effect(([7], [6, 7]), refuses_report_of_june, (True, False)),
    "report.form": Effect(_FORMS, report_columns, (["中职", "技工"], ["技工", "中职", "合计"])),
    "report.target_form": Effect(_TARGET_FORMS, target_columns, (["序", "学校", "任务"], ["任务", "学校", "序"])),
    "count.target_types": Effect((["five_year"], ["one_year"]), target_scope, ("五年一贯制", "一年制")),
    "count.target_forms": Effect((["full_time"], ["part_time"]), target_scope, ("；全日制", "；非全日制")),
    "count.report_types": Effect((["five_year"], ["one_year"]), report_scope, ("五年一贯制", "一年制")),
    "count.report_sectors": Effect((["education"], ["labour"]), report_scope, ("教育线", "人社线")),
    "disclosure.small_cell": Effect((5, 9), limit_effects.disclosed("admitted"), (6, None)),
    "disclosure.last_score": Effect((True, False), limit_effects.disclosed("last_score"), (595, None)),
    "code.minutes": Effect((3, 9), code_minutes, (3, 9)),
    "code.tries": Effect((2, 3), refuses_third_try, (True, False)),
    "key.minutes": Effect((5, 10), refuses_old_signature, (True, False)),
    "key.binding_hours": Effect((24, 48), binding_hours, (24, 48)),
    "key.binding_tries": Effect((2, 3), may_bind_after_two_tries, (False, True)),
    "record.class_size": Effect((2, 3), number_of_classes, (2, 1)),
    **shows("record.due_working_days", (20, 15), "teacher", "/school/records/", ("20个工作日", "15个工作日")),
    **shows("record.province_closes", ("11-10", "11-05"), "teacher", "/school/records/", ("11月10日", "11月5日")),
    **shows("record.national_closes", ("11-20", "11-25"), "teacher", "/school/records/", ("11月20日", "11月25日")),
    **shows("report.due_day", (15, 12), "me", reverse("authority:reports"), ("15日", "12日")),
    "account.span_hours": Effect((23, 25), limit_effects.fact_again, (True, False)),
    "code.span_minutes": Effect((59, 61), limit_effects.code_again, (True, False)),
    "result.span_minutes": Effect((9, 11), limit_effects.look_up_again, (True, False)),
    **{
        name: Effect((2, 3), observe, (2, 3))
        for name, observe in {
            "account.fact_tries": limit_effects.facts_tried,
            "person.per_account_day": limit_effects.registrations_of_one_account,
            "code.per_phone": limit_effects.codes_for_one_phone,
            "code.per_login": limit_effects.codes_in_one_log_in,
            "code.per_address": limit_effects.codes_from_one_address,
            "result.per_device": limit_effects.look_ups_from_one_device,
            "result.per_number": limit_effects.look_ups_of_one_number,
        }.items()
    },
}
"""Without `review.refill_hours` and `sanction.rechoice_hours`: their tests are those of disputes and of sanctions."""
