"""What may be disclosed of each programme of a published run, on pages, in files and in the bundle. (decision 0022)

Seats and persons of dedicated classes are left out everywhere, or one public table less another would disclose them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from yangguang.postgres.sql import fetch_all
from yangguang.rules.disclosure.anonymity import Suppression, suppress_small

SEATS_ONLY = "bool_or(b.code = 'dedicated' AND (b.flows_to <> '' OR r.max_choices = 1))"
"""A programme of which only the seats are disclosed.

Seats of a dedicated class that flow would show how many of its pupils came. Where every applicant has one choice, only
such pupils are missing in a programme's places.
"""
OPEN_SEATS = "max(o.seats - o.dedicated)"
_PROGRAMMES = f"""
SELECT run.id AS run, l.code, {OPEN_SEATS} AS seats, {SEATS_ONLY} AS is_seats_only,
       sum(c.admitted) FILTER (WHERE b.code <> 'dedicated')::int AS admitted,
       coalesce(run.report->'held_back' ? l.code, false) AS is_withheld
FROM yangguang_cutoff AS c
JOIN yangguang_quota AS b ON b.id = c.quota_id
JOIN yangguang_programme AS l ON l.id = c.programme_id
JOIN yangguang_admissionrun AS run ON run.id = c.run_id
JOIN yangguang_round AS r ON r.id = run.round_id
JOIN yangguang_roundprogramme AS o ON o.round_id = r.id AND o.programme_id = l.id
WHERE run.id = ANY(%s) GROUP BY run.id, l.code HAVING {OPEN_SEATS} > 0
"""


@dataclass(slots=True)
class DisclosureLimits:
    """The programmes of one run by code; those with seats of a dedicated class only are not among them.

    Args:
        small: counts of persons below it are not displayed.
        seats, admitted: of the programmes that are counted, in persons, without dedicated classes.
        withheld: under review; seats_only: counted nowhere.
    """

    small: int
    seats: dict[str, int] = field(default_factory=dict)
    admitted: dict[str, int] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    seats_only: set[str] = field(default_factory=set)

    def suppress(self) -> Suppression:
        """What of the counted programmes is not displayed."""
        return suppress_small(self.admitted, self.seats, self.small)

    def count_placed(self) -> int | None:
        """Persons placed on all counted programmes, None where that is few or leads to few."""
        placed = sum(self.admitted.values())
        return placed if placed >= self.small and self.suppress().has_total else None


def load_disclosure_limits(runs: Iterable[int], small: int) -> dict[int, DisclosureLimits]:
    """The limits of these runs (row ids); one query."""
    limits: dict[int, DisclosureLimits] = defaultdict(lambda: DisclosureLimits(small))
    for row in fetch_all(_PROGRAMMES, (list(runs),)):
        run = limits[row.run]
        if row.is_withheld:
            run.withheld.add(row.code)
        elif row.is_seats_only:
            run.seats_only.add(row.code)
        else:
            run.seats[row.code], run.admitted[row.code] = row.seats, row.admitted
    return limits
