"""The live admission of an application, and whether a student record was made from it."""

from yangguang.models import Admission, Application, StudentRecord
from yangguang.rules.admissions import admission_states
from yangguang.rules.records import record_states


def find_current_admission(application: Application) -> Admission | None:
    """The live admission of the application with its school, programme and round; one query."""
    rows = Admission.objects.filter(application=application, state__in=admission_states.LIVE)
    admission: Admission | None = rows.select_related("school", "programme", "round", "application").first()
    return admission


def has_record(admission: Admission) -> bool:
    """Whether a record that is not cancelled was made from the admission."""
    return StudentRecord.objects.filter(admission=admission).exclude(state=record_states.CANCELLED).exists()
