"""The two notices: every sentence numbered, answered in one row, and meant by every id that names it."""

import csv
import hashlib
import re
from itertools import groupby
from pathlib import Path

import pytest

from tests import spec_ids
from tests.sheets.golden import golden
from tests.spec_ids import DOCS, ROOT, Sentence
from tests.test_docs import rows, spans

NOTICES = {path.stem: path.read_text() for path in sorted((DOCS / "notices").glob("*.md"))}
SENTENCES = [sentence for text in NOTICES.values() for sentence in spec_ids.sentences_in(text)]
TEXT_OF = dict(SENTENCES)
ANSWERS = [cells for cells in rows((DOCS / "notices.md").read_text()) if len(cells) == 5]
# Of the text alone, taken once it was held against the official files character by character.
DIGESTS = {
    "S23": "294977dde49cdb1e7239147b3d0bdcbcff1489a42188b14b96becdabd2fa8eed",
    "S24": "8ddf86e62ad76c7004d0bdd07346a518e8599b466b38e5d55f51e62d2f158bbb",
}
MISSING = re.compile(r"\b(?:later|not|nothing|nobody|no|cannot)\b|for people", re.I)


def gaps(sentences: list[Sentence]) -> list[str]:
    """The ids that do not continue the numbering of their section."""
    faulty = []
    for _, group in groupby(sentences, key=lambda sentence: sentence.id.rpartition(".")[0]):
        for number, sentence in enumerate(group, start=1):
            if int(sentence.id.rpartition(".")[2]) != number:
                faulty.append(sentence.id)
    return faulty


