"""Processes in which the students act, started clean and connected by pipes."""

import gc
import multiprocessing
import os
import resource
import traceback
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

from django.conf import settings

CLOSE = "close"
INHERITED = ("DATABASE_URL", "DATABASE_ROLE", "DJANGO_SETTINGS_MODULE", "YANGGUANG_DEMO")


def peak_kb() -> int:
    """The most memory that this process has held, in kB; `ru_maxrss` would begin with that of its parent."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(status.split("VmHWM:")[1].split()[0])


def _work(pipe: Connection, environment: dict[str, str], size: int, seed: int, worker: int, workers: int) -> None:
    """Carry out the tasks that come down the pipe until one is to close."""
    os.environ |= environment
    import django

    django.setup()
    from yangguang.simulation.applicants import ApplicantGroup

    group = ApplicantGroup(size, seed, worker, workers)
    # What is loaded by now stays; without this the garbage collection costs a twentieth of the season.
    gc.freeze()
    gc.set_threshold(50_000)
    while True:
        task, arguments = pipe.recv()
        if task == CLOSE:
            pipe.send((peak_kb(), dict(group.refused)))
            return
        try:
            pipe.send((group.run(task, arguments), ""))
        except Exception:  # The parent raises it; without an answer it would wait for ever.
            pipe.send((0, traceback.format_exc()))
            return


class WorkerPool:
    """All students, in groups that act side by side, one group in each process.

    Args:
        size: number of students.
        seed: of the season.
        workers: number of processes.
    """

    def __init__(self, size: int, seed: int, workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ} | {
            "YANGGUANG_VAR": str(settings.VAR),
            "DATABASE_HURRY": "1",
            "GATEWAY_SMS": "yangguang.simulation.sms.MemorySms",
        }
        self.pipes: list[Connection] = []
        self.processes = []
        for worker in range(workers):
            near, far = context.Pipe()
            arguments = (far, environment, size, seed, worker, workers)
            process = context.Process(target=_work, args=arguments, daemon=True)
            process.start()
            self.pipes.append(near)
            self.processes.append(process)

    def run(self, task: str, **arguments: object) -> int:
        """Let every group carry out a task.

        Args:
            task: name of a method of `ApplicantGroup`; `arguments` are its arguments.
        Returns:
            how many students were not refused.
        Raises:
            RuntimeError: a process failed; the sentence holds its traceback.
        """
        for pipe in self.pipes:
            pipe.send((task, arguments))
        total = 0
        for pipe in self.pipes:
            try:
                done, fault = pipe.recv()
            except (EOFError, ConnectionResetError):
                raise RuntimeError(f"第“{task}”步中断：一个进程意外退出") from None
            if fault:
                raise RuntimeError(f"第“{task}”步中断：{fault}")
            total += done
        return total

    def close(self) -> tuple[int, dict[str, int]]:
        """End the processes.

        Returns:
            the sum of their peak memory in kB, and how often students were refused, by sentence.
        """
        peak, refused = 0, Counter[str]()
        for pipe, process in zip(self.pipes, self.processes, strict=True):
            pipe.send((CLOSE, {}))
            used, counts = pipe.recv()
            peak, refused = peak + used, refused + Counter(counts)
            process.join(timeout=30)
        return peak, dict(refused)
