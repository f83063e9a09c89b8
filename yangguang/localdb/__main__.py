"""`python -m yangguang.localdb reset` throws the demonstration's data away, never those of a real database."""

import os
import shutil
import sys
from pathlib import Path

from yangguang.rules.base.refusals import Refused

from .cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = {"tests"}


def reset(var: Path) -> None:
    """Delete what is under `var`.

    Raises:
        Refused: the data are in a database of someone's own, or the demonstration is running.
    """
    if os.environ.get("DATABASE_URL"):
        raise Refused(
            "DATABASE_URL 指向的数据库不会被自动清空", now="请自行重建该数据库，或取消 DATABASE_URL"
        )
    if Cluster(var).answers():
        raise Refused("演示正在运行", now="请先在它的窗口按 Ctrl-C 停下，再重新开始")
    for entry in var.iterdir() if var.exists() else ():
        if entry.name in KEPT:
            continue
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


if __name__ == "__main__":
    if sys.argv[1:] != ["reset"]:
        sys.exit("用法：python -m yangguang.localdb reset")
    try:
        reset(Path(os.environ.get("YANGGUANG_VAR", ROOT / "var")))
    except Refused as refusal:
        sys.exit(str(refusal))
