"""The command line: finds the database, runs one command, and keeps the promises that scripts build on.

Exit code 0: fine; 1: a check failed or the act was refused; 2: bad arguments. With `--json` stdout carries
exactly one JSON document, and everything else goes to stderr; where a command has no document, because
it was refused, stopped, or never understood, the document is {"error": the sentence}; where there is nothing to
report and nothing went wrong, {"says": the sentence}.
"""

import hashlib
import io
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext, redirect_stdout
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import psycopg
from django.db import OperationalError, ProgrammingError

from yangguang.localdb import database
from yangguang.rules.base.refusals import Refused

COMMANDS = {
    "demo": "演示：建库、放入真实数据、走完一整个招生季并打开网站",
    "check-invariants": "逐条核对不变量",
    "verify-audit": "重算审计链与每日根",
    "warm-engine": "预先编译录取引擎，第一次运算不用等",
    "run-round": "运行一个批次的录取",
    "match": "对一个实例文件计算录取结果，不需要数据库",
    "sheet": "输出报表",
    "load-directory": "载入单位、学校、规则行、招生季、批次和开放时间",
    "load-targets": "导入招生任务表",
    "createaccount": "建立工作账号",
}
# These work on files alone: no database is looked for, and Django stays asleep.
ALONE = {"match"}
YEARS = range(2000, 2100)
ROOT = Path(__file__).resolve().parent.parent


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the arguments after the program's name; from the process when None.
    Returns:
        the exit code.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    says, code = _obeyed(arguments)
    if says:
        print(says, file=sys.stderr)
        if _as_json(arguments):
            print(json.dumps({"error" if code else "says": says}, ensure_ascii=False))
    return code


def _obeyed(arguments: list[str]) -> tuple[str, int]:
    """What is still to be said, "" when the command has said all, and the exit code."""
    if not arguments or arguments[0].startswith("-"):
        return usage(), 0 if arguments and arguments[0] in ("-h", "--help") else 2
    signal.signal(signal.SIGTERM, _leave)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings")
    try:
        if arguments[0] in ALONE:
            return _run_alone(arguments[0], arguments[1:])
        with ExitStack() as until_done:
            _settle(arguments[0], until_done)
            return _run(arguments[0].replace("-", "_"), arguments[1:])
    except Refused as refusal:
        return str(refusal), 1
    except (OperationalError, psycopg.OperationalError):
        return "数据库没有应答，没有办理。请确认数据库正在运行、DATABASE_URL 写得对，然后再试一次。", 1
    except (ProgrammingError, psycopg.ProgrammingError) as error:
        return _without_tables(arguments[0], error), 1
    except KeyboardInterrupt:
        return "已中断。" if _as_json(arguments) else "", 130


def _without_tables(command: str, error: Exception) -> str:
    """What to say to a database that was never migrated; a wrong statement of our own is thrown on."""
    from yangguang.checks import lacks_tables

    if command == "migrate" or not lacks_tables(error):
        raise error
    first = str(error).partition("\n")[0]
    return f"数据库里还没有表，或者表比程序旧（{first}），没有办理。请先运行 yangguang migrate 或 make demo，再试一次。"


def _as_json(arguments: Sequence[str]) -> bool:
    """Whether a program reads stdout; argparse takes the beginning of an option for the whole."""
    return any(len(one) > 2 and "--json".startswith(one) for one in arguments)


def usage() -> str:
    """What the program can do."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {says}" for name, says in COMMANDS.items()]
    return "\n".join(["用法：yangguang 命令 [参数]；每个命令都有 --help", *lines])


def _settle(command: str, until_done: ExitStack) -> None:
    """Find the database, for as long as the command runs.

    Raises:
        Refused: the folder of the data cannot be used, or the server in it does not start.
    """
    try:
        _mark(command, until_done.enter_context(database(_var())))
    except OSError as error:
        why = f"{error.strerror or error}：{error.filename or _var()}"
        now = "请用环境变量 YANGGUANG_VAR 指定一个可以写入的目录"
        raise Refused(f"数据目录 {_var()} 不能使用，没有办理", why=why, now=now) from error


def _mark(command: str, url: str) -> None:
    """Say which database it is, and whether it holds the demonstration.

    The embedded server always does. Of another one we remember that `demo` was run on it, by a digest of its
    address, so that the commands after it do not ask for the keys of a real province.
    """
    mark = _var() / "demo" / hashlib.sha256(url.encode()).hexdigest()[:16]
    if command == "demo":
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    if "DATABASE_URL" not in os.environ or mark.exists():
        os.environ.setdefault("YANGGUANG_DEMO", "1")
    os.environ["DATABASE_URL"] = url


def _run(name: str, arguments: list[str]) -> tuple[str, int]:
    import django
    from django.core.management import get_commands, load_command_class

    from yangguang import logs

    django.setup()
    logs.configure()
    app = get_commands().get(name)
    if app is None:
        return f"没有名为“{name}”的命令。\n{usage()}", 2
    return _obey(load_command_class(app, name) if isinstance(app, str) else app, name, arguments)


def _run_alone(name: str, arguments: list[str]) -> tuple[str, int]:
    from django.core.management import load_command_class

    return _obey(load_command_class("yangguang", name.replace("-", "_")), name, arguments)


def _obey(command: Any, name: str, arguments: list[str]) -> tuple[str, int]:
    """Carry out a command; its arguments decide whether stdout is for a person or a program."""
    from django.core.management import CommandError

    as_json = _as_json(arguments)
    # For a person wrong arguments end the program right here with exit code 2, as in Django's own command line.
    setattr(command, "_called_from_command_line", not as_json)  # noqa: B010
    parser = command.create_parser("yangguang", name.replace("_", "-"))
    try:
        with redirect_stdout(sys.stderr) if as_json else nullcontext():
            options = vars(parser.parse_args(arguments))
    except CommandError as error:
        wrong = str(error).removeprefix("Error: ")
        return f"参数不对：{wrong}。请看 yangguang {name.replace('_', '-')} --help。", 2
    except SystemExit as leaving:
        if not as_json:
            raise
        return "这里只有说明，已写到标准错误。", int(leaving.code or 0)
    if wrong := _wrong_year(options.get("year")):
        return f"参数不对：{wrong}。请看 yangguang {name.replace('_', '-')} --help。", 2
    positional = options.pop("args", ())
    try:
        if options.get("json"):
            return _with_json(command, positional, options)
        command.execute(*positional, **options)
    except CommandError as error:
        return str(error), error.returncode
    return "", 0


def _wrong_year(year: int | None) -> str:
    """Said once for every command: a year out of range is a wrong argument, not a refused act."""
    if year is None or year in YEARS:
        return ""
    return f"年度 {year} 不对，应写成 {YEARS[0]} 至 {YEARS[-1]} 之间的四位数"


def _with_json(command: Any, positional: Sequence[str], options: dict[str, Any]) -> tuple[str, int]:
    """Run a command whose stdout must be one JSON document; stray prints go to stderr."""
    from django.core.management import CommandError

    document, says, code = io.StringIO(), "", 0
    try:
        with redirect_stdout(sys.stderr):
            command.execute(*positional, **options | {"stdout": document})
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except (Refused, CommandError) as error:
        says, code = str(error), getattr(error, "returncode", 1)
    if text := document.getvalue().strip():
        json.loads(text)
        print(text)
        if says:
            print(says, file=sys.stderr)
        return "", code
    return says or f"没有结果可以输出（退出码 {code}）。", code


def _var() -> Path:
    return Path(os.environ.get("YANGGUANG_VAR", ROOT / "var"))


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """A polite kill ends like an exit: everything that was started is stopped."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
