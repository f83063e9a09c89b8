"""A phone that was quiet for long: who has it now proves a fact of a registered child, or begins again. (T2.08)

Operators give a number to another person after some months; a code to the phone then proves nothing about the child.
"""

from yangguang.actions.accounts.guardian_phones import stop_copies
from yangguang.actions.accounts.rate_limits import count_attempt
from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import Account, Person
from yangguang.postgres.sql import execute, fetch_row
from yangguang.queries.accounts.quiet_phones import is_quiet
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.folding import fold_number
from yangguang.rules.base.names import clean_name
from yangguang.rules.base.refusals import RateLimited, Refused
from yangguang.rules.seasons import policy_keys

_USED = "UPDATE yangguang_account SET last_login = yg_now() WHERE id = %s"
# The old account keeps its persons and loses the phone; the county gives it another one after seeing the papers.
_RELEASE_PHONE = """
WITH before AS (SELECT id, username, phone, phone_hash FROM yangguang_account WHERE id = %(account)s FOR UPDATE)
UPDATE yangguang_account AS a SET username = 'quiet-' || a.id, phone = NULL, phone_hash = NULL
FROM before WHERE a.id = before.id RETURNING before.username, before.phone, before.phone_hash
"""
_BEGIN = """
INSERT INTO yangguang_account (password, username, name, phone, phone_hash)
VALUES ('!', %s, '', %s, %s) RETURNING id
"""


@action("account.fact", Right.ACCOUNT_SIGN_IN)
def prove_fact(entry: AuditRecord, *, by: Actor, account: int, fact: str) -> bool:
    """Whether `fact` is the name, or the last four characters of the number, of a person of the account (row id).

    Raises:
        RateLimited: too many tries today; beginning again is still possible.
        Refused: the phone was not quiet, or has proven a fact already.
    """
    _require_quiet(account)
    count_attempt({policy_keys.FACT_TRIES: str(account)}, policy_keys.ACCOUNT_SPAN, _too_often)
    is_right = any(_is_fact(person, fact) for person in Person.objects.filter(account=account))
    if is_right:
        execute(_USED, (account,))
    entry.set_subject(f"account:{account}")
    entry.add_facts(right=is_right)
    return is_right


@action("account.start_fresh", Right.ACCOUNT_SIGN_IN)
def start_fresh(entry: AuditRecord, *, by: Actor, account: int) -> Account:
    """Give the phone of a quiet account (row id) a new account, which knows nothing of the old one.

    Raises:
        Refused: the phone was not quiet.
    """
    _require_quiet(account)
    before = fetch_row(_RELEASE_PHONE, {"account": account})
    stop_copies(account, bytes(before.phone_hash))
    created = fetch_row(_BEGIN, tuple(before))
    entry.set_subject(f"account:{account}")
    return Account(pk=created.id, phone_hash=before.phone_hash)


def _too_often(span: str) -> RateLimited:
    now = f"请{span}后再试，或带身份证到县级招生主管部门核实；也可以作为新用户进入"
    return RateLimited("核对的次数已经用完", now=now)


def _require_quiet(account: int) -> None:
    if not is_quiet(account):
        raise Refused("这个手机号不需要核对考生信息", now="请重新登录")


def _is_fact(person: Person, fact: str) -> bool:
    try:
        name = clean_name(fact)
    except Refused:
        name = ""
    return name == person.name or fold_number(fact) == person.id_number.reveal()[-4:]
