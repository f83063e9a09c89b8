"""The bundle of a published run: built once, replays alone, has no name, score, draw or special needs of a person."""

import io
import re
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.builders.ranked_round import SECRETS, Ranked
from tests.support.owner import without_triggers
from tests.support.personas import Personas
from yangguang.actions.disclosure import bundles
from yangguang.actions.runs import runs
from yangguang.gateways.ciphers import sm3
from yangguang.jobs.tasks import make_bundles
from yangguang.models import AdmissionRun, AuditEntry, Quota, ReplayBundle, SpecialNeeds
from yangguang.models.base.fields import Sealed
from yangguang.queries.disclosure.bundles import list_own_rows
from yangguang.queries.disclosure.replay import build_bundle
from yangguang.queries.disclosure.replay_script import build_script
from yangguang.rules.accounts.actors import SYSTEM
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs.lottery import draw, joint_seed

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranked(personas: Personas) -> Ranked:
    """A and B admit six each, C two, D one and E none; eight have no seat, and one is barred."""
    ranked = Ranked.lay(personas)
    ranked.programme("A", 6, dedicated=2)
    ranked.programme("B", 6)
    ranked.programme("C", 2)
    for at in range(22):
        ranked.apply(600 - at, *("A B C", "B A", "C B", "B")[at % 4].split())
    ranked.apply(300, "A", dedicated=True, number="SPECIAL")
    ranked.programme("D", 3, origins=("junior_this_year",))
    ranked.programme("E", 3)
    ranked.apply(550, "D", origin="veteran", number="BARRED")
    ranked.apply(551, "D")
    ranked.close()
    return ranked


def make_bundle(run: AdmissionRun) -> ReplayBundle:
    return bundles.make(by=SYSTEM, run=run)  # type: ignore[no-any-return]


def read_files(bundle: ReplayBundle) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(bytes(bundle.content))) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def run_script(path: Path, *more: str) -> tuple[int, str]:
    """Exit code and output of the script, alone in a folder and without our package."""
    script = path.parent / "replay.py"
    script.write_bytes(build_script())
    ran = subprocess.run(
        [sys.executable, "-I", script.name, path.name, *more], cwd=path.parent, capture_output=True, timeout=60
    )
    assert ran.stderr == b"", ran.stderr.decode()
    return ran.returncode, ran.stdout.decode()


def test_the_file_alone_computes_the_same_list(ranked: Ranked, tmp_path: Path) -> None:
    bundle = make_bundle(ranked.published())
    path = tmp_path / "bundle.zip"
    path.write_bytes(bytes(bundle.content))
    code, output = run_script(path, bundle.sha256)

    assert (code, output.count("✗"), "结论：一致" in output) == (0, 0, True)
    assert sha256(bytes(bundle.content)).hexdigest() == bundle.sha256
    assert bundle.sha256 in output


def test_the_list_in_it_is_the_published_one(ranked: Ranked) -> None:
    run = ranked.published()
    bundle = make_bundle(run)
    seats = dict(row.split("\t")[:2] for row in read_files(bundle)["list.tsv"].splitlines()[1:])
    placed = ranked.placed(run)
    for number, programme in placed.items():
        application = run.placements.get(application__number=number).application
        rows = list_own_rows([application.pk], application.person_id).get(run.public_id, [])
        if number in ("SPECIAL", "BARRED"):
            assert rows == []
            continue
        got = {one.programme for one in rows if seats[one.row] == one.programme}
        assert len(got) == (programme is not None)
        if programme in ("A", "B"):
            assert got == {programme}
        elif programme is not None:
            assert all(name.startswith("M-") for name in got)


def test_it_has_no_personal_data(ranked: Ranked) -> None:
    run = ranked.published()
    text = "\n".join(read_files(make_bundle(run)).values())
    seed = joint_seed(*SECRETS, sm3)
    for placement in run.placements.select_related("application__person"):
        number = placement.application.number
        for private in (number, draw(seed, number, sm3), placement.application.person.id_number.reveal()):
            assert private not in text

    assert "dedicated" not in text
    assert "barred" not in text
    rows = read_files(make_bundle(run))["rows.tsv"].splitlines()[1:]

    assert all(re.fullmatch(r"[0-9a-f]{16}\tgeneral\t((A|B|M-[0-9a-f]{12}):\d+ ?)+", row) for row in rows)


def test_ids_depend_on_the_key_and_the_key_is_sealed(ranked: Ranked) -> None:
    run = ranked.published()
    bundle = make_bundle(run)
    (stored,) = ReplayBundle.objects.filter(pk=bundle.pk).values_list("key", flat=True)

    assert isinstance(stored, Sealed)
    key = bytes.fromhex(stored.reveal())

    assert build_bundle(run, key).content == bytes(bundle.content)
    other = build_bundle(run, b"k" * 32)

    assert not set(re.findall(r"^[0-9a-f]{16}", read_files(bundle)["rows.tsv"], re.M)) & set(
        re.findall(r"^[0-9a-f]{16}", zipfile.ZipFile(io.BytesIO(other.content)).read("rows.tsv").decode(), re.M)
    )
    assert key.hex() not in "\n".join(read_files(bundle).values())


def test_choices_after_the_own_seat_are_not_in_it(ranked: Ranked) -> None:
    run = ranked.published()
    text = read_files(make_bundle(run))
    seats = {row.split("\t")[0]: row.split("\t")[1] for row in text["list.tsv"].splitlines()[1:]}
    for row in text["rows.tsv"].splitlines()[1:]:
        name, _, choices = row.split("\t")
        codes = [choice.partition(":")[0] for choice in choices.split(" ")]
        assert seats[name] in ("-", codes[-1])


