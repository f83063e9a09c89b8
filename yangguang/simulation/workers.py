"""Processes for the troupe: one per core, spawned clean, spoken to by pipe."""

import gc
import multiprocessing
import os
import resource
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from django.conf import settings as conf


def peak_kb() -> int:
    """Most memory that this process has held, in kB. `ru_maxrss` would count what its parent held when it began."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(status.split("VmHWM:")[1].split()[0])


def _serve(pipe: Connection, settings: dict[str, str], n: int, seed: int, mine: int, of: int) -> None:
    """Play the scenes that come down the pipe until it closes."""
    # Each process keeps its players' telephones in its own memory.
    os.environ.update(settings, DATABASE_HURRY="1", GATEWAY_SMS="yangguang.simulation.sms.MemorySms")
    import django

    django.setup()
    from yangguang.simulation.applicants import Troupe

    troupe = Troupe(n, seed, mine, of)
    # What is loaded by now stays; looking through it for garbage again and again costs a twentieth of the play.
    gc.freeze()
    gc.set_threshold(50_000)
    while True:
        scene, arguments = pipe.recv()
        if scene == "curtain":
            pipe.send((peak_kb(), dict(troupe.refused)))
            return
        try:
            pipe.send((getattr(troupe, scene)(**arguments), None))
        except Exception as error:  # The director must hear of it; a silent player would hang the season.
            import traceback

            pipe.send((0, f"{error}\n{traceback.format_exc()}"))
            return


class Stagehands:
    """All shares of the troupe, played side by side.

    Args:
        n: students in all. seed: of the season. hands: how many processes.
    """

    def __init__(self, n: int, seed: int, hands: int) -> None:
        context = multiprocessing.get_context("spawn")
        wanted = (
            "DATABASE_URL",
            "DATABASE_ROLE",
            "DJANGO_SETTINGS_MODULE",
            "YANGGUANG_DEMO",
            "YANGGUANG_VAR",
        )
        settings = {name: os.environ[name] for name in wanted if name in os.environ}
        settings["YANGGUANG_VAR"] = str(conf.VAR)
        self.pipes: list[Connection] = []
        self.workers = []
        for mine in range(hands):
            ours, theirs = context.Pipe()
            worker = context.Process(
                target=_serve, args=(theirs, settings, n, seed, mine, hands), daemon=True
            )
            worker.start()
            self.pipes.append(ours)
            self.workers.append(worker)

    def play(self, scene: str, **arguments: Any) -> int:
        """Every share plays the scene; returns how many students got through.

        Raises:
            RuntimeError: one share broke down, with its trace.
        """
        for pipe in self.pipes:
            pipe.send((scene, arguments))
        total = 0
        for pipe in self.pipes:
            try:
                done, fault = pipe.recv()
            except (EOFError, ConnectionResetError):
                raise RuntimeError(f"第“{scene}”场中断：一个进程意外退出") from None
            if fault is not None:
                raise RuntimeError(f"第“{scene}”场中断：{fault}")
            total += done
        return total

    def curtain(self) -> tuple[int, Counter[str]]:
        """End the processes; their peak memory in kB, and how often each refusal was heard."""
        peak, refused = 0, Counter[str]()
        for pipe, worker in zip(self.pipes, self.workers, strict=True):
            pipe.send(("curtain", {}))
            used, heard = pipe.recv()
            peak, refused = peak + used, refused + Counter(heard)
            worker.join(timeout=30)
        return peak, refused
