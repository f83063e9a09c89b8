"""The three tables of a bundle, as the page of its format describes them. (F-N1)"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yangguang.rules.base.refusals import Refused
from yangguang.rules.disclosure import anonymity
from yangguang.rules.disclosure.anonymity import ConsideredChoice, Mac
from yangguang.rules.disclosure.bundle_format import (
    LEFT_OUT,
    LIST,
    MASKED,
    NOTHING,
    NUMBERS,
    PROGRAMMES,
    ROWS,
    UNMASKED,
    WITHHELD,
    format_heading,
)
from yangguang.rules.plans.quotas import ProgrammeSeats, Quota
from yangguang.rules.runs.eligibility import DEDICATED
from yangguang.rules.runs.ranking import start_programme

HIDDEN_QUOTA = DEDICATED[0]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the bundle.

    Args:
        kinds: the quotas open to it. choices: as they are written. seat: programme and quota, or nothing.
    """

    kinds: Sequence[str]
    choices: Sequence[str]
    seat: tuple[str, ...] = ()


@dataclass(slots=True)
class BundleTables:
    """What is published of a round, by the codes of its programmes and the numbers of its applications.

    Args:
        mac: digest under the key of the round.
        programmes: seats by code. named: those that the bundle names at all.
        masked: displayed under a pseudonym. left_out: not replayed. withheld: of these, those under review.
        considered: the published choices of each application. quotas: the quota of each admission.
        kinds: the quotas open to each application.
        small: the smallest number that may be displayed.
        is_cut: choices of rows without a seat are displayed one by one.
    """

    mac: Mac
    programmes: Mapping[str, ProgrammeSeats]
    named: Collection[str]
    masked: Collection[str]
    left_out: Collection[str]
    withheld: Collection[str]
    considered: Mapping[str, Sequence[ConsideredChoice]]
    quotas: Mapping[str, str]
    kinds: Mapping[str, Sequence[str]]
    small: int
    is_cut: bool = False

    def write(self) -> tuple[dict[str, bytes], dict[str, int]]:
        """The tables by name, and the manifest's counts of them."""
        rows = self.list_rows()
        tables = {
            PROGRAMMES: _format_table(PROGRAMMES, self._list_programme_lines()),
            ROWS: _format_table(ROWS, (f"{k}\t{','.join(r.kinds)}\t{' '.join(r.choices)}" for k, r in rows.items())),
            LIST: _format_table(LIST, ("\t".join((k, *(r.seat or (NOTHING, NOTHING)))) for k, r in rows.items())),
        }
        absent = sum(code in self.left_out for code in self.named)
        seated = sum(bool(row.seat) for row in rows.values())
        counts = (len(self.named), len(self.masked), absent, len(rows), seated)
        return tables, dict(zip(NUMBERS, counts, strict=True))

    def name_programme(self, code: str) -> str:
        """The code as the bundle displays it."""
        return anonymity.masked_code(self.mac, code) if code in self.masked else code

    def list_rows(self) -> dict[str, Row]:
        """The rows by id, sorted.

        Raises:
            Refused: two rows have one id.
        """
        rows: dict[str, Row] = {}
        count = 0
        for number, considered in self.considered.items():
            for piece, part in anonymity.split_row(considered, self.masked, is_cut=self.is_cut).items():
                last = part[-1]
                seat = (self.name_programme(last.code), self.quotas[number]) if last.is_admitted else ()
                choices = [self._format_choice(one) for one in part]
                rows[anonymity.row_id(self.mac, number, piece)] = Row(self.kinds[number], choices, seat)
                count += 1
        if len(rows) < count:
            raise Refused("两行得到同一个匿名号", now="请重新制作，密钥会换新的")
        return dict(sorted(rows.items()))

    def _format_choice(self, one: ConsideredChoice) -> str:
        """The programme and the place; the tie group, too, where quotas treat equals differently."""
        is_mixed = len({quota.tie for quota in self.programmes[one.code].quotas}) > 1 and one.group != one.place
        return f"{self.name_programme(one.code)}:{one.place}" + (f"/{one.group}" if is_mixed else "")

    def _list_programme_lines(self) -> Iterator[str]:
        rejecting = {one.code for row in self.considered.values() for one in row if not one.is_admitted}
        for name, code in sorted((self.name_programme(code), code) for code in self.named):
            if code in self.left_out:
                state = WITHHELD if code in self.withheld else LEFT_OUT
                yield "\t".join((name, NOTHING, NOTHING, "0", NOTHING, "0", NOTHING, NOTHING, state))
            else:
                is_masked, is_full = code in self.masked, code in rejecting
                yield from self._list_quota_lines(name, self.programmes[code], is_masked=is_masked, is_full=is_full)

    def _list_quota_lines(
        self, name: str, programme: ProgrammeSeats, *, is_masked: bool, is_full: bool
    ) -> Iterator[str]:
        quotas = [quota for quota in programme.by_priority if quota.code != HIDDEN_QUOTA]
        capped = {quota.code: quota.seats for quota in start_programme(programme).quotas}
        for quota in quotas:
            seats, cap = capped[quota.code], None
            if len(quotas) == len(programme.quotas):
                seats, cap = quota.seats, programme.cap
            if is_masked and not is_full and len(quotas) == 1:
                # The number of empty seats would identify the programme; more seats change nothing here.
                seats, cap = self.small - 1, None
            yield _format_quota(name, quota, seats, cap, MASKED if is_masked else UNMASKED)


def _format_quota(name: str, quota: Quota, seats: int, cap: int | None, state: str) -> str:
    most, flow = NOTHING if cap is None else str(cap), quota.flows_to or NOTHING
    return "\t".join(
        (name, most, quota.code, str(seats), quota.mode.value, str(quota.priority), flow, quota.tie.value, state)
    )


def _format_table(name: str, lines: Iterable[str]) -> bytes:
    """A table with its heading, UTF-8, a line feed after every line."""
    return "\n".join([format_heading(name), *lines, ""]).encode()
