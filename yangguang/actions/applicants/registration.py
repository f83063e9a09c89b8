"""Registration, which stores a person with guardian, consent and application in one statement.
(S23-2.05, R7.02, F-B1, F-B6)
"""

from dataclasses import dataclass
from typing import Any

from yangguang.actions.accounts.rate_limits import count_attempt
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.actions.messages.enqueue import enqueue_for_family
from yangguang.models import Application, Person, Season
from yangguang.models.base.fields import blind, seal
from yangguang.postgres.sql import fetch_one
from yangguang.queries.applicants.ages import age_rules_at, guardian_requirement_at, read_applicant_number
from yangguang.queries.seasons.policy_rules import RulesInForce
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.applicants import application_states
from yangguang.rules.applicants.origins import GuardianRequirement, Origin
from yangguang.rules.base import id_number, names
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.numbers import application_number
from yangguang.rules.base.refusals import RateLimited, Refused
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.windows import SHANGHAI, WindowKind


class RegisteredByOther(Refused):
    """Another account registered this number; the page answers as for a new one, so that it reveals nothing."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What a family fills in; scores come from the exam board.

    Args:
        home: row id of the home county; of our province for a person from another province.
        place: code of the home county in another province, else "".
        track: a value of `Application.Track`.
        consent_by: "student" or "guardian", who read the notice and agreed.
        needs: "" or a value of `SpecialNeeds.Provision`; stored in a separate encrypted table.
    """

    name: str
    id_number: str
    origin: str
    home: int
    place: str = ""
    track: str = Application.Track.CHOOSES.value
    junior_school: str = ""
    guardian_name: str = ""
    guardian_relation: str = ""
    guardian_phone: str = ""
    consent_by: str = "student"
    consent_text: str = ""
    needs: str = ""


# A person of the same account may register for another season; a person of another account and an application number
# in use give no row.
_REGISTER = """
WITH person AS (
    INSERT INTO yangguang_person
        (account_id, id_kind, id_number, id_hash, name, sex, born_on, home_id, trust)
    SELECT %(account)s, %(id_kind)s, %(id_number)s, %(id_hash)s, %(name)s, %(sex)s, %(born_on)s, %(home)s, 1
    WHERE NOT EXISTS (SELECT 1 FROM yangguang_application WHERE number = %(number)s)
    ON CONFLICT (id_hash) DO UPDATE SET home_id = excluded.home_id
        WHERE yangguang_person.account_id = excluded.account_id
    RETURNING id
), consent AS (
    INSERT INTO yangguang_consent (person_id, by_guardian, given, text_version)
    SELECT id, %(by_guardian)s, true, %(consent_text)s FROM person
), guardian AS (
    INSERT INTO yangguang_guardian (person_id, name, relation, phone)
    SELECT id, %(guardian_name)s::text, %(guardian_relation)s, %(guardian_phone)s FROM person
    WHERE %(guardian_name)s::text <> ''
), needs AS (
    INSERT INTO yangguang_specialneeds (person_id, provision)
    SELECT id, %(needs)s::bytea FROM person WHERE %(needs)s::bytea IS NOT NULL
    ON CONFLICT (person_id) DO NOTHING
)
INSERT INTO yangguang_application
    (number, season_id, person_id, home_id, place, junior_school, origin, track, scores, state,
     programmes, choices_version, draft_programmes, version)
SELECT %(number)s, %(season)s, id, %(home)s, %(place)s, %(junior_school)s, %(origin)s, %(track)s,
       coalesce((SELECT scores FROM yangguang_examresult
                 WHERE id_hash = %(id_hash)s AND year = %(year)s), '{}'),
       %(state)s, '{}', 0, '{}', 1
FROM person
ON CONFLICT (season_id, person_id) DO NOTHING
RETURNING id, person_id, public_id, number
"""


@action("person.register", Right.APPLICATION_CREATE, window=WindowKind.REGISTRATION, creates=True)
def register(entry: AuditRecord, *, by: Actor, season: Season, form: Registration) -> Application:
    """Register one person for one season.

    The identity number is stored encrypted and looked up by its blind index, so other spellings of it match.

    Raises:
        Refused: a field is wrong (`where` names it), a consent is missing, or this account has registered the person.
        RegisteredByOther: another account did; nothing is written, and the caller calls `warn`.
        RateLimited: the account's attempts of the day are used up.
    """
    rules = age_rules_at(entry.at)
    identity = read_applicant_number(form.id_number, entry.at, rules)
    params = _build_params(by, season, form, identity)
    _check_guardian(entry, form, identity, rules)
    _count_attempt(by)
    row, is_autumn = None, season.term == Season.Term.AUTUMN
    for attempt in range(20):
        number = application_number(season.year, params["mark"], is_autumn=is_autumn, attempt=attempt)
        row = fetch_one(_REGISTER, params | {"number": number})
        if row is not None or not _is_taken(number, params["id_hash"]):
            break
    if row is None:
        raise _already_registered(by, params["id_hash"])
    entry.set_subject(f"application:{row.public_id}", row.person_id)
    entry.add_facts(origin=form.origin)
    return Application(**row._asdict(), season=season, origin=form.origin, track=form.track, state=params["state"])