def reference(name: str) -> list[dict[str, str]]:
    with (ROOT / "yangguang" / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_notice_has_its_sections_and_annexes_in_order() -> None:
    found = {
        name: [
            section
            for section, _ in groupby(
                spec_ids.sentences_in(text), key=lambda sentence: sentence.id.partition("-")[2].split(".")[0]
            )
        ]
        for name, text in NOTICES.items()
    }

    assert found == {"S23": ["0", "1", "2", "3", "4", "5", "A1"], "S24": ["0", "1", "2", "3", "4", "5", "A1", "A2"]}


def test_the_sentences_are_numbered_without_a_gap_and_none_is_empty() -> None:
    assert gaps(SENTENCES) == []
    assert [sentence.id for sentence in SENTENCES if not sentence.text] == []


def test_a_gap_and_an_empty_sentence_are_noticed() -> None:
    text = "**S23-1.01** 一。\n**S23-1.03**\n| **S23-A1.01** 任务数* | 总数 |\n"

    found = spec_ids.sentences_in(text)

    assert found == [("S23-1.01", "一。"), ("S23-1.03", ""), ("S23-A1.01", "任务数*")]
    assert gaps(found) == ["S23-1.03"]


@pytest.mark.parametrize(("notice", "digest"), DIGESTS.items())
def test_no_character_of_a_notice_has_changed(notice: str, digest: str) -> None:
    official = NOTICES[notice].partition("](../notices.md).\n")[2]
    text = re.sub(r"\*\*S2[34]-\w+\.\d\d\*\*|[\s|#:-]", "", official)

    assert hashlib.sha256(text.encode()).hexdigest() == digest


def test_no_line_holds_more_than_one_sentence() -> None:
    assert [sentence.id for sentence in SENTENCES if re.search(r"[。；](?![”）]|$)", sentence.text)] == []


def test_every_line_of_a_notice_is_a_sentence_a_table_or_its_frame() -> None:
    """So that nothing stands in a notice without an id but headings, tables, signature and date."""
    frame = re.compile(r"# |## |> |\||\*\*S2[34]-|20\d\d ?年 ?\d+ ?月 ?\d+ ?日 ?$")
    others = [line for text in NOTICES.values() for line in text.splitlines() if line and not frame.match(line)]

    assert others == ["河南省教育厅办公室  河南省人力资源和社会保障厅办公室"]


def test_every_sentence_has_exactly_one_row_and_every_row_a_sentence() -> None:
    assert [cells[0] for cells in ANSWERS] == [sentence.id for sentence in SENTENCES]


def test_a_row_begins_with_the_words_of_its_sentence() -> None:
    def plain(text: str) -> str:
        return re.sub(r"\s+", " ", text.replace("\\*", "*"))

    displayed = {number: plain(words).removesuffix("…") for number, words, *_ in ANSWERS}

    assert [n for n, words in displayed.items() if not words or not plain(TEXT_OF[n]).startswith(words)] == []
    assert [n for n, words in displayed.items() if len(words) > 25] == []


def test_what_is_done_has_its_test_and_what_is_not_says_what_is_missing() -> None:
    states = {number: how for number, _, how, _, _ in ANSWERS}

    assert [n for n, how in states.items() if how not in {"done", "part", "later", "people"}] == []
    assert [cells[0] for cells in ANSWERS if cells[2] == "done" and not spans(cells[4])] == []
    assert [cells[0] for cells in ANSWERS if cells[2] in {"done", "part"} and not cells[3]] == []
    assert [cells[0] for cells in ANSWERS if cells[2] == "part" and not MISSING.search(cells[3])] == []
    assert [cells[0] for cells in ANSWERS if cells[2] == "later" and not cells[3]] == []


def test_an_id_is_defined_once() -> None:
    found = sorted(number for page in spec_ids.PAGES for number in spec_ids.definitions_in(page.read_text()))

    assert found == sorted(set(found))


def test_every_prefix_of_an_id_has_definitions() -> None:
    assert {re.sub(r"[\d.]+$", "", number)[:2] for number in spec_ids.defined()} >= {"S2", "F-", "R", "T", "X"}


@pytest.mark.parametrize("folder", ["yangguang", "tests", "benchmarks", "docs", "deploy", "."])
def test_every_id_in_code_tests_and_documents_exists(folder: str) -> None:
    def top(path: Path) -> str:
        return path.relative_to(ROOT).parts[0] if path.parent != ROOT else "."

    # The ids that no page defines stand in these two files only, to show that they are noticed.
    displayed = {Path(__file__).name, "test_docs.py"}
    paths = [path for path in spec_ids.texts() if top(path) == folder and path.name not in displayed]
    unknown = {str(path.relative_to(ROOT)): spec_ids.unknown_in(path.read_text()) for path in paths}

    assert {path: ids for path, ids in unknown.items() if ids} == {}


def test_an_id_that_nothing_defines_is_noticed() -> None:
    text = "(S23-4.03, S23-4.93, F-B3, F-B93, R3.02, R3.92, T2.92, X1.92) version 1.02, XT1.99, R3.921"

    assert spec_ids.unknown_in(text) == ["F-B93", "R3.92", "S23-4.93", "T2.92", "X1.92"]


def test_an_invariant_has_the_number_the_command_prints() -> None:
    from yangguang.queries.audit.invariants.catalogue import INVARIANTS

    numbers = sorted(n for n in spec_ids.defined() if n.startswith("T3."))

    assert numbers == [f"T3.{invariant.number:02d}" for invariant in INVARIANTS]


def test_the_table_of_targets_is_the_printed_one() -> None:
    printed = re.findall(r"^\| (\d+) \| (\S+) \| (\d+) \|$", NOTICES["S24"], re.M)
    (total,) = re.findall(r"^\| \| 郑州市 \| (\d+) \|$", NOTICES["S24"], re.M)

    found = [tuple(row.values())[:3] for row in reference("zhengzhou_tasks_2024")]

    assert found == printed
    assert sum(int(number) for _, _, number in printed) == int(total)


def test_the_prohibitions_are_sentences_of_the_notice() -> None:
    found = [row["text"].rstrip("；。") for row in reference("prohibitions_2023")]

    assert found == [TEXT_OF[f"S23-2.{number:02d}"].rstrip("；。") for number in range(4, 9)]


def test_windows_of_2023_are_the_days_of_the_notice() -> None:
    days = [f"2023-{int(m):02d}-{int(d):02d}" for m, d in re.findall(r"(\d+)月(\d+)日", TEXT_OF["S23-5.06"])]
    opens, closes, last = days

    windows = {
        (row["term"], row["opens_on"], row["closes_on"], row["sure"])
        for row in reference("windows")
        if row["year"] == "2023"
    }

    assert windows == {("SPRING", opens, closes, "原文"), ("AUTUMN", "", last, "原文")}


@pytest.mark.parametrize(
    ("form", "ids"),
    [
        ("form_p_2023", ["S23-A1.04", "S23-A1.05", "S23-A1.06"]),
        ("form_c_2024", ["S24-A2.05", "S24-A2.06", "S24-A2.07"]),
        ("form_t_2024", ["S24-A1.03", "S24-A1.04", "S24-A1.05", "S24-A1.06"]),
    ],
)
def test_the_notes_of_each_printed_form_are_those_of_the_notice(form: str, ids: list[str]) -> None:
    printed = re.sub(r"\s", "", "".join(str(cell) for cell in golden(form)["cells"].values()))

    assert [number for number in ids if re.sub(r"\s", "", TEXT_OF[number]) not in printed] == []


def test_no_reference_leads_outside_the_repository() -> None:
    pages = r"\[S2[34]\](?!\()|(?:domain-rules|product\.md|trust\.md|(?<!\]\()experience\.md)"
    outside = re.compile(pages + r"|\([A-IN]\d{1,2}(?:[,;] [A-IN]\d{1,2})*\)")
    paths = [path for path in spec_ids.texts() if path.name != Path(__file__).name]

    found = {str(path.relative_to(ROOT)): outside.findall(spec_ids.prose_of(path)) for path in paths}

    assert {path: references for path, references in found.items() if references} == {}
