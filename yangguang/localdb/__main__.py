"""`python -m yangguang.localdb reset` deletes the data of the demonstration, never those of a configured database."""

import os
import shutil
import sys
from pathlib import Path

from yangguang.rules.base.refusals import Refused

from .cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_DELETED = {"tests"}


def reset(var: Path) -> None:
    """Delete what is under `var`.

    Raises:
        Refused: DATABASE_URL names a database, or the demonstration is running.
    """
    if os.environ.get("DATABASE_URL"):
        raise Refused("DATABASE_URL 指向的数据库不会被自动清空", now="请自行重建该数据库，或取消 DATABASE_URL")
    if Cluster(var).answers():
        raise Refused("演示正在运行", now="请先在它的窗口按 Ctrl-C 停下，再重新开始")
    for entry in var.iterdir() if var.exists() else ():
        if entry.name in NOT_DELETED:
            continue
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


if __name__ == "__main__":
    if sys.argv[1:] != ["reset"]:
        sys.exit("用法：python -m yangguang.localdb reset")
    try:
        reset(Path(os.environ.get("YANGGUANG_VAR", ROOT / "var")))
    except Refused as refusal:
        sys.exit(str(refusal))
