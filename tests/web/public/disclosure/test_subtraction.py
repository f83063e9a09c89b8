"""No subtraction between public pages and files reveals dedicated classes or small programmes."""

import csv
import io
import json
import re
import zipfile

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.actions.runs.test_supplementary import opens
from tests.support.builders.plans import qualify
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas
from yangguang import clock
from yangguang.jobs.tasks import make_bundles
from yangguang.models import Admission, Application, Quota, Unit
from yangguang.rules.runs.rounds import RoundKind

pytestmark = pytest.mark.django_db
Texts = list[tuple[str, str]]
"""Every public address, without ids that differ by season, and its text."""
SMALL = 5
FIRST = re.compile(r'href="(/[^"?#]*)')
# Pages without counts.
APART = (
    "/static/",
    "/me/",
    "/demo/",
    "/audit/",
    "/manuals/",
    "/notices/",
    "/keys/",
    "/desk/",
    "/elder",
    "/sign",
    "/replay/format/",
)
CHANCE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{12,}\b|\d+年\d+月\d+日(\d\d:\d\d)?|\d{4}-\d\d-\d\d[T\d:.+]*|\d\d:\d\d"
    r"|[\d.]+\s?(字节|KB)|SU\d+"
)
# Applicants are counted together with those of dedicated classes, as places are.
TOGETHER = re.compile(r'<td[^>]*data-label="报考（人）">.*?</td>', re.S)
ORDINARY = (("A", 10), ("AT", 2), ("D", 6), ("DS", 2), ("D", 1), ("E", 5), ("B", 9), ("V", 1), ("W", 2))
PROGRAMMES = (
    ("A", 10, 2),
    ("B", 12, 0),
    ("D", 6, 2),
    ("E", 8, 0),
    ("S", 1, 0),
    ("T", 4, 0),
    ("U", 4, 0),
    ("V", 3, 0),
    ("W", 3, 0),
    ("X", 1, 0),
)


def publish_rounds(personas: Personas, *special: str) -> list[Ranked]:
    """Two ranked rounds with their bundles and a direct one; `special` are programmes of dedicated classes."""
    main = Ranked.lay(personas)
    Unit.objects.filter(pk=personas.school.pk).update(kind="职业高中")
    qualify(personas.school, personas.season.year)
    for code, seats, dedicated in PROGRAMMES:
        main.programme(code, seats, dedicated=dedicated)
    for codes, number in ORDINARY:
        for _ in range(number):
            main.apply(600 - main.count, *codes)
    for code in special:
        main.apply(300 - main.count, code, dedicated=True, number=f"SPECIAL{main.count}")
    main.close()
    main.published()
    # Two have no seat: one is admitted from a waiting list, one chooses again.
    moves, again = Application.objects.filter(admissions=None).order_by("-scores")[:2]
    admit(main, moves, "B")
    more = opens(main, 3)
    more.choose(again, "X", "U")
    for _ in range(2):
        more.apply(200 - more.count, "U", "T")
    more.close()
    more.published()
    direct = opens(more, 4, RoundKind.SUPPLEMENTARY_DIRECT)
    for number in range(5):
        admit(direct, direct.apply(150, number=f"DIRECT{number}"), "EB"[number % 2])
    if special:
        admit(direct, direct.apply(150, number="SPECIAL", dedicated=True), "A", kind="dedicated")
    assert make_bundles(0) + make_bundles(0) == 2
    return [main, more, direct]


def admit(ranked: Ranked, application: Application, code: str, kind: str = "general") -> None:
    programme = ranked.programmes[code]
    quota = programme.quotas.get(code=kind)
    Admission.objects.create(
        application=application,
        person=application.person,
        school=programme.plan.school,
        round=ranked.round,
        programme=programme,
        quota=quota,
        published_at=clock.now(),
    )
    Quota.objects.filter(pk=quota.pk).update(taken=quota.taken + 1)


def crawl() -> dict[str, bytes]:
    """Every page and file that links reach from the front page."""
    cache.clear()
    client, waiting, pages = Client(), ["/"], {}
    while waiting:
        url = waiting.pop()
        if url in pages or url.startswith(APART):
            continue
        answer = client.get(url)
        if answer.status_code == 200:
            pages[url] = answer.content
            if answer.headers["Content-Type"].startswith("text/html"):
                waiting += FIRST.findall(answer.content.decode())
    return pages


def normalise(pages: dict[str, bytes]) -> Texts:
    """The texts without ids, digests, times and random names."""
    rows = []
    for url, content in pages.items():
        for name, text in texts(url, content):
            rows.append((CHANCE.sub("*", name), CHANCE.sub("*", text)))
    return sorted(rows)


def texts(url: str, content: bytes) -> list[tuple[str, str]]:
    if url.endswith(".zip"):
        return [(f"{url}/{name}", table) for name, table in bundle(content).items()]
    if url.endswith(".csv"):
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        return [(url, str([{k: v for k, v in row.items() if "报考" not in k} for row in rows]))]
    if url.endswith(".json"):
        rows = json.loads(content)["rows"]
        return [(url, str([{k: v for k, v in row.items() if k != "applicants"} for row in rows]))]
    html = TOGETHER.sub("", content.decode(errors="replace"))
    return [(url, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))]


