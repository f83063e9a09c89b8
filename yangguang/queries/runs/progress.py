"""Where a run's job stands and how long it may still take, and which runs a job should be working on. (F-D4)"""

from dataclasses import dataclass

from yangguang.models import AdmissionRun
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.runs import run_states

PHASES = (("freeze", "冻结输入"), ("compute", "排名录取"), ("store", "写入名单"), ("check", "核验"))
SILENT_AFTER = 30.0
"""Seconds without a heartbeat of the worker, after which another takes its jobs up."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A run under way; seconds are of the machine's clock.

    Args:
        steps: (label, is it done, is it the one now) in order.
        left: seconds it may still take by the rate of earlier runs; None before there was one.
        waits: no worker has taken it up yet. silent: the worker that had it does not answer.
    """

    steps: tuple[tuple[str, bool, bool], ...]
    done: int
    total: int
    persons: int
    programmes: int
    elapsed: int
    left: int | None
    tries: int
    waits: bool
    silent: bool

    @property
    def share(self) -> int:
        """Percent of the expected time, at most 99 while it works; by phase where no time is known."""
        if self.left is not None and self.elapsed + self.left > 0:
            return min(99, 100 * self.elapsed // (self.elapsed + self.left))
        return 100 * sum(done for _, done, _ in self.steps) // len(self.steps)


# A heartbeat is of the worker's process, not of the run: a long phase says nothing, and is alive.
_STANDING = """
SELECT p.phase, p.done, p.total, p.persons, p.programmes, p.tries,
       coalesce(extract(epoch FROM clock_timestamp() - p.began_at), 0)::float,
       EXISTS (SELECT 1 FROM procrastinate_jobs AS j JOIN procrastinate_workers AS w ON w.id = j.worker_id
               WHERE j.task_name = 'carry_out_run' AND (j.args ->> 'run')::bigint = p.run_id AND j.status = 'doing'
                 AND w.last_heartbeat > clock_timestamp() - make_interval(secs => %(silent)s)),
       (SELECT sum(extract(epoch FROM e.ended_at - e.began_at)) / nullif(sum(e.persons), 0)
        FROM (SELECT e.* FROM yangguang_runprogress AS e JOIN yangguang_admissionrun AS r ON r.id = e.run_id
              WHERE e.persons > 0 AND e.ended_at > e.began_at AND r.output_hash <> '' AND r.school_id IS NULL
              ORDER BY e.ended_at DESC LIMIT 5) AS e)::float
FROM yangguang_runprogress AS p WHERE p.run_id = %(run)s
"""
_DUE = f"""
SELECT r.id FROM yangguang_admissionrun AS r
WHERE (r.state IN {render_states(run_states.COMPUTING)}
       OR (r.state = 'SCHEDULED' AND r.starts_at <= yg_now()) OR (r.state = 'TIMED' AND r.publish_at <= yg_now()))
  AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS j
                  WHERE j.task_name = 'carry_out_run' AND (j.args ->> 'run')::bigint = r.id AND (j.status = 'doing'
                       OR (j.status = 'todo' AND coalesce(j.scheduled_at, '-infinity') <= clock_timestamp())))
ORDER BY r.id
"""


def standing(run: AdmissionRun) -> Standing | None:
    """How far the job of a run has come; None for a run without one."""
    row = fetch_one(_STANDING, {"run": run.pk, "silent": SILENT_AFTER})
    if row is None:
        return None
    phase, done, total, persons, programmes, tries, elapsed, alive, rate = row
    names = [name for name, _ in PHASES]
    at = names.index(phase) if phase in names else 0
    steps = tuple(
        (label, n < at or (n == at and total > 0 and done >= total), n == at and tries > 0)
        for n, (_, label) in enumerate(PHASES)
    )
    left = None if rate is None else max(0, round(rate * persons - elapsed))
    return Standing(
        steps,
        done,
        total,
        persons,
        programmes,
        int(elapsed),
        left,
        tries,
        waits=tries == 0,
        silent=tries > 0 and not alive,
    )


def runs_due() -> list[int]:
    """Runs (row ids) for which something is to be done now and that no job has in hand."""
    return [run for (run,) in fetch_all(_DUE)]