@action("person.warn", Right.APPLICATION_CREATE)
def warn(entry: AuditRecord, *, by: Actor, number: str) -> None:
    """Warn the family of a registered number, once a day, that another account tried to register it.

    Args:
        number: the identity number as typed, of a registration that raised `RegisteredByOther`.
    """
    at = entry.at.astimezone(SHANGHAI)
    _count_attempt(by)
    id_hash = blind(id_number.read(number, at.date()).number)
    person = Person.objects.filter(id_hash=id_hash).exclude(account=by.account).first()
    if person is None:
        return
    entry.set_subject(f"person:{person.public_id}", person.pk)
    own, child = (_WARNING.format(whose=whose) for whose in ("您", f"您的孩子{names.mask_name(person.name)}"))
    enqueue_for_family(person.pk, "person.warn", f"tried:{at:%Y-%m-%d}", own, child)


_WARNING = (
    "【阳光招生】有人用另一个手机号，以{whose}的证件号码提交报名，没有生效，原来的报名没有变化。"
    "如果是自己家里人，请用原来报名的手机号登录办理；如果不认识，请登录“谁看过我的信息”查看，"
    "并告诉当地招生主管部门。"
)


def _count_attempt(by: Actor) -> None:
    """Raise RateLimited when an account has registered or tried more often a day than a family needs. (T2.07)"""
    limits = {policy_keys.REGISTRATIONS_PER_DAY: str(by.account or "")}
    count_attempt(limits, policy_keys.ACCOUNT_SPAN, _too_often)


def _too_often(span: str) -> RateLimited:
    return RateLimited(
        "用这个手机号提交报名的次数已经用完",
        why=f"为防止有人试探别人是否报过名，同一手机号{span}内提交的次数有限",
        now=f"请{span}后再来；确有困难的，请带证件到户籍所在县的招生主管部门办理",
    )


def _already_registered(by: Actor, id_hash: bytes) -> Refused:
    what, why = "这个证件号码在本招生季已经报过名", "每人每季只能报名一次"
    if Person.objects.filter(id_hash=id_hash, account=by.account).exists():
        return Refused(what, why=why, now="请到“我的页面”查看这份报名", where="id_number")
    now = "请用原来报名的手机号登录；不是本人报的，请带证件到户籍所在县的招生主管部门核实"
    return RegisteredByOther(what, why=why, now=now, where="id_number")


def _is_taken(number: str, id_hash: bytes) -> bool:
    """Whether another person has this application number."""
    return Application.objects.filter(number=number).exclude(person__id_hash=id_hash).exists()


def _build_params(by: Actor, season: Season, form: Registration, identity: id_number.IdNumber) -> dict[str, Any]:
    guardian = names.clean_name(form.guardian_name) if form.guardian_name.strip() else ""
    phone = names.clean_guardian_phone(form.guardian_phone) if guardian else ""
    return {
        "account": by.account,
        "id_kind": identity.kind.value,
        "id_number": seal("yangguang_person.id_number", identity.number),
        "id_hash": blind(identity.number),
        "name": names.clean_name(form.name),
        "sex": identity.sex,
        "born_on": identity.birth,
        "home": form.home,
        "place": form.place,
        "by_guardian": form.consent_by == "guardian",
        "consent_text": form.consent_text,
        "guardian_name": guardian,
        "guardian_relation": clean_text(form.guardian_relation, where="guardian_relation"),
        "guardian_phone": seal("yangguang_guardian.phone", phone),
        "needs": seal("yangguang_specialneeds.provision", form.needs) if form.needs else None,
        "mark": blind(f"{season.year}{season.term}{identity.number}"),
        "season": season.pk,
        "year": season.year,
        "junior_school": clean_text(form.junior_school, where="junior_school"),
        "origin": Origin(form.origin).value,
        "track": form.track,
        "state": application_states.REGISTERED,
    }


def _check_guardian(entry: AuditRecord, form: Registration, identity: id_number.IdNumber, rules: RulesInForce) -> None:
    """Raise Refused unless consent was given: under 14 by a guardian, under 18 with a guardian's contact.
    (个人信息保护法 第三十一条)
    """
    child, adult = rules.get(policy_keys.CHILD_UNDER), rules.get(policy_keys.ADULT_FROM)
    guardian = guardian_requirement_at(identity.birth, entry.at, rules)
    if not form.consent_text:
        raise Refused(
            "还没有同意《个人信息告知书》", why="未经同意不能收集信息", now="请阅读后勾选同意", where="consent"
        )
    if guardian is GuardianRequirement.CONSENT_FIRST and form.consent_by != "guardian":
        raise Refused(
            f"未满{child.value}周岁，须由监护人同意",
            now="请监护人阅读告知书，并由监护人勾选同意",
            clause=child.citation,
            where="consent",
        )
    if guardian is not GuardianRequirement.NOT_REQUIRED and not form.guardian_name.strip():
        raise Refused(
            f"未满{adult.value}周岁，请填写监护人姓名和手机号",
            now="监护人会收到报名和志愿变动的通知",
            clause=adult.citation,
            where="guardian_name",
        )
