"""The account PostgreSQL runs under when this program is root, and its access to the files."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

NAME = "yangguang-db"


def account_for(home: Path) -> pwd.struct_passwd | None:
    """The account the server runs under; None for the current one. PostgreSQL refuses to run as root.

    Args:
        home: folder of the server; an existing one keeps its owner.
    Raises:
        LookupError: root, and no account could be created or found.
    """
    if os.geteuid() != 0:
        return None
    if (home / "data").exists() and (owner := home.stat().st_uid) != 0:
        return pwd.getpwuid(owner)
    if useradd := shutil.which("useradd", path="/usr/sbin:/sbin:" + os.environ.get("PATH", "")):
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
        subprocess.run(command, check=False, capture_output=True)
    for name in (NAME, "postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LookupError(NAME)


def make_reachable(path: Path, account: pwd.struct_passwd) -> None:
    """Set the search bit on the folders above `path` so that the account reaches it, and report each."""
    for folder in path.resolve().parents:
        status = folder.stat()
        if status.st_mode & stat.S_IXOTH or status.st_uid == account.pw_uid:
            continue
        folder.chmod(stat.S_IMODE(status.st_mode) | stat.S_IXOTH)
        text = f"目录 {folder} 已加上“其他用户可通行（不可列出）”权限，供数据库账户 {account.pw_name} 使用。"
        print(text, file=sys.stderr)


def make_readable(tree: Path) -> None:
    """Make the files of a program readable for all; a strict umask leaves them to root."""
    if (tree / "bin" / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    for path in (tree, *tree.rglob("*")):
        mode = path.stat().st_mode
        run = stat.S_IXOTH if mode & stat.S_IXUSR else 0
        path.chmod(stat.S_IMODE(mode) | stat.S_IROTH | run)
