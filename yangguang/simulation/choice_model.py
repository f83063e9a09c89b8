"""What a player can choose from, and how players choose: a few popular lines, many ties, the rest scattered."""

from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from uuid import UUID

from yangguang.models import Round
from yangguang.queries.rows import fetch_all
from yangguang.rules.applicants.origins import Origin, StudyForm, may_choose
from yangguang.rules.plans.programme_types import Pattern

_LINES = """
SELECT l.id, p.school_id, l.pattern, l.study_form, l.origins::text[], l.seats, s.parent_id, l.public_id
FROM yangguang_roundline AS r
JOIN yangguang_planline AS l ON l.id = r.plan_line_id
JOIN yangguang_plan AS p ON p.id = l.plan_id
JOIN yangguang_unit AS s ON s.id = p.school_id
WHERE r.round_id = %s ORDER BY l.code
"""

_LEFT = """
SELECT r.plan_line_id, b.seats - b.taken FROM yangguang_roundline AS r
JOIN yangguang_planbucket AS b ON b.plan_line_id = r.plan_line_id AND b.code = 'general' WHERE r.round_id = %s
"""


@dataclass(frozen=True, slots=True)
class Offered:
    """One line of a round as a player sees it."""

    line: int
    school: int
    area: int
    public_id: UUID


class Offer:
    """The lines of a round, by origin, with their popularity.

    Args:
        mine, of: only every `of`-th line, beginning with `mine`.
    """

    def __init__(self, round: Round, mine: int = 0, of: int = 1) -> None:
        self.round = round
        self.left = dict(fetch_all(_LEFT, (round.pk,)))
        self._by_origin: dict[str, tuple[list[Offered], list[float]]] = {}
        lines: dict[str, list[tuple[Offered, float]]] = defaultdict(list)
        for line, school, pattern, form, origins, seats, area, public_id in fetch_all(_LINES, (round.pk,))[
            mine::of
        ]:
            for origin in Origin:
                if (not origins or origin in origins) and may_choose(
                    origin, Pattern(pattern), StudyForm(form)
                ):
                    # Popularity by place in the list: the first line of a school draws most, big lines draw more.
                    weight = (seats + 5) * (1 + (len(lines[origin.value]) * 2654435761 % 97) / 12)
                    lines[origin.value].append((Offered(line, school, area, public_id), weight))
        for code, pairs in lines.items():
            self._by_origin[code] = ([one for one, _ in pairs], list(accumulate(w for _, w in pairs)))

    def picks(self, origin: str, home: int, rng: Random, *, scarce: bool = False) -> list[Offered]:
        """An ordered list within the round's limits; neighbours' schools a little more often.

        Args:
            scarce: begin with one of the lines that have the fewest seats left.
        """
        offered, marks = self._by_origin.get(origin, ([], []))
        if not offered:
            return []
        wanted = min(self.round.max_choices, 2 + int(rng.random() * 5), len(offered))
        chosen: list[Offered] = []
        of_school: dict[int, int] = defaultdict(int)
        if scarce:
            few = sorted(
                (one for one in offered if self.left.get(one.line)), key=lambda one: self.left[one.line]
            )
            chosen += [few[int(rng.random() * min(3, len(few)))]] if few else []
            of_school.update((one.school, 1) for one in chosen)
        for _ in range(wanted * 6):
            one = offered[bisect(marks, rng.random() * marks[-1])]
            if one in chosen or of_school[one.school] >= self.round.max_majors_per_school:
                continue
            if one.area != home and rng.random() < 0.15:
                continue
            chosen.append(one)
            of_school[one.school] += 1
            if len(chosen) == wanted:
                break
        return chosen
