"""A province's ranked round as rows, straight into a scratch database: synthetic, skewed, full of equal scores."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import psycopg

CITIES, PROGRAMMES_PER_SCHOOL = 18, 6
DEDICATED_EVERY, WAITING_EVERY = 10, 4
"""Each tenth programme has seats of a dedicated class, each fourth one lets its last tied group wait."""
PUPILS_EVERY = 300
"""One in so many applicants is to be in a dedicated class."""


def lay(url: str, people: int, programmes: int, choices: int = 6) -> None:
    """Fill an empty, migrated database; Django is set up for it already.

    Args:
        url: of a superuser, whose COPY need not ask for every row whether its parents exist.
        people, programmes: applicants and programmes; two seats for three applicants.
        choices: most choices of one applicant.
    """
    chance = np.random.default_rng(people)
    wanted = _choices(chance, people, programmes, choices)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        for table, columns, rows in _tables(people, programmes, wanted, chance):
            _copy(connection, table, columns.split(", "), rows)
        for table in ("unit", "season", "plan", "programme", "round", "account", "person", "application"):
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('yangguang_{table}', 'id'), max(id)) FROM yangguang_{table}"
            )
    _add_rules_and_seeds(people)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _tables(
    people: int, programmes: int, wanted: Sequence[Sequence[int]], chance: np.random.Generator
) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Table, columns, rows; referenced tables first."""
    seats = _seats(people, programmes)
    yield "unit", "id, code, name, level, kind, sector, path, parent_id", _units(programmes)
    yield "season", "id, year, term", ["1\t2024\tAUTUMN"]
    yield "plan", "id, school_id, season_id, state, capacity", _plans(programmes)
    yield (
        "programme",
        "id, plan_id, code, major, programme_type, study_form, years, seats, origins",
        _programmes(people, programmes),
    )
    yield ("quota", "programme_id, code, name, seats, mode, priority, flows_to, tie", _quotas(people, programmes))
    round_row = "1\t1\t2\t集中录取\tranked\t{three_year}\t2024-07-01"
    yield "round", "id, season_id, number, name, kind, programme_types, opened_at", [round_row]
    yield (
        "roundprogramme",
        "round_id, programme_id, seats",
        (f"1\t{n}\t{seats + 2}" for n in range(1, programmes + 1)),
    )
    yield "account", "id, username, password", (f"{n}\tf{n:08d}\t!" for n in range(1, people + 3))
    yield ("person", "id, account_id, id_kind, id_number, id_hash, name, sex, born_on, home_id", _people(people))
    yield (
        "application",
        "id, number, season_id, person_id, home_id, origin, scores, state, choices_version, programmes",
        _applications(chance, wanted),
    )
    yield (
        "choiceversion",
        "application_id, round_id, number, programmes, by_account_id, submitted_by, receipt",
        _versions(wanted),
    )


def _copy(connection: psycopg.Connection, table: str, columns: Sequence[str], rows: Iterable[str]) -> None:
    """COPY `rows`; columns not named get what the model would give them."""
    from django.apps import apps
    from django.db.models import NOT_PROVIDED

    rest = {
        field.column: _spell(field.get_default())
        for field in apps.get_model("yangguang", table)._meta.concrete_fields
        if field.column not in columns and not field.primary_key
        if not field.null and not field.generated and field.db_default is NOT_PROVIDED
    }
    tail = "".join(f"\t{value}" for value in rest.values()) + "\n"
    into = f"COPY yangguang_{table} ({', '.join([*columns, *rest])}) FROM STDIN"
    with connection.cursor().copy(into.encode()) as copy:
        buffer = io.StringIO()
        for row in rows:
            buffer.write(row + tail)
            if buffer.tell() > 1 << 20:
                copy.write(buffer.getvalue())
                buffer = io.StringIO()
        copy.write(buffer.getvalue())


def _spell(value: object) -> str:
    return f"{{{','.join(map(str, value))}}}" if isinstance(value, list) else str(value)


def _choices(chance: np.random.Generator, people: int, programmes: int, most: int) -> list[Sequence[int]]:
    """Programme numbers of each applicant, different ones, the low numbers popular."""
    drawn = (programmes * chance.random((people, 2 * most)) ** 2).astype(np.int64) + 1
    again = np.zeros(drawn.shape, bool)
    for column in range(1, drawn.shape[1]):
        again[:, column] = (drawn[:, :column] == drawn[:, column : column + 1]).any(axis=1)
    order = np.argsort(again, axis=1, kind="stable")[:, :most]
    stays = np.minimum((~again).sum(axis=1), chance.integers(3, most + 3, people)).clip(1, most)
    picked: npt.NDArray[np.int64] = np.take_along_axis(drawn, order, axis=1)
    return [row[:count] for row, count in zip(picked.tolist(), stays.tolist(), strict=True)]


