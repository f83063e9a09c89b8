"""A whole run on a province's rows: seconds of each phase, peak memory, and the raw COPY of the rows as the limit."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

SIZES = ((20_000, 600), (200_000, 3_000), (600_000, 6_000))
PHASES = ("freeze", "compute", "check", "publish")
_ROOT = Path(__file__).resolve().parent.parent


def table(sizes: Sequence[tuple[int, int]] = SIZES) -> str:
    """Lay, run and publish a round of each size in a scratch server; a Markdown table of what it took.

    Args:
        sizes: applicants and programmes; each applicant has up to 6 choices.
    """
    head = [
        "考生 × 6志愿 / 计划行",
        *PHASES,
        "合计 s",
        "其中 CPU s",
        "进程 MB",
        "连同数据库 MB",
        "裸 COPY 出+入 s",
        "倍数",
    ]
    rows = [head, ["---"] * len(head)]
    measure(1_000, 60)  # Compiles the loops, or loads them where they are stored.
    for people, lines in sizes:
        took = measure(people, lines)
        spent = [took[phase] for phase in PHASES]
        rows.append(
            [
                f"{people:,} / {lines:,}",
                *(f"{one:.1f}" for one in spent),
                f"{sum(spent):.1f}",
                f"{took['cpu']:.1f} + {took['server']:.1f}",
                f"{took['mb']:.0f}",
                f"{took['mb_all']:.0f}",
                f"{took['out']:.1f} + {took['in']:.1f}",
                f"{sum(spent) / (took['out'] + took['in']):.1f}",
            ]
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def measure(people: int, lines: int) -> dict[str, Any]:
    """One size in a server and its own process, so that its memory is no one else's."""
    from yangguang.localdb import database

    with (
        tempfile.TemporaryDirectory(prefix="bench", dir=os.environ.get("YANGGUANG_VAR")) as var,
        database(Path(var), env={}) as url,
    ):
        env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "yangguang.settings"}
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"], env=env, check=True)
        for step in ("lay", "run"):
            command = [sys.executable, "-m", "benchmarks.runs", step, str(people), str(lines)]
            with _watched(Path(var)) as peak, subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as child:
                output = child.communicate()[0]
            if child.returncode:
                raise RuntimeError(f"{step} of {people} failed")
        document: dict[str, Any] = json.loads(output.splitlines()[-1])
        return document | {"mb_all": peak[0]}


@contextmanager
def _watched(var: Path) -> Iterator[list[float]]:
    """The most memory (MB) that our children and the server in `var` ever had together, shared pages counted once."""
    peak, over = [0.0], threading.Event()
    postmaster = int((var / "pg" / "data" / "postmaster.pid").read_text().split()[0])

    def watch() -> None:
        while not over.wait(0.25):
            peak[0] = max(peak[0], sum(map(_pss, _family({os.getpid(), postmaster}) - {os.getpid()})) / 1024)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


def _family(family: set[int]) -> set[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _pss(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _lay(people: int, lines: int) -> None:
    from benchmarks.province import lay

    lay(os.environ["DATABASE_URL"], people, lines)


def _run(people: int, lines: int) -> None:
    """Freeze, compute, check, publish; prints seconds as JSON."""
    import resource

    from django.db import transaction

    from yangguang import clock
    from yangguang.actions.runs import phases, publication, setup
    from yangguang.models import Round

    took: dict[str, Any] = {"server": -_server()}
    round = Round.objects.select_related("season").get()
    run = setup.create_run(round, started_by_id=people + 1)
    started = process_time()
    for phase in PHASES:
        began = perf_counter()
        with transaction.atomic():
            if phase == "freeze":
                phases.freeze(run, clock.now(), trial=False)
            elif phase == "publish":
                publication.publish(run, clock.now())
            else:
                getattr(phases, phase)(run)
        took[phase] = perf_counter() - began
        print(phase, f"{took[phase]:.1f} s", file=sys.stderr, flush=True)
    assert run.state == "CHECKED" and run.report["held"], run.report
    took["server"] += _server()
    took["cpu"] = process_time() - started
    took["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(took | _raw() | {"counts": run.counts, "output": run.output_hash}))


def _server() -> float:
    """Seconds of processor time that the server has spent on our connection."""
    from django.db import connection

    connection.ensure_connection()
    process = connection.connection.info.backend_pid
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


_READ = (
    "yangguang_application (id, number, origin, scores, person_id, state)",
    "yangguang_choiceversion (application_id, round_id, number, programmes)",
)
_WRITTEN = ("placement", "admission", "seatclaim", "seatevent", "message")


def _raw() -> dict[str, float]:
    """Seconds to COPY the same rows out, and what was written into tables without index, key or trigger."""
    from django.db import connection
    from psycopg import Cursor

    connection.ensure_connection()
    began = perf_counter()
    with Cursor(connection.connection) as cursor:
        for what in _READ:
            with cursor.copy(f"COPY {what} TO STDOUT".encode()) as copy:
                for _ in copy:
                    pass
        out, spent = perf_counter() - began, 0.0
        for table_name in _WRITTEN:
            cursor.execute(f"CREATE TEMP TABLE bare_{table_name} (LIKE yangguang_{table_name})".encode())
            with cursor.copy(f"COPY yangguang_{table_name} TO STDOUT".encode()) as copy:
                blocks = [bytes(block) for block in copy]
            blocks = [b"".join(blocks[at : at + 1000]) for at in range(0, len(blocks), 1000)]
            began = perf_counter()
            with cursor.copy(f"COPY bare_{table_name} FROM STDIN".encode()) as copy:
                for block in blocks:
                    copy.write(block)
            spent += perf_counter() - began
    return {"out": out, "in": spent}


if __name__ == "__main__":
    if sys.argv[1:2] in (["lay"], ["run"]):
        import django

        django.setup()
        {"lay": _lay, "run": _run}[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
    else:
        sizes = [tuple(int(n) for n in size.split("x")) for size in sys.argv[1:]]
        print(table([(people, lines) for people, lines in sizes] or SIZES))
