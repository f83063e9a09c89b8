"""A process that rears workers and kills them: each is forked, takes up what is waiting, and has a time to live.

First it carries out the run named on its command line itself, so that everything is loaded and compiled. Then it
reads seconds to live from standard input, one line each, and answers "killed" or "done".
"""

import asyncio
import os
import signal
import sys
import time

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
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(work())
            os._exit(0)
        print(ended(child, time.monotonic() + float(line)), flush=True)


async def work() -> None:
    """One worker: first what the minute brings (dead workers' jobs, runs that are due), then whatever waits."""
    from procrastinate.contrib.django import app

    from yangguang.jobs import tasks

    own = app.with_connector(app.connector.get_worker_connector())
    async with own.open_async():
        await tasks.retry_stalled.func(type("Context", (), {"app": own})(), 0)
        await asyncio.to_thread(tasks.carry_on_runs, 0)
        await own.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)


def ended(child: int, deadline: float) -> str:
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return "done" if status == 0 else f"failed {status}"
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "killed"


if __name__ == "__main__":
    main()
