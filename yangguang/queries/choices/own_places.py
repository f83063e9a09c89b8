"""The public result of the round before of programmes, beside an applicant's own score. (F-D13)"""

from collections.abc import Collection
from datetime import datetime

from yangguang.models import AdmissionRun, Application, Round
from yangguang.queries.runs.runs import list_disclosed
from yangguang.rules.choices.own_place import describe_own_place
from yangguang.rules.runs import run_states


def describe_own_places(application: Application, round: Round, codes: Collection[str], at: datetime) -> dict[str, str]:
    """A sentence for each of these programmes (codes) with public numbers in the last ranked round before `round`."""
    runs = AdmissionRun.objects.defer("snapshot").select_related("round").filter(state=run_states.PUBLISHED)
    before = runs.filter(round__season=round.season_id, round__number__lt=round.number)
    run = before.order_by("-round__number").first()
    if run is None or not codes:
        return {}
    own = application.scores[0] if application.scores else None
    return {
        one.code: describe_own_place(
            run.round.name,
            seats=one.seats,
            admitted=one.admitted,
            last_place=one.last_place,
            last_score=one.last_score,
            own=own,
        )
        for one in list_disclosed(run, at, codes=sorted(codes), limit=len(codes))
    }
