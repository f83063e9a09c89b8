"""The seat an application holds now, with what a page says about it; and what may still be done with it."""

from yangguang.models import Admission, Application, StudentRecord
from yangguang.rules.admissions import admission_states
from yangguang.rules.records import record_states


def held_by(application: Application) -> Admission | None:
    """The live admission of the application, None for nobody's; one query."""
    rows = Admission.objects.filter(application=application, state__in=admission_states.LIVE)
    found: Admission | None = rows.select_related("school", "programme", "round", "application").first()
    return found


def has_record(admission: Admission) -> bool:
    """Whether a record rests on the admission."""
    return StudentRecord.objects.filter(admission=admission).exclude(state=record_states.CANCELLED).exists()
