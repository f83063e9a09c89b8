"""The quotas of all programmes as columns, numbered by programme and priority."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from yangguang.engine.problem import Bits, Ints, Shorts
from yangguang.rules.plans.quotas import ProgrammeSeats
from yangguang.rules.runs.matching import ProgrammeState
from yangguang.rules.runs.ranking import sort_programmes, start_programme


class QuotaTable:
    """P programmes with Q quotas in all.

    Attributes:
        code: the code of each quota; `programme`: int64[Q], its programme from 0.
        first: int64[P+1]; the quotas of programme p are first[p] … first[p+1]−1.
        seats, taker, ties_wait: as `Problem` has them.
    """

    def __init__(self, programmes: Iterable[ProgrammeState]) -> None:
        rows = [programme.quotas for programme in programmes]
        quotas = [quota for row in rows for quota in row]
        sizes = [len(row) for row in rows]
        self.code = [quota.code for quota in quotas]
        self.programme: Ints = np.repeat(np.arange(len(rows), dtype=np.int64), sizes)
        self.first: Ints = np.cumsum([0, *sizes], dtype=np.int64)
        self.seats: Shorts = np.array([quota.seats for quota in quotas], np.int32)
        self.ties_wait: Bits = np.array([quota.ties_wait for quota in quotas], np.bool_)
        number = self.numbers
        self.taker: Shorts = np.array(
            [number.get((p, quota.flows_to), -1) for p, row in enumerate(rows) for quota in row], np.int32
        )

    @classmethod
    def from_seats(cls, programmes: Sequence[ProgrammeSeats]) -> "QuotaTable":
        """The quotas of the programmes of a round, which must be in ascending order.

        Raises:
            Refused: see `ranking.sort_programmes`.
        """
        return cls(map(start_programme, sort_programmes(programmes)))

    @cached_property
    def numbers(self) -> dict[tuple[int, str], int]:
        """(Programme from 0, code) to the number of the quota."""
        return {key: q for q, key in enumerate(zip(self.programme.tolist(), self.code, strict=True))}

    @property
    def uses_lottery(self) -> Bits:
        """bool[P]; whether a quota of the programme breaks ties by lottery."""
        uses = np.zeros(len(self.first) - 1, np.bool_)
        uses[self.programme[~self.ties_wait]] = True
        return uses
