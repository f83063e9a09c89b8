"""What a student can choose from and how students choose: a few popular programmes, many ties, the rest scattered."""

from bisect import bisect
from collections import Counter
from dataclasses import dataclass
from random import Random
from uuid import UUID

from yangguang.models import Round
from yangguang.postgres.sql import fetch_all
from yangguang.rules.applicants.origins import Origin, StudyForm, may_choose
from yangguang.rules.plans.programme_types import ProgrammeType

_PROGRAMMES = """
SELECT l.id, p.school_id, l.programme_type, l.study_form, l.origins::text[], l.seats, s.parent_id, l.public_id
FROM yangguang_roundprogramme AS r
JOIN yangguang_programme AS l ON l.id = r.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_unit AS s ON s.id = p.school_id
WHERE r.round_id = %s ORDER BY l.code
"""

_SEATS_LEFT = """
SELECT r.programme_id, b.seats - b.taken FROM yangguang_roundprogramme AS r
JOIN yangguang_quota AS b ON b.programme_id = r.programme_id AND b.code = 'general' WHERE r.round_id = %s
"""


@dataclass(frozen=True, slots=True)
class ProgrammeOption:
    """One programme of a round as a student sees it: row ids, and the public id that a form posts."""

    programme: int
    school: int
    county: int
    public_id: UUID


@dataclass(slots=True)
class _Options:
    """The programmes open to one origin, with the running sum of their popularity."""

    programmes: list[ProgrammeOption]
    marks: list[float]


class RoundOptions:
    """The programmes of a round, by origin, with their popularity.

    Args:
        worker, workers: only every `workers`-th programme, beginning with number `worker`.
    """

    def __init__(self, round: Round, worker: int = 0, workers: int = 1) -> None:
        self.round = round
        self.seats_left: dict[int, int] = dict(fetch_all(_SEATS_LEFT, (round.pk,)))
        self._by_origin: dict[str, _Options] = {}
        for row in fetch_all(_PROGRAMMES, (round.pk,))[worker::workers]:
            programme, school, programme_type, form, origins, seats, county, public_id = row
            option = ProgrammeOption(programme, school, county, public_id)
            for origin in Origin:
                is_open = not origins or origin in origins
                if is_open and may_choose(origin, ProgrammeType(programme_type), StudyForm(form)):
                    self._add(origin, option, seats)

    def _add(self, origin: Origin, option: ProgrammeOption, seats: int) -> None:
        """Popularity grows with the seats and varies with the position in the list."""
        options = self._by_origin.setdefault(origin.value, _Options([], []))
        weight = (seats + 5) * (1 + (len(options.programmes) * 2654435761 % 97) / 12)
        options.programmes.append(option)
        options.marks.append(weight + (options.marks[-1] if options.marks else 0))

    def draw_choices(self, origin: str, county: int, rng: Random, *, scarce: bool = False) -> list[ProgrammeOption]:
        """An ordered list within the round's limits; schools of the own county a little more often.

        Args:
            county: row id of the student's county.
            scarce: begin with one of the programmes that have the fewest seats left.
        """
        options = self._by_origin.get(origin)
        if options is None:
            return []
        wanted = min(self.round.max_choices, 2 + int(rng.random() * 5), len(options.programmes))
        chosen = self._draw_scarce(options.programmes, rng) if scarce else []
        of_school = Counter(one.school for one in chosen)
        for _ in range(wanted * 6):
            one = options.programmes[bisect(options.marks, rng.random() * options.marks[-1])]
            if one in chosen or of_school[one.school] >= self.round.max_majors_per_school:
                continue
            if one.county != county and rng.random() < 0.15:
                continue
            chosen.append(one)
            of_school[one.school] += 1
            if len(chosen) == wanted:
                break
        return chosen

    def _draw_scarce(self, programmes: list[ProgrammeOption], rng: Random) -> list[ProgrammeOption]:
        few = sorted(
            (one for one in programmes if self.seats_left.get(one.programme)),
            key=lambda one: self.seats_left[one.programme],
        )
        return [few[int(rng.random() * min(3, len(few)))]] if few else []
