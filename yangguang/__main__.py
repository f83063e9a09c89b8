"""The command line: opens the database and runs one command.

Exit codes: 0 success; 1 a check failed or the act was refused; 2 bad arguments. With `--json` stdout holds exactly
one JSON document and everything else goes to stderr. A command that was refused, stopped or not understood writes
{"error": sentence}; one without a result writes {"says": sentence}.
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
from typing import NoReturn

import django
import psycopg
from django.core import management
from django.core.management import BaseCommand, CommandError
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
    "load-calendar": "载入一年的放假和调休",
    "createaccount": "建立工作账号",
    "set-clock": "调整演练时钟，只在演示和演练环境",
}
# Without a database and without Django's set-up.
FILES_ONLY = {"match"}
YEARS = range(2000, 2100)
ROOT = Path(__file__).resolve().parent.parent


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code.

    Args:
        argv: the arguments after the program's name; from the process when None.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    sentence, code = _dispatch(arguments)
    if sentence:
        print(sentence, file=sys.stderr)
        if _as_json(arguments):
            print(json.dumps({"error" if code else "says": sentence}, ensure_ascii=False))
    return code


def _dispatch(arguments: list[str]) -> tuple[str, int]:
    """Run the command named first; return the sentence still to be printed, "" for none, and the exit code."""
    if not arguments or arguments[0].startswith("-"):
        return usage(), 0 if arguments and arguments[0] in ("-h", "--help") else 2
    signal.signal(signal.SIGTERM, _endingon_signal)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings")
    if arguments[0] == "procrastinate":
        os.environ.setdefault("DATABASE_LIMITS", "worker")
    name = arguments[0].replace("-", "_")
    try:
        if name in FILES_ONLY:
            return _execute(management.load_command_class("yangguang", name), name, arguments[1:])
        with ExitStack() as stack:
            _open_database(arguments[0], stack)
            return _run(name, arguments[1:])
    except Refused as refusal:
        return str(refusal), 1
    except (OperationalError, psycopg.OperationalError):
        return "数据库没有应答，没有办理。请确认数据库正在运行、DATABASE_URL 写得对，然后再试一次。", 1
    except (ProgrammingError, psycopg.ProgrammingError) as error:
        return _explain_missing_tables(arguments[0], error), 1
    except KeyboardInterrupt:
        return "已中断。" if _as_json(arguments) else "", 130


def _explain_missing_tables(command: str, error: Exception) -> str:
    """The sentence for a database that was never migrated; any other error is raised again."""
    from yangguang.checks import lacks_tables

    if command == "migrate" or not lacks_tables(error):
        raise error
    first = str(error).partition("\n")[0]
    return f"数据库里还没有表，或者表比程序旧（{first}），没有办理。请先运行 yangguang migrate 或 make demo，再试一次。"


def _as_json(arguments: Sequence[str]) -> bool:
    """Whether a program reads stdout; argparse accepts any prefix of an option."""
    return any(len(one) > 2 and "--json".startswith(one) for one in arguments)


def usage() -> str:
    """The list of commands."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {summary}" for name, summary in COMMANDS.items()]
    return "\n".join(["用法：yangguang 命令 [参数]；每个命令都有 --help", *lines])


def _open_database(command: str, stack: ExitStack) -> None:
    """Open the database until `stack` is closed.

    Raises:
        Refused: the folder of the data cannot be used, or the server in it does not start.
    """
    try:
        _set_environment(command, stack.enter_context(database(_var())))
    except OSError as error:
        why = f"{error.strerror or error}：{error.filename or _var()}"
        now = "请用环境变量 YANGGUANG_VAR 指定一个可以写入的目录"
        raise Refused(f"数据目录 {_var()} 不能使用，没有办理", why=why, now=now) from error


def _set_environment(command: str, url: str) -> None:
    """Set DATABASE_URL, and YANGGUANG_DEMO for a database of the demonstration.

    The embedded server always is one. For another server a file named by a digest of its address records that
    `demo` was run on it, so that later commands do not require production keys.
    """
    mark = _var() / "demo" / hashlib.sha256(url.encode()).hexdigest()[:16]
    if command == "demo":
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    if "DATABASE_URL" not in os.environ or mark.exists():
        os.environ.setdefault("YANGGUANG_DEMO", "1")
    os.environ["DATABASE_URL"] = url


def _run(name: str, arguments: list[str]) -> tuple[str, int]:
    from yangguang import logs

    django.setup()
    logs.configure()
    app = management.get_commands().get(name)
    if app is None:
        return f"没有名为“{name}”的命令。\n{usage()}", 2
    return _execute(management.load_command_class(app, name) if isinstance(app, str) else app, name, arguments)


def _execute(command: BaseCommand, name: str, arguments: list[str]) -> tuple[str, int]:
    """Parse the arguments and run the command; they decide whether stdout is for a person or a program."""
    as_json = _as_json(arguments)
    # Without --json wrong arguments end the program here with exit code 2, as in Django's command line.
    command._called_from_command_line = not as_json  # type: ignore[attr-defined]
    parser = command.create_parser("yangguang", name.replace("_", "-"))
    try:
        with redirect_stdout(sys.stderr) if as_json else nullcontext():
            options = vars(parser.parse_args(arguments))
    except CommandError as error:
        return _explain_arguments(name, str(error).removeprefix("Error: ")), 2
    except SystemExit as ending:
        if not as_json:
            raise
        return "这里只有说明，已写到标准错误。", int(ending.code or 0)
    if (year := options.get("year")) is not None and year not in YEARS:
        return _explain_arguments(name, f"年度 {year} 不对，应写成 {YEARS[0]} 至 {YEARS[-1]} 之间的四位数"), 2
    positional = options.pop("args", ())
    if options.get("json"):
        return _execute_with_json(command, positional, options)
    try:
        command.execute(*positional, **options)
    except CommandError as error:
        return str(error), error.returncode
    return "", 0


def _explain_arguments(name: str, wrong: str) -> str:
    return f"参数不对：{wrong}。请看 yangguang {name.replace('_', '-')} --help。"


def _execute_with_json(command: BaseCommand, positional: Sequence[str], options: dict[str, object]) -> tuple[str, int]:
    """Run a command whose stdout must be one JSON document; stray prints go to stderr."""
    document, sentence, code = io.StringIO(), "", 0
    try:
        with redirect_stdout(sys.stderr):
            command.execute(*positional, **options | {"stdout": document})
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except (Refused, CommandError) as error:
        sentence, code = str(error), getattr(error, "returncode", 1)
    if text := document.getvalue().strip():
        json.loads(text)
        print(text)
        if sentence:
            print(sentence, file=sys.stderr)
        return "", code
    return sentence or f"没有结果可以输出（退出码 {code}）。", code


def _var() -> Path:
    return Path(os.environ.get("YANGGUANG_VAR", ROOT / "var"))


def _endingon_signal(number: int, frame: FrameType | None) -> NoReturn:
    """Turn SIGTERM into an ordinary exit, so that everything that was started is stopped."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
