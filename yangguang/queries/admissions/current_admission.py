"""The live admission of an application, and whether a student record was made from it."""

from yangguang.models import Admission, Application, StudentRecord
from yangguang.rules.admissions import admission_states
from yangguang.rules.base.refusals import VersionConflict
from yangguang.rules.records import record_states


def find_current_admission(application: Application) -> Admission | None:
    """The live admission of the application with its school, programme and round; one query."""
    rows = Admission.objects.filter(application=application, state__in=admission_states.LIVE)
    admission: Admission | None = rows.select_related("school", "programme", "round", "application").first()
    return admission


def name_seat(current: Admission | None) -> str:
    """What a page that names the student's seat carries of it; "0" where there is none."""
    return "0" if current is None else str(current.pk)


def require_seat(current: Admission | None, seen: str | None) -> None:
    """Raise VersionConflict unless the page named this seat as the one that is given up.

    Args:
        current: the student's seat now. seen: `name_seat` of the page's; None when no page did.
    """
    if seen is None or seen == name_seat(current):
        return
    seat = "您现在没有名额" if current is None else f"现在是“{current.school.name} · {current.programme.major}”"
    raise VersionConflict(
        "这一页打开之后，您的名额变了，什么都没有办理",
        why=f"{seat}，与这一页写的不同",
        now="请重新打开这一页，看清会失去什么，再决定",
    )


def has_record(admission: Admission) -> bool:
    """Whether a record that is not cancelled was made from the admission."""
    return StudentRecord.objects.filter(admission=admission).exclude(state=record_states.CANCELLED).exists()
