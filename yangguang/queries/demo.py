"""What the demonstration may know of its own made-up accounts; every caller asks settings.DEMO first."""

from dataclasses import dataclass

from yangguang.models import Account, Seat, SecurityKey
from yangguang.models.base.fields import Sealed
from yangguang.queries.rows import fetch_all, fetch_one
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Door:
    """One account that the role picker offers.

    Args:
        key: what the picker posts. It names the seat or the stage, never a place in the list: a page that was
            left open while the list changed must not lead to somebody else.
    """

    key: str
    role: Role
    account: int
    seat: int | None
    unit: str
    says: str


_OFFER = "SELECT 1 FROM yangguang_waitingoffer AS o WHERE o.application_id = a.id AND o.state = 'OPEN'"
_RELEASE = "SELECT 1 FROM yangguang_release AS x WHERE x.admission_id = adm.id AND x.state = 'ASKED'"
# For each stage its name and who is there, so that every page of the student's desk can be seen.
_STAGES = {
    "registered": (
        "刚注册，还没有填志愿",
        "a.state = 'REGISTERED' AND a.track = 'CHOOSES' AND adm.id IS NULL",
    ),
    "chosen": ("志愿已提交，看结果和理由", "a.state = 'CHOSEN' AND adm.id IS NULL"),
    "offered": ("已录取，等待应答", "adm.state = 'OFFERED'"),
    "turn": ("候补轮到了，等待应答", f"EXISTS ({_OFFER})"),
    "waiting": ("接受并候补更高志愿", f"adm.state = 'WAITING' AND NOT EXISTS ({_OFFER})"),
    "leaving": ("申请退录，等学校意见", f"EXISTS ({_RELEASE})"),
    "record": ("已报到，学籍待本人确认", "rec.state = 'COMPLETED'"),
    "confirmed": ("学籍已确认", "rec.state IN ('CONFIRMED', 'VERIFIED', 'EXPORTED')"),
}
# The play ends by publishing the log's first root, before the site is served. Whoever was registered later was
# registered by a visitor, and what a visitor typed of a person is shown to no other; nor is a made-up family in
# whose account a visitor has registered a child. Before that root everybody is of the play. A number's place code
# or a phone's range would tell less: a visitor may type such ones, too.
_OF_VISITORS = """
SELECT account_id FROM yangguang_person
WHERE account_id IS NOT NULL AND recorded_at > (SELECT min(recorded_at) FROM yangguang_auditroot)
"""


def stage_says(key: str) -> str:
    """The name of the stage that a student's key stands for, "" when it stands for none."""
    return _STAGES[key][0] if key in _STAGES else ""


def students() -> list[Door]:
    """One made-up family at each stage of the season, the first by its number; stages nobody is in are left out.

    A pupil of a dedicated class only where nobody else is: such pages are not what most people look for.
    """
    visitors = tuple(account for (account,) in fetch_all(_OF_VISITORS))
    found = []
    for key, (says, where) in _STAGES.items():
        row = fetch_one(
            f"""
            SELECT p.account_id FROM yangguang_application AS a JOIN yangguang_person AS p ON p.id = a.person_id
            LEFT JOIN yangguang_admission AS adm ON adm.application_id = a.id
            LEFT JOIN yangguang_studentrecord AS rec ON rec.admission_id = adm.id
            WHERE ({where}) AND p.account_id <> ALL (%s)
            ORDER BY EXISTS (SELECT FROM yangguang_specialneeds AS s WHERE s.person_id = p.id), a.number LIMIT 1
            """,
            (visitors,),
        )
        if row is not None:
            found.append(Door(key, Role.STUDENT, row[0], None, "", says))
    return found


def officers() -> list[Door]:
    """The first seat of every staff role that has one, and a colleague at its unit: two-person acts need both."""
    doors: list[Door] = []
    taken: dict[str, list[int | None]] = {}
    for seat in Seat.objects.filter(ended_at=None).select_related("unit", "account").order_by("role", "pk"):
        units = taken.setdefault(seat.role, [])
        if units and (len(units) > 1 or units[0] is None or units[0] != seat.unit_id):
            continue
        name = seat.unit.name if seat.unit else ""
        says = f"{name}的另一位同事，双人事项由这位办第二次。" if units else ""
        units.append(seat.unit_id)
        key = f"{seat.role}-{seat.account.username}"
        doors.append(Door(key, Role(seat.role), seat.account_id, seat.pk, name, says))
    return doors


def phone_of(account: int) -> str:
    """The phone of a made-up family, "" when it has none."""
    sealed: Sealed | None = Account.objects.get(pk=account).phone
    return sealed.reveal() if sealed else ""


def soft_key_of(account: int) -> tuple[str, int]:
    """The seed of a demonstration officer's key (the log-in name) and its uses so far."""
    username = Account.objects.values_list("username", flat=True).get(pk=account)
    counts = SecurityKey.objects.filter(account=account, state=key_states.BOUND)
    return username, max(counts.values_list("sign_count", flat=True), default=0)


def officer_named(username: str) -> int | None:
    """Row id of the made-up officer with this log-in name."""
    return (
        Account.objects.filter(username=username, seats__ended_at=None).values_list("pk", flat=True).first()
    )
