"""A run of a ranked round: computed on frozen input, checked by other code, then published by two people. (D2–D5)"""

from yangguang.actions import publication, run_phases
from yangguang.actions.entry import Entry
from yangguang.actions.kernel import action, keep
from yangguang.models import AdmissionRun, Round, RoundLine, Unit
from yangguang.models.scoping import letter_of
from yangguang.queries.rows import fetch_all, fetch_one
from yangguang.queries.run_checks import require_ready
from yangguang.rules import run_states
from yangguang.rules.actors import Actor
from yangguang.rules.refusals import NotHere, Refused
from yangguang.rules.rights import Right

# First half of the advisory lock's key; the second is the round.
_COMPUTING = 20_001
_SUPERSEDE = """
UPDATE yangguang_admissionrun SET state = 'SUPERSEDED'
WHERE round_id = %s AND id <> %s AND state IN ('COMPUTED', 'CHECKED', 'PROPOSED', 'APPROVED')
"""


@action("run.start", Right.ADMISSION_CENTRAL_RUN, pairs_with="run.approve")
def start(
    entry: Entry, *, by: Actor, round: Round, what_if: bool = False, school: Unit | None = None
) -> AdmissionRun:
    """Freeze the input, match, store and verify. The run ends CHECKED, or FAILED with a sentence in its report.

    An earlier run that is not yet published is superseded. A trial (`what_if`) draws with a public seed of its
    own, may be made at any time, and can never be published.

    Args:
        school: compute its lines alone; only in a trial.
    Raises:
        Refused: a condition of `queries.run_checks` does not hold.
        NotHere: the round has schools outside the officer's area.
    """
    if school is not None and not what_if:
        raise Refused("单独一所学校只能试算", why="正式录取必须同时考虑全部志愿", now="请选择“试算”")
    return _run(entry, by, round, trial=what_if, school=school)


@action("run.what_if", Right.RUN_TRIAL)
def what_if(entry: Entry, *, by: Actor, round: Round, school: Unit | None = None) -> AdmissionRun:
    """A trial for whoever prepares a round or watches over one; it ends as numbers, and nothing can come of it.

    Raises:
        Refused: not a ranked round, or another run is computing.
        NotHere: the round has schools outside the officer's area.
    """
    return _run(entry, by, round, trial=True, school=school)


def _run(entry: Entry, by: Actor, round: Round, *, trial: bool, school: Unit | None) -> AdmissionRun:
    round = Round.objects.select_related("season").get(pk=round.pk)
    _require_reach(by, Right.RUN_TRIAL if trial else Right.ADMISSION_CENTRAL_RUN, round)
    _require_alone(round)
    require_ready(round, entry.at, trial=trial)
    run = run_phases.lay(round, account=by.account, trial=trial, school=school)
    run_phases.freeze(run, entry.at, trial=trial, school=school)
    run_phases.compute(run)
    run_phases.check(run)
    if not trial and run.state == run_states.CHECKED:
        fetch_all(_SUPERSEDE, (round.pk, run.pk))
    entry.about(run)
    entry.says(what_if=trial, state=run.state, input=run.input_hash, output=run.output_hash, **_numbers(run))
    return run


@action("run.propose", Right.ADMISSION_CENTRAL_RUN, on="run", pairs_with="run.approve")
def propose(entry: Entry, *, by: Actor, run: AdmissionRun) -> AdmissionRun:
    """Ask for the publication of a checked run.

    Raises:
        Refused: a trial, or every line is held back by the verifier.
        IllegalMove: not the newest checked run of its round.
    """
    state = run_states.MOVES.take("propose", run.state)
    if run.is_what_if:
        raise Refused("试算的结果不能公布", why="试算不是正式录取", now="请在志愿填报截止后发起正式运算")
    if len(run.report["held_back"]) == run.counts["lines"] > 0:
        raise Refused("核验发现问题，全部计划行都被扣下", now="请查看核验报告，改正后重新运算")
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
    if by.account == run.approved_by_id:
        raise Refused(
            "本次公布由您批准，须由另一个人执行公布",
            why="公布录取须由两人分别用各自的优盾办理",
            now="请提请公布的同事登录公布",
        )
    state = run_states.MOVES.take("publish", run.state)
    taken = publication.publish(run, entry.at)
    counts = run.counts | {"admitted": taken.seated, "skipped": len(taken.skipped)}
    report = run.report | {"skipped": list(taken.skipped)}
    keep(run, state=state, published_by_id=by.account, published_at=entry.at, counts=counts, report=report)
    fetch_all(_SUPERSEDE, (run.round_id, run.pk))
    entry.says(output=run.output_hash, held_back=len(report["held_back"]), **_numbers(run))
    return run


def _numbers(run: AdmissionRun) -> dict[str, int]:
    names = ("persons", "lines", "placed", "admitted", "skipped")
    return {name: run.counts[name] for name in names if name in run.counts}


def _require_alone(round: Round) -> None:
    """One computing run a round, also while the other one has not committed yet."""
    row = fetch_one("SELECT pg_try_advisory_xact_lock(%s, %s)", (_COMPUTING, round.pk))
    if row is None or not row[0]:
        raise Refused(
            "本批次正在运算", why="一个批次同时只能有一次运算", now="请等它结束；可在批次页面查看进度"
        )


def _require_reach(by: Actor, right: Right, round: Round) -> None:
    """A round is public to read, but only whoever governs all of its schools computes it."""
    if letter_of(by, right) == "a":
        return
    lines = RoundLine.objects.filter(round=round)
    within = lines.filter(plan_line__plan__school__path__startswith=by.path or "-")
    if by.line:
        within = within.filter(plan_line__plan__school__line=by.line)
    if not lines.exists() or within.count() != lines.count():
        raise NotHere("没有找到这条信息", why="它不存在，或者不在您的岗位范围内", now="请从列表重新进入")