def _seats(people: int, programmes: int) -> int:
    return max(1, 2 * people // 3 // programmes)


def _units(programmes: int) -> Iterator[str]:
    yield "1\tP\t演示省\tPROVINCE\tbureau\t\t1/\t\\N"
    for n in range(CITIES):
        yield f"{2 + n}\tC{n}\t演示市{n}\tCITY\tbureau\t\t1/{2 + n}/\t1"
    for n in range(-(-programmes // PROGRAMMES_PER_SCHOOL)):
        at, city = 100 + n, 2 + n % CITIES
        yield f"{at}\tS{n}\t演示学校{n}\tSCHOOL\tschool\teducation\t1/{city}/{at}/\t{city}"


def _plans(programmes: int) -> Iterator[str]:
    for n in range(-(-programmes // PROGRAMMES_PER_SCHOOL)):
        yield f"{1 + n}\t{100 + n}\t1\tPUBLISHED\t100000"


def _programmes(people: int, programmes: int) -> Iterator[str]:
    seats = _seats(people, programmes) + 2
    for n in range(1, programmes + 1):
        plan, major = divmod(n - 1, PROGRAMMES_PER_SCHOOL)
        yield f"{n}\t{1 + plan}\tX{n:07d}\t专业{major}\tthree_year\tfull_time\t3\t{seats}\t{{}}"


def _quotas(people: int, programmes: int) -> Iterator[str]:
    for n in range(1, programmes + 1):
        tie = "all_wait" if n % WAITING_EVERY == 0 else "lottery"
        if n % DEDICATED_EVERY == 0:
            yield f"{n}\tdedicated\t专门编班\t2\tat_most\t1\tgeneral\t{tie}"
        yield f"{n}\tgeneral\t普通\t{_seats(people, programmes)}\tat_least\t2\t\t{tie}"


def _people(people: int) -> Iterator[str]:
    for n in range(1, people + 1):
        mark = f"\\\\x{n:064x}"
        yield f"{n}\t{n}\tresident\t{mark}\t{mark}\t某某\t女\t2009-03-05\t{2 + n % CITIES}"


def _applications(chance: np.random.Generator, wanted: Sequence[Sequence[int]]) -> Iterator[str]:
    marks = chance.integers(0, 1 << 62, len(wanted)).tolist()
    totals = (5 * chance.integers(60, 140, len(wanted))).tolist()
    subject = chance.integers(60, 121, len(wanted)).tolist()
    for n, programmes in enumerate(wanted):
        yield (
            f"{n + 1}\t{marks[n]:016X}\t1\t{n + 1}\t{2 + n % CITIES}\tjunior_this_year"
            f"\t{{{totals[n]},{subject[n]}}}\tCHOSEN\t{1 + n % 2}\t{{{','.join(map(str, programmes))}}}"
        )


def _versions(wanted: Sequence[Sequence[int]]) -> Iterator[str]:
    """Every other applicant has changed the list once: the earlier version is there, too."""
    receipt = "0" * 64
    for n, programmes in enumerate(wanted):
        for version in range(1, 2 + n % 2):
            chosen = ",".join(map(str, programmes if version == 1 + n % 2 else programmes[:1]))
            yield f"{n + 1}\t1\t{version}\t{{{chosen}}}\t{n + 1}\tSELF\t{receipt}"


def _add_rules_and_seeds(people: int) -> None:
    """The few rows that hold sealed values or rules: windows, seed, answer rule, pupils of dedicated classes."""
    from yangguang import clock
    from yangguang.actions.organisation.directory_sql import RULES
    from yangguang.actions.runs.lottery import FIRST, SECOND
    from yangguang.gateways.ciphers import sm3
    from yangguang.models import LotterySeed, SpecialNeeds, Window
    from yangguang.models.base.fields import seal
    from yangguang.postgres.sql import execute
    from yangguang.reference import rows
    from yangguang.rules.runs.lottery import commitment, joint_seed

    now = clock.now()
    for kind, opens, closes in (("choices", -9, -2), ("answer", -1, 5)):
        Window.objects.create(
            season_id=1, round_id=1, kind=kind, opens_at=now + timedelta(opens), closes_at=now + timedelta(closes)
        )
    first, second = b"a" * 32, b"b" * 32
    LotterySeed.objects.create(
        round_id=1,
        first_by_id=people + 1,
        second_by_id=people + 2,
        first_secret=seal(FIRST, first.hex()),
        second_secret=seal(SECOND, second.hex()),
        commitment=commitment(joint_seed(first, second, sm3), sm3),
        committed_at=now,
    )
    execute(RULES, (json.dumps(rows("policy_rules")),))
    SpecialNeeds.objects.bulk_create(
        SpecialNeeds(person_id=n, provision=SpecialNeeds.Provision.DEDICATED_CLASS.value)
        for n in range(PUPILS_EVERY, people + 1, PUPILS_EVERY)
    )
