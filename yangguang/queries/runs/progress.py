"""How far the job of a run is and how long it may still take, and which runs need a job. (F-D4)"""

from typing import NamedTuple

from yangguang.models import AdmissionRun
from yangguang.postgres.sql import fetch_all, fetch_one
from yangguang.rules.base.state_machine import render_states
from yangguang.rules.runs import run_states

PHASES = (("freeze", "冻结输入"), ("compute", "排名录取"), ("store", "写入名单"), ("check", "核验"))
SILENT_AFTER = 30.0
"""Seconds without a heartbeat of the worker, after which another takes its jobs up."""


class RunStatus(NamedTuple):
    """How far a run is; seconds are of the machine's clock.

    Args:
        steps: (label, is it done, is it the current one) in order.
        left: seconds it may still take by the rate of earlier runs; None before there was one.
        tries: how often a worker began; 0 while it waits for one. silent: the worker does not respond.
    """

    steps: tuple[tuple[str, bool, bool], ...]
    persons: int
    programmes: int
    elapsed: int
    left: int | None
    tries: int
    silent: bool

    @property
    def share(self) -> int:
        """Percent of the expected time, at most 99 while it works; by phase where no time is known."""
        if self.left is not None and self.elapsed + self.left > 0:
            return min(99, 100 * self.elapsed // (self.elapsed + self.left))
        return 100 * sum(done for _, done, _ in self.steps) // len(self.steps)


# The heartbeat is that of the worker's process: a long phase reports nothing, and is alive.
_STATUS = """
SELECT p.phase, p.done, p.total, p.persons, p.programmes, p.tries,
       coalesce(extract(epoch FROM clock_timestamp() - p.began_at), 0)::float AS elapsed,
       EXISTS (SELECT 1 FROM procrastinate_jobs AS j JOIN procrastinate_workers AS w ON w.id = j.worker_id
               WHERE j.task_name = 'carry_out_run' AND (j.args ->> 'run')::bigint = p.run_id AND j.status = 'doing'
                 AND w.last_heartbeat > clock_timestamp() - make_interval(secs => %(silent)s)) AS is_alive,
       (SELECT sum(extract(epoch FROM e.ended_at - e.began_at)) / nullif(sum(e.persons), 0)
        FROM (SELECT e.* FROM yangguang_runprogress AS e JOIN yangguang_admissionrun AS r ON r.id = e.run_id
              WHERE e.persons > 0 AND e.ended_at > e.began_at AND r.output_hash <> '' AND r.school_id IS NULL
              ORDER BY e.ended_at DESC LIMIT 5) AS e)::float AS rate
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


def get_run_status(run: AdmissionRun) -> RunStatus | None:
    """How far the job of a run is; None for a run without one."""
    row = fetch_one(_STATUS, {"run": run.pk, "silent": SILENT_AFTER})
    if row is None:
        return None
    current = next((n for n, (name, _) in enumerate(PHASES) if name == row.phase), 0)
    is_through = 0 < row.total <= row.done
    steps = tuple(
        (label, n < current or (n == current and is_through), n == current and row.tries > 0)
        for n, (_, label) in enumerate(PHASES)
    )
    left = None if row.rate is None else max(0, round(row.rate * row.persons - row.elapsed))
    silent = row.tries > 0 and not row.is_alive
    return RunStatus(steps, row.persons, row.programmes, int(row.elapsed), left, row.tries, silent)


def list_due_runs() -> list[int]:
    """Runs (row ids) that need work now and that no job works on."""
    return [row.id for row in fetch_all(_DUE)]
