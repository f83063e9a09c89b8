"""The promises of the command line: exit codes, and one JSON document on stdout."""

import argparse
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.management import BaseCommand, CommandError
from django.db import OperationalError

from yangguang import __main__ as program
from yangguang.rules.base.refusals import Refused

SAYS = ("fine", "failed")
SILENT = ("refused", "unknown", "bare", "speechless", "stopped", "cut off")


class Probe(BaseCommand):
    """A command that does what its argument says."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("deed", choices=[*SAYS, *SILENT])
        parser.add_argument("--year", type=int)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        print("说明")
        if options["json"] and options["deed"] in SAYS:
            self.stdout.write(json.dumps({"deed": options["deed"]}))
        if options["deed"] in ("failed", "speechless"):
            raise SystemExit(1)
        if options["deed"] == "stopped":
            raise KeyboardInterrupt
        if options["deed"] == "cut off":
            raise OperationalError("no route")
        if options["deed"] == "refused":
            raise CommandError("不行")
        if options["deed"] == "unknown":
            raise CommandError("没有这个批次", returncode=2)


@pytest.fixture(autouse=True)
def probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.management.get_commands", lambda: {"probe": Probe()})
    # The test process keeps its own logs and signals.
    monkeypatch.setattr("yangguang.logs.configure", lambda: None)
    monkeypatch.setattr("signal.signal", lambda *args: None)


@pytest.mark.parametrize(
    ("arguments", "code"), [(["fine"], 0), (["fine", "--json"], 0), (["failed", "--json"], 1), (["refused"], 1)]
)
def test_the_exit_code_says_whether_it_went_well(arguments: list[str], code: int) -> None:
    assert program.main(["probe", *arguments]) == code


@pytest.mark.parametrize("arguments", [["probe"], ["probe", "nonsense"], ["probe", "fine", "--nonsense"]])
def test_bad_arguments_end_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        program.main(arguments)

    assert leaving.value.code == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("year", ["99", "0", "-2024", "20244"])
def test_a_year_nobody_can_mean_is_a_bad_argument(year: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["probe", "fine", "--year", "2024", "--json"]) == 0
    capsys.readouterr()

    assert program.main(["probe", "fine", f"--year={year}", "--json"]) == 2
    out, err = capsys.readouterr()
    sentence = f"参数不对：年度 {year} 不对，应写成 2000 至 2099 之间的四位数。请看 yangguang probe --help。"

    assert (json.loads(out), err) == ({"error": sentence}, f"{sentence}\n")


def test_an_unknown_command_or_none_ends_with_2_and_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert (program.main(["nonsense"]), program.main([])) == (2, 2)
    out, err = capsys.readouterr()

    assert (out, "check-invariants" in err) == ("", True)


@pytest.mark.parametrize("deed", ["fine", "failed"])
def test_with_json_stdout_is_one_document_and_all_else_is_on_stderr(
    deed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    program.main(["probe", deed, "--json"])
    out, err = capsys.readouterr()

    assert json.loads(out) == {"deed": deed}
    assert err == "说明\n"


@pytest.mark.parametrize(("deed", "sentence", "code"), [("refused", "不行", 1), ("unknown", "没有这个批次", 2)])
def test_with_json_a_refusal_is_a_document_too(
    deed: str, sentence: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["probe", deed, "--json"]) == code
    out, err = capsys.readouterr()

    assert (json.loads(out), err) == ({"error": sentence}, f"说明\n{sentence}\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["probe", "--json"], "参数不对：the following arguments are required: deed。"),
        (["probe", "nonsense", "--json"], "参数不对：argument deed: invalid choice: 'nonsense'"),
        (["probe", "fine", "--nonsense", "--json"], "参数不对：unrecognized arguments: --nonsense。"),
        (["probe", "--js"], "参数不对：the following arguments are required: deed。"),
        (["nonsense", "--json"], "没有名为“nonsense”的命令。"),
        (["match", "--json"], "参数不对：the following arguments are required: file, --out。"),
        (["match", "a.npz", "--json"], "参数不对：the following arguments are required: --out"),
        (["migrate", "--json"], "参数不对：unrecognized arguments: --json。"),
        (["--json"], "用法："),
    ],
)
def test_with_json_wrong_arguments_are_a_document_too_and_end_with_2(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.core.management.get_commands", lambda: {"probe": Probe(), "migrate": "django.core"})

    assert program.main(arguments) == 2
    out, err = capsys.readouterr()
    document = json.loads(out)

    assert list(document) == ["error"]
    assert document["error"].startswith(sentence)
    assert document["error"] in err


@pytest.mark.parametrize(
    ("deed", "code", "document"),
    [
        ("bare", 0, {"says": "没有结果可以输出（退出码 0）。"}),
        ("speechless", 1, {"error": "没有结果可以输出（退出码 1）。"}),
        ("stopped", 130, {"error": "已中断。"}),
    ],
)
def test_with_json_silence_is_a_document_too(
    deed: str, code: int, document: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main(["probe", deed, "--json"]) == code
    assert json.loads(capsys.readouterr().out) == document


def test_with_json_a_lost_database_is_a_document_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["probe", "cut off", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"].startswith("数据库没有应答")


@pytest.mark.parametrize("arguments", [["--help", "--json"], ["probe", "--help", "--json"]])
def test_with_json_help_is_on_stderr(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(arguments) == 0
    out, err = capsys.readouterr()

    assert list(json.loads(out)) == ["says"]
    assert len(err.splitlines()) > 3


def test_a_refusal_is_a_sentence_on_stderr(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(self: Probe, *args: Any, **options: Any) -> None:
        raise Refused("批次尚未关闭", now="请等到关闭后再运行")

    monkeypatch.setattr(Probe, "handle", refuse)

    assert program.main(["probe", "fine"]) == 1
    assert capsys.readouterr().err == "批次尚未关闭。请等到关闭后再运行。\n"


def test_a_database_on_which_demo_ran_is_known_as_the_demonstration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("YANGGUANG_VAR", str(tmp_path))
    for url, command, demo in [
        ("postgresql:///a", "check-invariants", None),
        ("postgresql:///a", "demo", "1"),
        ("postgresql:///a", "check-invariants", "1"),
        ("postgresql:///b", "check-invariants", None),
    ]:
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.delenv("YANGGUANG_DEMO", raising=False)
        program._set_environment(command, url)
        assert os.environ.get("YANGGUANG_DEMO") == demo, (url, command)


def test_help_needs_no_database() -> None:
    done = subprocess.run([sys.executable, "-m", "yangguang", "--help"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")
    assert "load-targets" in done.stderr