def test_a_programme_with_few_admitted_has_no_name_and_leads_to_no_other_choice(ranked: Ranked) -> None:
    bundle = make_bundle(ranked.published())

    assert bundle.masked == ["C", "D", "E"]
    text = read_files(bundle)
    for row in text["rows.tsv"].splitlines()[1:]:
        choices = row.split("\t")[2].split(" ")
        assert len(choices) == 1 or not any(choice.startswith("M-") for choice in choices)
    named = [row.split("\t")[1] for row in text["list.tsv"].splitlines()[1:]]

    assert all(named.count(code) >= 5 for code in set(named) if code != "-" and not code.startswith("M-"))
    programmes = [row.split("\t") for row in text["programmes.tsv"].splitlines()[1:]]

    assert sorted(row[0] for row in programmes if row[-1] == "shown") == ["A", "B"]
    # Two of two seats are taken at C; D and E rejected no applicant, so their seats are given as small - 1.
    assert sorted(row[3] for row in programmes if row[-1] == "masked") == ["2", "4", "4"]


def test_pupils_of_a_dedicated_class_and_their_seats_are_not_in_it(ranked: Ranked) -> None:
    run = ranked.published()
    before = build_bundle(run, b"k" * 32)

    assert ranked.placed(run)["SPECIAL"] == "A"
    text = zipfile.ZipFile(io.BytesIO(before.content)).read("programmes.tsv").decode()

    assert [row.split("\t")[2:4] for row in text.splitlines()[1:] if row.startswith("A\t")] == [["general", "6"]]
    assert sum(row.startswith("A\t") for row in text.splitlines()) == 1
    assert SpecialNeeds.objects.count() == 1


def test_a_programme_where_seats_of_a_dedicated_class_flow_is_left_out(personas: Personas) -> None:
    ranked = Ranked.lay(personas)
    ranked.programme("A", 5, dedicated=3, flows=True)
    ranked.programme("B", 9)
    for at in range(14):
        ranked.apply(600 - at, "A", "B")
    ranked.apply(300, "A", dedicated=True)
    ranked.close()
    run = ranked.published()

    assert Quota.objects.get(programme__code="A", code="general").seats == 7
    bundle = make_bundle(run)

    assert bundle.left_out == ["A"]
    programmes = read_files(bundle)["programmes.tsv"].splitlines()[1:]

    assert [row.split("\t")[-1] for row in programmes] == ["left_out", "shown"]
    assert "A:" not in read_files(bundle)["rows.tsv"]


def test_programmes_under_review_are_marked_and_their_results_are_not_in_it(ranked: Ranked, tmp_path: Path) -> None:
    run = ranked.approved()
    AdmissionRun.objects.filter(pk=run.pk).update(report=run.report | {"held_back": ["A"]})
    run.refresh_from_db()
    ranked.personas.pe1.sign(runs.publish, run=run)
    bundle = make_bundle(run)
    text = read_files(bundle)

    assert text["programmes.tsv"].splitlines()[1] == "A\t-\t-\t0\t-\t0\t-\t-\theld_back"
    assert "A:" not in text["rows.tsv"]
    assert "\tA\t" not in text["list.tsv"]
    path = tmp_path / "bundle.zip"
    path.write_bytes(bytes(bundle.content))
    code, output = run_script(path)

    assert (code, "1 个专业不在回放之内" in output) == (0, True)


def test_a_student_finds_the_own_row(ranked: Ranked, tmp_path: Path) -> None:
    run = ranked.published()
    path = tmp_path / "bundle.zip"
    path.write_bytes(bytes(make_bundle(run).content))
    application = run.placements.get(application__number="N0001").application
    (first, *_) = list_own_rows([application.pk], application.person_id)[run.public_id]
    code, output = run_script(path, "--find", first.row)

    assert code == 0
    assert f"✓ 名单里有匿名号 {first.row}" in output
    assert f"{first.programme}　第 {first.place} 位" in output
    assert run_script(path, "--find", "0" * 16)[0] == 1


def test_the_job_makes_each_bundle_once_and_records_it(ranked: Ranked) -> None:
    run = ranked.published()

    assert (make_bundles(0), make_bundles(0)) == (1, 0)
    bundle = run.bundle

    assert make_bundle(run).pk == bundle.pk
    entries = AuditEntry.objects.filter(action="bundle.make").order_by("id")
    facts = [entry.facts for entry in entries]

    assert {entry.subject for entry in entries} == {f"admissionrun:{run.public_id}"}
    assert [(one["digest"], one.get("again")) for one in facts] == [(bundle.sha256, None), (bundle.sha256, True)]


def test_there_is_no_bundle_of_a_run_that_is_not_published(ranked: Ranked) -> None:
    run = ranked.approved()

    assert make_bundles(0) == 0
    with pytest.raises(Refused, match="没有公布"):
        make_bundle(run)


def test_a_list_that_does_not_replay_is_refused(ranked: Ranked) -> None:
    run = ranked.published()
    last, first = (run.placements.get(application__number=f"N{n:04}") for n in (22, 2))

    assert (first.programme.code, last.programme_id) == ("B", None)
    for row, other in ((first, None), (last, first)):
        with without_triggers("yangguang_placement"):
            run.placements.filter(pk=row.pk).update(
                rank=other and 1, programme=other and other.programme_id, quota=other and other.quota_id
            )
    with pytest.raises(Refused, match="重算的名单与公布的名单不同"):
        make_bundle(run)
