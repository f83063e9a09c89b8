"""What a student can choose from and how students choose: a few popular programmes, many ties, the rest scattered."""

from bisect import bisect
from collections import Counter
from itertools import accumulate
from random import Random

from yangguang import clock
from yangguang.models import Round
from yangguang.postgres.sql import Row, fetch_all
from yangguang.queries.applicants.origin_rules import origin_rules_of
from yangguang.rules.applicants.origins import Origin, OriginRule, StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType

_PROGRAMMES = """
SELECT l.id, l.public_id, p.school_id AS school, s.parent_id AS county, l.programme_type, l.study_form,
       l.origins::text[] AS origins, l.seats, b.seats - b.taken AS seats_left
FROM yangguang_roundprogramme AS r
JOIN yangguang_programme AS l ON l.id = r.programme_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_unit AS s ON s.id = p.school_id
LEFT JOIN yangguang_quota AS b ON b.programme_id = l.id AND b.code = 'general'
WHERE r.round_id = %s ORDER BY l.code
"""


class RoundOptions:
    """The programmes of a round, by origin, with their popularity.

    Args:
        round: row id.
        worker, workers: only every `workers`-th programme, beginning with number `worker`.
    """

    def __init__(self, round: int, worker: int = 0, workers: int = 1) -> None:
        self.round = Round.objects.select_related("season").get(pk=round)
        programmes = fetch_all(_PROGRAMMES, (round,))[worker::workers]
        self.seats_left: dict[int, int] = {one.id: one.seats_left for one in programmes}
        self._programmes: dict[Origin, list[Row]] = {}
        self._marks: dict[Origin, list[float]] = {}
        """The running sum of popularity, which grows with the seats and varies with the position in the list."""
        rules = origin_rules_of(self.round.season.year, self.round.opened_at or clock.now())
        for origin in Origin:
            options = self._programmes[origin] = [one for one in programmes if _is_open(one, rules[origin])]
            weights = ((one.seats + 5) * (1 + (at * 2654435761 % 97) / 12) for at, one in enumerate(options))
            self._marks[origin] = list(accumulate(weights))

    def draw_choices(self, origin: Origin, county: int, rng: Random, *, scarce: bool = False) -> list[Row]:
        """An ordered list within the round's limits; schools of the own county a little more often.

        Args:
            county: row id of the student's county.
            scarce: begin with one of the programmes that have the fewest seats left.
        Returns:
            programmes with `id`, `public_id`, `school` and `county`.
        """
        programmes, marks = self._programmes[origin], self._marks[origin]
        if not programmes:
            return []
        wanted = min(self.round.max_choices, 2 + int(rng.random() * 5), len(programmes))
        chosen = self._draw_scarce(programmes, rng) if scarce else []
        of_school = Counter(one.school for one in chosen)
        for _ in range(wanted * 6):
            one = programmes[bisect(marks, rng.random() * marks[-1])]
            if one in chosen or of_school[one.school] >= self.round.max_majors_per_school:
                continue
            if one.county != county and rng.random() < 0.15:
                continue
            chosen.append(one)
            of_school[one.school] += 1
            if len(chosen) == wanted:
                break
        return chosen

    def _draw_scarce(self, programmes: list[Row], rng: Random) -> list[Row]:
        free = [one for one in programmes if self.seats_left[one.id]]
        few = sorted(free, key=lambda one: self.seats_left[one.id])[:3]
        return [few[int(rng.random() * len(few))]] if few else []


def _is_open(programme: Row, rule: OriginRule) -> bool:
    by_type = rule.allows(ProgrammeType(programme.programme_type), StudyForm(programme.study_form))
    return by_type and (not programme.origins or rule.origin in programme.origins)
