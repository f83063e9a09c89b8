"""The replay page: its example, its downloads, and the output of the script for a changed bundle."""

import json
import re
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from tests.support.builders.officers import seen
from tests.support.builders.ranked_round import Ranked
from tests.support.fixture_cache import again
from tests.support.owner import without_triggers
from tests.support.personas import Personas
from yangguang.gateways.ciphers import sm3
from yangguang.jobs.tasks import make_bundles
from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.matching_types import Applicant, Choice
from yangguang.rules.runs.ranked_round import match_round
from yangguang.web.public.disclosure import matching_example

pytestmark = pytest.mark.django_db
Files = dict[str, str]


@pytest.fixture
def season(personas: Personas) -> Ranked:
    """A small season with its first round published and bundled."""
    return again("replay", lambda: _publish_round(personas))


def _publish_round(personas: Personas) -> Ranked:
    ranked = Ranked.lay(personas)
    for code, seats in (("A", 6), ("B", 5), ("C", 8)):
        ranked.programme(code, seats)
    for at in range(24):
        ranked.apply(600 - at // 2, *("A B C", "B A", "C B A", "B C")[at % 4].split())
    ranked.close()
    ranked.published()
    assert make_bundles(0) == 1
    return ranked


def get(url: str, data: dict[str, str] | None = None) -> str:
    answer = Client().get(url, data)
    assert answer.status_code == 200, url
    return answer.content.decode()


def download(season: Ranked, folder: Path) -> Path:
    """The two files as the public page offers them; returns the path of the bundle."""
    page = get("/replay/")
    (bundle,) = re.findall(r'href="(/replay/[0-9a-f-]+\.zip)"', page)
    (script,) = set(re.findall(r'href="(/replay/replay\.py)"', page))
    for url, name in ((bundle, "bundle.zip"), (script, "replay.py")):
        content = Client().get(url).content
        assert sha256(content).hexdigest() in page
        (folder / name).write_bytes(content)
    return folder / "bundle.zip"


def run_script(bundle: Path, *more: str) -> tuple[int, str]:
    """Exit code and output of the downloaded script, run without our package."""
    words = [sys.executable, "-I", "replay.py", bundle.name, *more]
    done = subprocess.run(words, cwd=bundle.parent, capture_output=True, timeout=60)
    assert done.stderr == b"", done.stderr.decode()
    return done.returncode, done.stdout.decode()


def tamper(bundle: Path, change: Callable[[Files], None], *, honest: bool = True) -> Path:
    """A copy with this change, and with new digests in the manifest unless `honest`."""
    with zipfile.ZipFile(bundle) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    change(files)
    if not honest:
        output = json.loads(files["manifest.json"])
        output["sha256"] = {name: sha256(files[name].encode()).hexdigest() for name in output["sha256"]}
        output["sm3"] = {"list.tsv": sm3(files["list.tsv"].encode()).hex()}
        files["manifest.json"] = json.dumps(output)
    path = bundle.parent / "tampered.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return path


def edit(name: str, old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[name], count = re.subn(old, new, files[name], count=1, flags=re.M)
        assert count == 1

    return change


def swap_best_and_worst_of_a(files: Files) -> None:
    """The best of A and the last one who was refused there change places."""
    places = sorted(map(int, re.findall(r"\bA:(\d+)", files["rows.tsv"])))
    other = {f"A:{places[0]}": f"A:{places[-1]}", f"A:{places[-1]}": f"A:{places[0]}"}
    files["rows.tsv"] = re.sub(r"\bA:\d+", lambda choice: other.get(choice[0], choice[0]), files["rows.tsv"])


def remove_choice_of_c(files: Files) -> None:
    """An applicant who was rejected elsewhere and admitted at C loses the choice of C."""
    seated = re.findall(r"^(\S+)\tC\t", files["list.tsv"], flags=re.M)
    row = next(row for row in re.findall(r"^.* C:\d+$", files["rows.tsv"], flags=re.M) if row.split("\t")[0] in seated)
    files["rows.tsv"] = files["rows.tsv"].replace(row, row[: row.rindex(" ")])


TAMPERED: dict[str, tuple[Callable[[Files], None], str]] = {
    "a place": (swap_best_and_worst_of_a, "处不对"),
    "a seat more": (edit("programmes.tsv", r"^(A\t-\tgeneral)\t6\t", r"\1\t7\t"), "处不对"),
    "a seat less": (
        edit("programmes.tsv", r"^(A\t-\tgeneral)\t6\t", r"\1\t5\t"),
        "A（general）有 5 个名额，却录取了 6 人",
    ),
    "a cap": (edit("programmes.tsv", r"^A\t-\tgeneral", "A\t3\tgeneral"), "处不对"),
    "the seed": (edit("manifest.json", r'"seed": "..', '"seed": "00'), "✗ 不成立： 抽签种子的 SM3"),
    "the commitment": (edit("manifest.json", r'"commitment": "..', '"commitment": "00'), "✗ 不成立： 抽签种子的 SM3"),
    "an applicant off the list": (edit("list.tsv", r"\tA\tgeneral$", "\t-\t-"), "A（general）还空着 1 个名额"),
    "an applicant onto the list": (edit("list.tsv", r"\t-\t-$", "\tA\tgeneral"), "处不对"),
    "a choice": (remove_choice_of_c, "处不对"),
}


def test_the_two_downloaded_files_compute_the_same_list(season: Ranked, tmp_path: Path) -> None:
    code, output = run_script(download(season, tmp_path))

    assert (code, "✗" in output, "重算一致，但没有与公布的摘要对照" in output) == (0, False, True)
    assert "python3 replay.py bundle.zip 复制的SHA-256" in output


def test_the_command_of_the_page_compares_with_what_is_published(season: Ranked, tmp_path: Path) -> None:
    bundle = download(season, tmp_path)
    python, script, name, digest = shlex.split(re.findall(r'data-copy="(python3 [^"]+)"', get("/replay/"))[0])
    url = re.findall(r'href="(/replay/[0-9a-f-]+\.zip)"', get("/replay/"))[0]

    assert name in Client().get(url).headers["Content-Disposition"]
    assert (python, script) == ("python3", "replay.py")
    code, output = run_script(bundle, digest)

    assert (code, "✗" in output, "结论：一致。" in output, "对照" in output) == (0, False, True, False)
    # The same tables in another zip: everything in it agrees, but it is not the file that was published.
    code, output = run_script(tamper(bundle, lambda files: None), digest)

    assert (code, "✗ 不成立： 文件的 SHA-256 就是公布的摘要" in output, output.count("不成立")) == (1, True, 1)


@pytest.mark.parametrize("honest", [True, False], ids=["digests as they were", "new digests"])
@pytest.mark.parametrize("kind", TAMPERED)
def test_the_script_reports_every_change(season: Ranked, tmp_path: Path, kind: str, honest: bool) -> None:
    change, words = TAMPERED[kind]
    code, output = run_script(tamper(download(season, tmp_path), change, honest=honest))

    assert (code, "结论：不一致" in output) == (1, True), output
    assert words in output


def test_a_change_without_effect_is_reported_by_the_digests(season: Ranked, tmp_path: Path) -> None:
    change = edit("programmes.tsv", r"\tlottery\tshown$", "\tall_wait\tshown")
    code, output = run_script(tamper(download(season, tmp_path), change))

    assert (code, "✗ 不成立： 三个表的 SHA-256" in output, output.count("✗ 不成立")) == (1, True, 1)


POISON: dict[str, tuple[Callable[[Files], None], str]] = {
    "another format": (edit("manifest.json", "yangguang-replay 1", "yangguang-replay 9"), "另一种格式"),
    "no json": (edit("manifest.json", r"\A", "["), "manifest.json 读不懂"),
    "deep json": (lambda files: files.update({"manifest.json": "[" * 100_000}), "manifest.json 读不懂"),
    "a number without end": (edit("rows.tsv", r":\d+", ":" + "9" * 5000), "读不懂"),
    "a negative number": (edit("programmes.tsv", r"\t6\t", "\t-6\t"), "读不懂"),
    "other digits": (edit("rows.tsv", r":\d+", ":٣"), "读不懂"),
    "a programme that does not exist": (edit("rows.tsv", r"A:", "Z:"), "专业不存在"),
    "a choice twice": (edit("rows.tsv", r"A:(\d+)", r"A:\1 A:\1"), "填了两次"),
    "an id twice": (edit("rows.tsv", r"^(([0-9a-f]{16})\t.*)$", "\\1\n\\1"), "从小到大|同一位次"),
    "a cell too many": (edit("list.tsv", r"-$", "-\tx"), "list.tsv 第 \\d+ 行读不懂"),
    "a colour in a code": (edit("programmes.tsv", r"^A\t", "\x1b[31mA\t"), "读不懂"),
    "half a file": (edit("rows.tsv", r"\n\Z", ""), "不完整"),
    "a file more": (lambda files: files.update({"more.txt": "x"}), "应当正好有"),
    "a file less": (lambda files: files.pop("list.tsv"), "应当正好有"),
}


@pytest.mark.parametrize("kind", POISON)
def test_a_bad_file_is_refused_with_a_sentence(season: Ranked, tmp_path: Path, kind: str) -> None:
    change, words = POISON[kind]
    code, output = run_script(tamper(download(season, tmp_path), change))

    assert code == 2 and output.splitlines()[-1].startswith("没有核对成："), output
    assert re.search(words, output)
    assert "\x1b" not in output


def test_a_file_that_is_no_zip_or_too_large_is_refused(season: Ranked, tmp_path: Path) -> None:
    bundle = download(season, tmp_path)
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bundle) as packed, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for name in packed.namelist():
            with target.open(name, "w") as part:
                for _ in range(300 if name == "rows.tsv" else 1):
                    part.write(bytes(2**20) if name == "rows.tsv" else packed.read(name))

    assert bomb.stat().st_size < 2**20
    code, output = run_script(bomb)

    assert code == 2
    assert "太大" in output
    for content in (b"", b"no zip", bundle.read_bytes()[:-40]):
        (tmp_path / "other.zip").write_bytes(content)
        code, output = run_script(tmp_path / "other.zip")
        assert code == 2
        assert "zip 压缩包" in output
    code, output = run_script(tmp_path / "missing.zip")

    assert code == 2
    assert "打不开" in output


def test_there_is_no_bundle_before_the_results_are_published(personas: Personas) -> None:
    ranked = Ranked.lay(personas)
    ranked.programme("A", 2)
    ranked.apply(500, "A")
    ranked.close()
    run = ranked.approved()

    assert make_bundles(0) == 0
    assert Client().get(f"/replay/{run.public_id}.zip").status_code == 404
    assert "按志愿录取的批次公布结果后几分钟，在这里下载。" in get("/replay/")


def test_every_cache_may_store_a_bundle(season: Ranked) -> None:
    run = season.round.runs.get()
    answer = Client().get(f"/replay/{run.public_id}.zip")

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Disposition"].endswith('-2.zip"')


def test_the_example_begins_with_five_rounds(personas: Personas) -> None:
    page = seen(Client().get("/replay/"))

    assert "第 5 轮" in page
    assert "第 6 轮" not in page
    assert "戊原来留下了，现在被换下" in page
    ends = page.split("结果", 1)[1]
    for words in ("甲 90 东校 第 1 志愿", "丙 80 西校 第 2 志愿", "戊 70 南校 第 2 志愿", "己 65 没有录取"):
        assert words in ends


@pytest.mark.parametrize(("title", "changes"), matching_example.TRIES)
def test_each_suggestion_changes_the_result(personas: Personas, title: str, changes: dict[str, str]) -> None:
    begin, other = seen(Client().get("/replay/")), seen(Client().get("/replay/?" + urlencode(changes)))
    assert begin.split("一轮一轮地看")[1] != other.split("一轮一轮地看")[1].replace("恢复原样", "")


def test_the_example_ends_as_the_matching_does() -> None:
    params = {"p4": "75", "p5": "75", "s": "1", "p0w1": "-", "p3w2": "s", "e": "0"}
    for tie in ("lottery", "all_wait"):
        example = matching_example.read_example(params | {"tie": tie})
        played = matching_example.build_market(example)
        played.run()
        applicants, programmes = rows_of(example)
        expected = {row.number: row.programme for row in match_round(applicants, programmes).placements}
        assert {
            name: list(matching_example.SCHOOLS).index(end) if end else None for name, end in ends(example)
        } == expected


def rows_of(example: matching_example.Example) -> tuple[list[Applicant], list[ProgrammeSeats]]:
    codes, tie = list(matching_example.SCHOOLS), Tie.ALL_WAIT if example.all_wait else Tie.LOTTERY
    programmes = [
        ProgrammeSeats(i, (Quota("general", example.seats[code], Mode.AT_LEAST, 1, None, tie),))
        for i, code in enumerate(codes)
    ]
    applicants = []
    for i, name in enumerate(matching_example.PUPILS):
        own = (example.scores[i],), str(matching_example.DRAWS[i]), ("general",)
        applicants.append(Applicant(name, tuple(Choice(codes.index(code), *own) for code in example.choices[i])))
    return applicants, programmes


def ends(example: matching_example.Example) -> list[tuple[str, str]]:
    names = {name: code for code, name in matching_example.SCHOOLS.items()}
    return [(end["name"], names.get(end["school"], "")) for end in matching_example.play(example)["ends"]]


@pytest.mark.parametrize(
    "params", [{"p0": "1e9"}, {"e": "-1"}, {"p0w1": "<script>"}, {"tie": "x"}, {"p0": "100000"}, {"e": "٣"}]
)
def test_a_value_that_the_form_does_not_offer_changes_nothing(params: dict[str, str]) -> None:
    begin, example = matching_example.read_example({}), matching_example.read_example(params)

    assert (example.seats, example.scores, example.all_wait) == (begin.seats, begin.scores, begin.all_wait)
    assert all(set(choices) <= set(matching_example.SCHOOLS) for choices in example.choices)


def test_the_round_page_shows_no_number_that_leads_to_a_small_one(season: Ranked) -> None:
    run, url = season.round.runs.get(), f"/disclosure/{season.round.public_id}/"

    def shows(first: int) -> tuple[bool, bool]:
        run.counts["open"]["by_choice"] = {"1": first, "2": 19 - first}
        run.save(update_fields=["counts"])
        cache.clear()
        page = seen(Client().get(url))
        return "录取 19 公布的名单，人" in page, f"第一志愿录取 {first} 人" in page

    assert [shows(first) for first in (14, 16, 3)] == [(True, True), (True, False), (True, False)]
    with without_triggers("yangguang_cutoff"):
        run.cutoffs.filter(programme__code="C").update(admitted=0)
    # The first choices were counted of another list.
    assert shows(14) == (False, False)
