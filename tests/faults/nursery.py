"""A process that forks one worker after the other; each does the waiting jobs and may be killed.

First it carries out the run whose id is its argument, so that everything is loaded and compiled. Then every line on
standard input starts a worker: it prints the process id, and then how the worker ended.
"""

import asyncio
import os
import signal
import sys

import django


def main() -> None:
    django.setup()
    from django.db import connection

    from yangguang.jobs import tasks

    tasks.carry_out_run(int(sys.argv[1]))
    # A child must not share a connection, nor the threads of a pool that it does not have.
    connection.close()
    connection.close_pool()
    print("ready", flush=True)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(work())
            os._exit(0)
        print(child, flush=True)
        print(ended(os.waitpid(child, 0)[1]), flush=True)


async def work() -> None:
    """One worker: the tasks of a minute (stalled jobs, runs that are due), then all waiting jobs."""
    from procrastinate.contrib.django import app

    from yangguang.jobs import tasks

    own = app.with_connector(app.connector.get_worker_connector())
    async with own.open_async():
        await tasks.retry_stalled.func(type("Context", (), {"app": own})(), 0)
        await asyncio.to_thread(tasks.carry_on_runs, 0)
        await own.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)


def ended(status: int) -> str:
    if os.WIFSIGNALED(status):
        return "killed" if os.WTERMSIG(status) == signal.SIGKILL else f"signal {os.WTERMSIG(status)}"
    return "done" if status == 0 else f"failed {status}"


if __name__ == "__main__":
    main()
