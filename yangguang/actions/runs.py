"""A run of a ranked round: started or scheduled by an officer, computed by a job, published by two people. (D2–D5)"""

from datetime import datetime

from yangguang.actions import run_laying
from yangguang.actions.entry import Entry
from yangguang.actions.kernel import action, keep
from yangguang.actions.queueing import queue_run
from yangguang.actions.run_progress import end_progress, lay_progress
from yangguang.actions.run_work import publish_now
from yangguang.models import AdmissionRun, Round, Unit
from yangguang.queries.run_checks import earliest_start, publication_opens, require_ready
from yangguang.queries.runs import last_before
from yangguang.rules import run_states
from yangguang.rules.actors import Actor
from yangguang.rules.refusals import Refused
from yangguang.rules.rights import Right
from yangguang.rules.windows import say_instant


@action("run.start", Right.ADMISSION_CENTRAL_RUN, on="round", pairs_with="run.approve")
def start(entry: Entry, *, by: Actor, round: Round) -> AdmissionRun:
    """Ask for an official run: a job carries it out and ends it CHECKED, or FAILED with a sentence.

    Raises:
        Refused: a condition of `queries.run_checks` does not hold.
    """
    require_ready(round, entry.at)
    return _lay(entry, by, round, trial=False)


@action("run.what_if", Right.RUN_TRIAL, on="round")
def what_if(entry: Entry, *, by: Actor, round: Round, school: Unit | None = None) -> AdmissionRun:
    """A trial for whoever prepares a round or watches over one; it ends as numbers, and nothing can come of it.

    It draws with a public seed of its own and may be made at any time.

    Args:
        school: compute its lines alone.
    Raises:
        Refused: not a ranked round, or another run is computing.
    """
    require_ready(round, entry.at, trial=True)
    return _lay(entry, by, round, trial=True, school=school)


def _lay(entry: Entry, by: Actor, round: Round, *, trial: bool, school: Unit | None = None) -> AdmissionRun:
    run = run_laying.lay(round, account=by.account, trial=trial, school=school)
    run.school, run.began_at = school, entry.at
    run.save(update_fields=["school", "began_at"])
    lay_progress(run, round)
    queue_run(run.pk)
    entry.about(run)
    entry.says(what_if=trial, number=run.number)
    return run


@action("run.schedule", Right.ADMISSION_CENTRAL_RUN, on="round", pairs_with="run.approve")
def schedule(entry: Entry, *, by: Actor, round: Round, at: datetime) -> AdmissionRun:
    """Have the official run started by itself at an instant after the choices are final.

    Raises:
        Refused: the instant is too early, or the round has such a run already or is published.
    """
    require_ready(round, entry.at, scheduling=True)
    earliest = earliest_start(round)
    if earliest is None:
        raise Refused("志愿填报的截止时间待定，还不能预约运算", now="请先设定截止时间", where="at")
    if at < earliest or at <= entry.at:
        raise Refused(
            f"预约的时间太早，最早是{say_instant(max(earliest, entry.at))}",
            why="运算要在志愿填报和复核都结束之后",
            now="请填写更晚的时间",
            where="at",
        )
    last = round.runs.order_by("-number").values_list("number", flat=True).first() or 0
    run = AdmissionRun.objects.create(
        round=round, number=last + 1, state=run_states.SCHEDULED, starts_at=at, started_by_id=by.account
    )
    lay_progress(run, round)
    queue_run(run.pk, at)
    entry.about(run)
    entry.says(number=run.number, at=say_instant(at))
    return run


