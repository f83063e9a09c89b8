"""Reading the masked ranking of a programme and what a run changed; each access is logged. (T1.09)"""

from yangguang.actions.base.action import action, update_versioned
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import AdmissionRun, Programme
from yangguang.queries.runs.programme_rankings import RankingPage, get_ranking
from yangguang.queries.runs.runs import PersonChange, find_last_run, list_person_changes
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound, Refused

OUT_OF_REACH = NotFound("没有找到这条信息", why="它不存在，或者不在您的岗位范围内", now="请从批次页面重新进入")


@action("run.read_programme", Right.RUN_READ_RANKING)
def read_programme(
    entry: AuditRecord, *, by: Actor, run: AdmissionRun, programme: Programme, after: tuple[int, str] | None = None
) -> RankingPage:
    """One page of a programme's ranking in a run.

    Args:
        after: (place, 报名号) of the last row of the page before.
    Raises:
        NotFound: the run is outside the officer's area, a trial, or without a list of this programme.
    """
    run = _get_readable(by, run)
    entry.set_subject(run)
    entry.add_facts(programme=programme.code)
    page = get_ranking(run, programme, entry.at, after)
    if page is None:
        raise OUT_OF_REACH
    return page


@action("run.read_difference", Right.RUN_READ_RANKING)
def read_difference(
    entry: AuditRecord, *, by: Actor, run: AdmissionRun, after: str = "", limit: int = 50
) -> list[PersonChange]:
    """The persons whom this run places otherwise than the one before it; `limit` + 1 at most.

    Args:
        after: 报名号 of the last person of the page before.
    Raises:
        NotFound: outside the officer's area, or a trial.
    """
    run = _get_readable(by, run)
    entry.set_subject(run)
    return list_person_changes(run, after, limit)


@action("run.compare", Right.RUN_READ_RANKING, on="run")
def compare(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """State that the officer has compared this run with the one before it, as its proposer must.

    Raises:
        Refused: there is no run to compare with.
    """
    before = find_last_run(run)
    if run.is_what_if or before is None:
        raise Refused("没有可以核对的上次运算", now="请直接提请公布")
    update_versioned(run, compared_by_id=by.account, compared_with_id=before.pk)
    entry.add_facts(number=run.number, before=before.number)
    return run


def _get_readable(by: Actor, run: AdmissionRun) -> AdmissionRun:
    rows = AdmissionRun.objects.for_actor(by, Right.RUN_READ_RANKING).defer("snapshot")
    readable: AdmissionRun | None = rows.filter(pk=run.pk, is_what_if=False).first()
    if readable is None:
        raise OUT_OF_REACH
    return readable
