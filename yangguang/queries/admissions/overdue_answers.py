"""Rounds with admissions that were not answered in time. (R3.02)"""

from django.db.models import Exists, OuterRef, QuerySet

from yangguang import clock
from yangguang.models import Admission, Round
from yangguang.rules.admissions import admission_states
from yangguang.rules.runs.rounds import Silence


def list_rounds_to_lapse() -> QuerySet[Round]:
    """The rounds whose rule of silence changes an admission now, in order; one query."""
    overdue = Admission.objects.filter(round=OuterRef("pk"), state=admission_states.OFFERED, answer_by__lte=clock.now())
    rounds = Round.objects.exclude(silence=Silence.HOLD).filter(Exists(overdue))
    return rounds.order_by("season_id", "number")