@action("run.cancel", Right.ADMISSION_CENTRAL_RUN, on="run", pairs_with="run.start")
def cancel(entry: Entry, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """End a run that waits or computes. Its job sees it between and inside phases, and nothing of it counts.

    Raises:
        IllegalMove: it has come to its end already.
    """
    keep(run, state=run_states.MOVES.take("cancel", run.state))
    end_progress(run)
    return run


@action("run.propose", Right.ADMISSION_CENTRAL_RUN, on="run", pairs_with="run.approve")
def propose(entry: Entry, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Ask for the publication of a checked run.

    Raises:
        Refused: a trial, every line is held back by the verifier, or what changed since the run before was not
            looked at by the proposer.
        IllegalMove: not the newest checked run of its round.
    """
    state = run_states.MOVES.take("propose", run.state)
    if run.is_what_if:
        raise Refused("试算的结果不能公布", why="试算不是正式录取", now="请在志愿填报截止后发起正式运算")
    if len(run.report["held_back"]) == run.counts["lines"] > 0:
        raise Refused("核验发现问题，全部计划行都被扣下", now="请查看核验报告，改正后重新运算")
    before = last_before(run)
    if before is not None and (run.compared_by_id, run.compared_with_id) != (by.account, before.pk):
        raise Refused(
            f"本次运算与第{before.number}次运算的差异，您还没有核对",
            why="重新运算的结果，提请人须先看过谁的结果变了",
            now="请打开“与上次运算的差异”，逐项看过后按“已核对”",
            where="difference",
        )
    keep(run, state=state, proposed_by_id=by.account)
    return run


@action("run.approve", Right.ADMISSION_PUBLISH, on="run", pairs_with="run.propose")
def approve(entry: Entry, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Approve the publication; another person than the one who started or proposed the run.

    Raises:
        Refused: the same person.
    """
    if by.account in (run.started_by_id, run.proposed_by_id):
        raise Refused(
            "本次运算由您发起或提请，须由另一个人批准",
            why="公布录取须由两人分别用各自的优盾办理",
            now="请通知有同样岗位的另一位同事登录批准",
        )
    keep(run, state=run_states.MOVES.take("approve", run.state), approved_by_id=by.account)
    return run


@action("run.publish", Right.ADMISSION_PUBLISH, on="run", pairs_with="run.approve")
def publish(entry: Entry, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Make the results official: admissions, seats, messages and the seed, in one transaction.

    Whoever got a seat elsewhere since the input was frozen is passed over and listed in the report; lines held
    back by the verifier stay unpublished. Nothing is oversold: seats that have gone since then end the act.

    Raises:
        Refused: the approver again, too early, or the plan has changed since the run.
        IllegalMove: not approved, or published already.
    """
    _require_other(by, run)
    run_states.MOVES.take("publish", run.state)
    _require_settled(run, "公布")
    run.published_by_id = by.account
    return publish_now(entry, run)


@action("run.time", Right.ADMISSION_PUBLISH, on="run", pairs_with="run.approve")
def time(entry: Entry, *, by: Actor, run: AdmissionRun, at: datetime) -> AdmissionRun:
    """Have an approved run published by itself at an instant, as if this officer published it then.

    Raises:
        Refused: the approver again, an instant that has passed or lies before the publication window, or the
            round is being computed anew.
        IllegalMove: not approved.
    """
    _require_other(by, run)
    state = run_states.MOVES.take("time", run.state)
    round = _require_settled(run, "定时公布")
    opens = publication_opens(round)
    if at <= entry.at or (opens is not None and at < opens):
        raise Refused(
            f"定时公布的时间太早，最早是{say_instant(max(entry.at, opens or entry.at))}",
            why="所有学生在统一公布时间知道结果",
            now="请填写更晚的时间",
            where="at",
        )
    keep(run, state=state, publish_at=at, published_by_id=by.account)
    queue_run(run.pk, at)
    entry.says(at=say_instant(at))
    return run


@action("run.call_off", Right.ADMISSION_PUBLISH, on="run", pairs_with="run.time")
def call_off(entry: Entry, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Take the set instant back, by either of the two who decided it; the run stays approved.

    Raises:
        Refused: neither of the two.
        IllegalMove: nothing is timed.
    """
    state = run_states.MOVES.take("call_off", run.state)
    if by.account not in (run.approved_by_id, run.published_by_id):
        raise Refused(
            "定时公布只能由决定它的两人之一撤销",
            why=f"本次由{run.approved_by}批准、{run.published_by}设定",
            now="请联系其中一位",
        )
    entry.says(at="" if run.publish_at is None else say_instant(run.publish_at))
    keep(run, state=state, publish_at=None, published_by_id=None)
    return run


def _require_settled(run: AdmissionRun, act: str) -> Round:
    """The round, locked against a new start; a result that is being computed anew is not the one to publish."""
    round = Round.objects.select_for_update().get(pk=run.round_id)
    if round.runs.filter(state__in=run_states.COMPUTING, is_what_if=False).exists():
        raise Refused(f"本批次正在重新运算，不能{act}", now="请等它结束，或先取消它")
    return round


def _require_other(by: Actor, run: AdmissionRun) -> None:
    if by.account == run.approved_by_id:
        raise Refused(
            "本次公布由您批准，须由另一个人执行公布",
            why="公布录取须由两人分别用各自的优盾办理",
            now="请提请公布的同事登录公布",
        )
