"""The output of the public script for a forged bundle whose digests agree, and for bad arguments."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.builders.ranked_round import Ranked
from tests.web.public.disclosure.test_replay import Files, download, edit, run_script, season, tamper
from yangguang.gateways.ciphers import sm3

__all__ = ["season"]
pytestmark = pytest.mark.django_db


def drop_applicant_without_seat(files: Files) -> None:
    (name, *_) = re.findall(r"^(\S+)\t-\t-$", files["list.tsv"], flags=re.M)
    for table in ("rows.tsv", "list.tsv"):
        edit(table, rf"^{name}\t.*\n", "")(files)


def empty_tables(files: Files) -> None:
    """No applicants, in the tables and in the numbers."""
    for table in ("rows.tsv", "list.tsv"):
        files[table] = files[table].split("\n")[0] + "\n"
    for number in ("rows", "seated"):
        edit("manifest.json", rf'"{number}": \d+', f'"{number}": 0')(files)


def leave_every_programme_out(files: Files) -> None:
    rows = [row.split("\t")[0] for row in files["programmes.tsv"].splitlines()[1:]]
    cells = "-\t-\t0\t-\t0\t-\t-\tleft_out"
    files["programmes.tsv"] = "\n".join(
        [files["programmes.tsv"].split("\n")[0], *(f"{code}\t{cells}" for code in rows), ""]
    )
    edit("manifest.json", r'"left_out": 0', '"left_out": 3')(files)
    edit("manifest.json", r'"masked": \d+', '"masked": 0')(files)
    empty_tables(files)


def add_second_cap(files: Files) -> None:
    edit("programmes.tsv", r"^A\t.*$", "\\g<0>\nA\t3\tlocal\t1\tat_least\t9\t-\tlottery\tshown")(files)


def number(name: str) -> Callable[[Files], None]:
    return edit("manifest.json", rf'"{name}": \d+', f'"{name}": 999')


def move_places_without_effect(files: Files) -> None:
    """The last two who were refused at A exchange their places: no one moves."""
    seated = set(re.findall(r"^(\S+)\tA\t", files["list.tsv"], flags=re.M))
    rows = [row.split("\t") for row in files["rows.tsv"].splitlines()[1:]]
    places = sorted(
        int(place) for name, _, row in rows if name not in seated for place in re.findall(r"\bA:(\d+)", row)
    )
    one, other = places[-2:]
    swapped = {f"A:{one}": f"A:{other}", f"A:{other}": f"A:{one}"}
    files["rows.tsv"] = re.sub(r"\bA:\d+", lambda choice: swapped.get(choice[0], choice[0]), files["rows.tsv"])


def drop_failed_choice(files: Files) -> None:
    """A row loses its first choice, where it was refused anyway."""
    edit("rows.tsv", r"^(\S+\tgeneral\t)A:\d+ (?=B:\d+ C:\d+$)", r"\1")(files)


def replace_seed(files: Files) -> None:
    """Another seed together with its commitment."""
    seed = sha256(b"another seed").digest()
    edit("manifest.json", r'"seed": "[0-9a-f]+"', f'"seed": "{seed.hex()}"')(files)
    edit("manifest.json", r'"commitment": "[0-9a-f]+"', f'"commitment": "{sm3(seed).hex()}"')(files)


def loosen_quota(files: Files) -> None:
    """C gets a quota for others, with seats that no one can reach, and a cap that takes none away."""
    edit("programmes.tsv", r"^C\t-\t(.*)$", "C\t99\t\\1\nC\t99\tothers\t7\tat_most\t9\t-\tlottery\tshown")(files)


# Changes with new digests of all tables: (change, exit code, words of the script).
FORGED: dict[str, tuple[Callable[[Files], None], int, str]] = {
    "no applicant": (empty_tables, 2, "一行志愿也没有"),
    "every programme left out": (leave_every_programme_out, 2, "一行志愿也没有"),
    "an applicant dropped": (drop_applicant_without_seat, 1, "rows：清单写"),
    "the number of rows": (number("rows"), 1, "rows：清单写 999"),
    "the number of seated": (number("seated"), 1, "seated：清单写 999"),
    "the number of programmes": (number("programmes"), 1, "programmes：清单写 999"),
    "the number of masked": (number("masked"), 1, "masked：清单写 999"),
    "the number of left out": (number("left_out"), 1, "left_out：清单写 999"),
    "a number more": (edit("manifest.json", r'"rows":', '"pupils": 9, "rows":'), 1, "pupils：清单写 9，实为 无"),
    "a number less": (edit("manifest.json", r'"rows": \d+,', ""), 1, "rows：清单写 无"),
    "fewer choices": (edit("manifest.json", r'"max_choices": \d+', '"max_choices": 1'), 1, "一行的志愿多于"),
    "a programme under review": (edit("manifest.json", r'"held_back": \[\]', '"held_back": ["A"]'), 1, "held_back"),
    "an unknown tie": (edit("programmes.tsv", r"\tlottery\t", "\tALLWAIT\t"), 2, "programmes.tsv 第 2 行读不懂"),
    "an unknown mode": (edit("programmes.tsv", r"\tat_least\t", "\tat_will\t"), 2, "programmes.tsv 第 2 行读不懂"),
    "an unknown state": (edit("programmes.tsv", r"\tshown$", "\thidden"), 2, "programmes.tsv 第 2 行读不懂"),
    "an unknown kind": (edit("rows.tsv", r"\tgeneral\t", "\tother\t"), 2, "rows.tsv 第 2 行"),
    "seats of what is left out": (edit("programmes.tsv", r"\tshown$", "\tleft_out"), 2, "programmes.tsv 第 2 行读不懂"),
    "one programme, two caps": (add_second_cap, 2, "programmes.tsv 第 3 行与"),
    "an applicant in the list alone": (edit("list.tsv", r"\Z", "ffffffffffffffff\t-\t-\n"), 2, "rows.tsv 里的人不同"),
    "an applicant in the rows alone": (edit("rows.tsv", r"\Z", "f" * 16 + "\tgeneral\tA:999\n"), 2, "里的人不同"),
    "a seat at an unknown programme": (edit("list.tsv", r"\tA\t", "\tZ\t"), 2, "不在 programmes.tsv 里"),
    "places of which no one moves": (move_places_without_effect, 0, "没有与公布的摘要对照"),
    "a choice that was refused anyway": (drop_failed_choice, 0, "没有与公布的摘要对照"),
    "a loose quota": (loosen_quota, 0, "没有与公布的摘要对照"),
    "seed and commitment together": (replace_seed, 0, "没有与公布的摘要对照"),
    "nothing but the digests": (lambda files: None, 0, "没有与公布的摘要对照"),
}


def test_a_forged_file_is_reported(season: Ranked, tmp_path: Path) -> None:
    bundle = download(season, tmp_path)
    published, results = sha256(bundle.read_bytes()).hexdigest(), {}
    for kind, (change, _, words) in FORGED.items():
        forged = tamper(bundle, change, honest=False)
        code, output = run_script(forged)
        results[kind] = (
            code,
            words if words in output and "结论：一致" not in output else output,
            run_script(forged, published)[0],
        )

    assert results == {kind: (code, words, code or 1) for kind, (_, code, words) in FORGED.items()}


def test_digests_of_other_tables_do_not_agree(season: Ranked, tmp_path: Path) -> None:
    bundle = download(season, tmp_path)
    for change in (
        edit("manifest.json", r'"sm3": \{\s*"list.tsv": "[0-9a-f]+"', '"sm3": {"list.tsv": "00"'),
        edit("manifest.json", r'"sm3": \{[^}]*\}', '"sm3": {}'),
    ):
        code, output = run_script(tamper(bundle, change))
        assert (code, "✗ 不成立： 名单的 SM3" in output, output.count("不成立")) == (1, True, 1)


def test_bad_arguments_get_a_sentence(season: Ranked, tmp_path: Path) -> None:
    bundle = download(season, tmp_path)
    own = re.findall(r"^[0-9a-f]{16}", zipfile.ZipFile(bundle).read("list.tsv").decode(), flags=re.M)[0]
    digest = sha256(bundle.read_bytes()).hexdigest()

    assert run_script(bundle, digest.upper(), "--find", own)[0] == 0
    code, output = run_script(bundle, digest, "--find", "0" * 16)

    assert (code, "没有这个匿名号" in output, "结论：一致" in output) == (1, True, False)
    for more in (["--find"], ["--find", "00"], [digest[:-1]], ["--help"], ["--find", own, own], [digest, digest]):
        code, output = run_script(bundle, *more)
        assert (code, output.startswith("没有核对成：用法是")) == (2, True), more


def test_a_closed_output_leaves_no_stack_trace(season: Ranked, tmp_path: Path) -> None:
    bundle = download(season, tmp_path)
    words = [sys.executable, "-I", "replay.py", bundle.name]
    with subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert (run.stderr.read(), run.wait(60)) == (b"", 2)
