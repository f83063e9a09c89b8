"""What may be disclosed of each programme of a published run, on pages, in files and in the bundle. (decision 0022)

Seats and persons of dedicated classes are left out everywhere, or one public table less another would tell them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from yangguang.postgres.sql import fetch_all
from yangguang.rules.disclosure.anonymity import Suppression, suppress_small

UNTOLD = """bool_or(b.code = 'dedicated' AND (b.flows_to <> '' OR r.max_choices = 1))"""
"""A programme of which only its seats are told.

Seats of a dedicated class that flow would tell how many of its pupils came. Where everybody has one choice, nobody
is missing in a programme's places but such pupils.
"""
OPEN_SEATS = "max(o.seats - o.dedicated)"
_PROGRAMMES = f"""
SELECT run.id, l.code, {OPEN_SEATS}, sum(c.admitted) FILTER (WHERE b.code <> 'dedicated')::int, {UNTOLD},
       coalesce(run.report->'held_back' ? l.code, false)
FROM yangguang_cutoff AS c
JOIN yangguang_quota AS b ON b.id = c.quota_id
JOIN yangguang_programme AS l ON l.id = c.programme_id
JOIN yangguang_admissionrun AS run ON run.id = c.run_id
JOIN yangguang_round AS r ON r.id = run.round_id
JOIN yangguang_roundprogramme AS o ON o.round_id = r.id AND o.programme_id = l.id
WHERE run.id = ANY(%s) GROUP BY run.id, l.code HAVING {OPEN_SEATS} > 0
"""


@dataclass(slots=True)
class ToldProgrammes:
    """The programmes of one run by code; those with seats of a dedicated class only are not among them.

    Args:
        seats, admitted: of the programmes that are counted, in persons, without dedicated classes.
        held_back: under review; untold: counted nowhere.
    """

    small: int
    seats: dict[str, int] = field(default_factory=dict)
    admitted: dict[str, int] = field(default_factory=dict)
    held_back: set[str] = field(default_factory=set)
    untold: set[str] = field(default_factory=set)

    def hidden(self) -> Suppression:
        """What of the counted programmes is not shown."""
        return suppress_small(self.admitted, self.seats, self.small)

    def placed(self) -> int | None:
        """Persons placed on all counted programmes, None where that is few or leads to few."""
        placed = sum(self.admitted.values())
        return placed if placed >= self.small and self.hidden().has_total else None


def told_programmes(runs: Iterable[int], small: int) -> dict[int, ToldProgrammes]:
    """The programmes of these runs (row ids); one query.

    Args:
        small: counts of persons below it are not shown.
    """
    found: dict[int, ToldProgrammes] = defaultdict(lambda: ToldProgrammes(small))
    for run, code, seats, admitted, is_untold, is_held_back in fetch_all(_PROGRAMMES, (list(runs),)):
        programmes = found[run]
        if is_held_back:
            programmes.held_back.add(code)
        elif is_untold:
            programmes.untold.add(code)
        else:
            programmes.seats[code], programmes.admitted[code] = seats, admitted
    return found