def bundle(content: bytes) -> dict[str, str]:
    """The tables without ids, sorted, and the numbers of the manifest."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        tables = {name: packed.read(name).decode() for name in packed.namelist()}
    numbers = json.loads(tables["manifest.json"])
    pages = {"manifest.json": str([numbers["round"]["name"], numbers["numbers"], numbers["held_back"]])}
    for name in ("programmes.tsv", "rows.tsv", "list.tsv"):
        rows = [re.sub(r"M-\w+", "M-", row) for row in tables[name].splitlines()]
        pages[name] = "\n".join(sorted(re.sub(r"^[0-9a-f]{16}\t", "", row) for row in rows))
    return pages


@pytest.mark.parametrize("special", [("A",), ("A", "D", "D")], ids=["one", "a full class"])
def test_all_that_is_public_is_the_same_with_and_without_dedicated_pupils(
    personas: Personas, special: tuple[str, ...]
) -> None:
    worlds = []
    for pupils in ((), special):
        with transaction.atomic():
            publish_rounds(personas, *pupils)
            worlds.append(normalise(crawl()))
            transaction.set_rollback(True)
    without, with_them = worlds

    assert [name for name, _ in without] == [name for name, _ in with_them]
    assert [one for one in without if one not in with_them] == []
    # The comparison includes the pages that matter.
    names = " ".join(name for name, _ in without)
    for part in ("/plans/", "plans.csv", "schools.json", "results-2.csv", "results-3.json", "rows.tsv", "/replay/"):
        assert part in names, part

    assert sum(name == "/disclosure/*/" for name, _ in without) == 2


def test_a_programme_with_seats_of_a_dedicated_class_only_is_in_no_file_of_the_round(personas: Personas) -> None:
    publish_rounds(personas, "A", "D")
    pages = crawl()
    of_the_round = {
        name: text
        for url, content in pages.items()
        for name, text in texts(url, content)
        if "results-3" in url or (url.endswith(".zip") and "第1次补录" in str(bundle(content)))
    }

    assert sorted(name.rpartition(".")[2] for name in of_the_round) == ["csv", "json", "json", "tsv", "tsv", "tsv"]
    assert [name for name, text in of_the_round.items() if re.search(r"专业D|\bD\b", text)] == []


def test_no_subtraction_reveals_whether_a_small_programme_has_admissions(personas: Personas) -> None:
    rounds = publish_rounds(personas, "A", "D")[:2]
    pages = crawl()
    (listed,) = [visible_text(content) for url, content in pages.items() if url == "/disclosure/"]
    for ranked in rounds:
        rows = json.loads(pages[f"/open-data/results-{ranked.round.number}.json"])["rows"]
        truth = {row.programme.code: 0 for row in ranked.round.programmes.all()}
        run = ranked.round.runs.get(state="PUBLISHED")
        for placement in run.placements.filter(quota__code="general").select_related("programme"):
            truth[placement.programme.code] += 1
        hidden = {row["code"]: row["seats"] for row in rows if row["admitted"] is None}
        small = {row["code"] for row in rows if truth[row["code"]] < SMALL}
        assert small <= hidden.keys()
        assert all(row["last_place"] is None for row in rows if row["code"] in hidden)
        assert all(row["applicants"] is None or row["applicants"] >= SMALL for row in rows)
        # One number on the list of rounds, on the round's page and in its bundle, or none at all.
        page = visible_text(pages[f"/disclosure/{ranked.round.public_id}/"])
        total = re.search(r"录取 ([\d,]+) 公布的名单", page)
        counts = [bundle(content) for url, content in pages.items() if url.endswith(".zip")]
        (manifest,) = [one["manifest.json"] for one in counts if ranked.round.name in one["manifest.json"]]
        packed = int(re.search(r"'seated': (\d+)", manifest)[1])  # type: ignore[index]
        in_list = re.search(rf"{ranked.round.name} \S+ [\d,]+ \S+ (\S+) 已公布", listed)
        assert in_list is not None
        assert in_list[1] == (total[1] if total else "不显示")
        visible = sum(row["admitted"] for row in rows if row["admitted"] is not None)
        for known in ({int(total[1])} if total else set()) | {packed}:
            shared = known - visible
            for code in small:
                rest = sum(min(s, SMALL - 1) if c in small else s for c, s in hidden.items() if c != code)
                assert shared <= rest, (ranked.round.name, code)


def test_one_seat_and_a_hidden_number_is_one_person_or_none(personas: Personas) -> None:
    main, *_ = publish_rounds(personas)
    rows = json.loads(crawl()["/open-data/results-2.json"])["rows"]

    assert {row["code"]: row["admitted"] for row in rows if row["seats"] == 1} == {"S": None, "X": None}
    run = main.round.runs.get(state="PUBLISHED")
    taken = {code: run.placements.filter(programme__code=code).count() for code in "SX"}

    assert taken == {"S": 1, "X": 0}


def visible_text(content: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content.decode()))
