"""The reference matching at growing sizes: printed for the reader, checked for its result, never timed."""

import random
from time import perf_counter

from tests.rules.runs.rows import person, plain
from yangguang.rules.runs.ranked_round import match_round


def test_growth_is_printed_and_every_size_is_fully_placed() -> None:
    for size in (1_000, 2_000, 4_000):
        chance = random.Random(size)
        people = [person(f"{i:06d}", chance.randrange(600), *chance.sample(range(1, 21), 6)) for i in range(size)]
        began = perf_counter()
        outcome = match_round(people, [plain(programme, size // 40) for programme in range(1, 21)])
        print(f"{size} applicants × 6: {(perf_counter() - began) / size * 1e6:.1f} µs each")
        assert sum(cut.admitted for cut in outcome.cutoffs) == size // 40 * 20
