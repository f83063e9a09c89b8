"""The admission rules by brute force, for small instances: written from the sentences, not from the program.

What a line does with the people who ask is one plain function, `choose`. A result is stable when every line
would choose exactly those it has out of all who would rather be there. `stable_results` tries every way of
seating people, so it needs no argument about algorithms at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from hypothesis import strategies as st

from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.matching_types import Applicant, Choice

Result = dict[str, tuple[int, str] | None]
"""Number to (line, bucket), or None."""


def seats_after_cap(line: ProgrammeSeats) -> dict[str, int]:
    """Own seats of each bucket: with a cap, the first buckets get theirs and the last go short."""
    left = line.seats if line.cap is None else line.cap
    own = {}
    for bucket in sorted(line.buckets, key=lambda bucket: bucket.priority):
        own[bucket.code] = min(bucket.seats, left)
        left -= own[bucket.code]
    return own


def choose(line: ProgrammeSeats, asking: Mapping[str, Choice]) -> tuple[dict[str, str], dict[str, int]]:
    """Whom the line takes out of all who ask (number to bucket), and each bucket's seats after the flow."""
    seats = seats_after_cap(line)
    taken: dict[str, str] = {}
    for bucket in sorted(line.buckets, key=lambda bucket: bucket.priority):
        here = {n: wish for n, wish in asking.items() if n not in taken and bucket.code in wish.buckets}
        room = seats[bucket.code]
        own = seats_after_cap(line)[bucket.code]
        if bucket.tie is Tie.ALL_WAIT:
            let_in = [
                n for n, wish in here.items() if sum(o.score >= wish.score for o in here.values()) <= room
            ]
        else:
            order = sorted(here, key=lambda n: (*(-point for point in here[n].score), here[n].lottery))
            let_in = order[:room]
        taken.update(dict.fromkeys(let_in, bucket.code))
        if bucket.flows_to is not None and len(here) < own:
            seats[bucket.flows_to] += own - len(here)
            seats[bucket.code] -= own - len(here)
    return taken, seats


def asking_for(line: int, applicants: Sequence[Applicant], at: Mapping[str, int | None]) -> dict[str, Choice]:
    """All who may be ranked at the line and have nothing they like better; `at` maps number to own line."""
    asking = {}
    for number, wishes in applicants:
        for wish in wishes:
            if wish.line == line and wish.barred is None:
                asking[number] = wish
            if wish.line == at[number]:
                break
    return asking


def is_stable(
    applicants: Sequence[Applicant], lines: Sequence[ProgrammeSeats], at: Mapping[str, int | None]
) -> bool:
    return all(
        choose(line, asking_for(line.line, applicants, at))[0].keys()
        == {number for number, own in at.items() if own == line.line}
        for line in lines
    )


def stable_results(applicants: Sequence[Applicant], lines: Sequence[ProgrammeSeats]) -> Iterator[Result]:
    """Every stable way of seating people."""
    choices = [[None, *(wish.line for wish in wishes if wish.barred is None)] for _, wishes in applicants]
    for seated in product(*choices):
        at = {applicant.number: line for applicant, line in zip(applicants, seated, strict=True)}
        if is_stable(applicants, lines, at):
            buckets: Result = dict.fromkeys(at)
            for line in lines:
                for number, bucket in choose(line, asking_for(line.line, applicants, at))[0].items():
                    buckets[number] = (line.line, bucket)
            yield buckets


def rank_of(applicant: Applicant, seat: tuple[int, str] | None) -> int:
    """How good a seat is for the applicant: 0 is the first choice, no seat comes last."""
    order = [wish.line for wish in applicant.wishes]
    return len(order) if seat is None else order.index(seat[0])


GROUPS = {
    "general": (frozenset({"普通"}), frozenset({"普通", "调剂"})),
    "local": (frozenset({"本市", "普通"}), frozenset({"本市"}), frozenset({"本市", "普通", "调剂"})),
    "outside": (frozenset({"省外"}),),
    "special": (frozenset({"特教"}),),
}
"""Kinds of seats each group of people is eligible for. The last two groups are confined to their own."""


@st.composite
def lines(draw: st.DrawFn, ties: Sequence[Tie] = tuple(Tie), count: int = 3) -> list[ProgrammeSeats]:
    """1 to `count` lines; their buckets come in any order, with any flow that is allowed."""
    found = []
    for line in range(draw(st.integers(1, count))):
        modes = {
            "本市": Mode.AT_LEAST,
            "省外": Mode.AT_MOST,
            "特教": Mode.EXACTLY,
            "普通": Mode.AT_LEAST,
            "调剂": Mode.AT_LEAST,
        }
        codes = draw(st.permutations([*draw(st.sets(st.sampled_from(list(modes)), max_size=3)), "普通"]))
        order = list(dict.fromkeys(codes))
        buckets = []
        for i, code in enumerate(order):
            takers = [None, *(later for later in order[i + 1 :] if modes[later] is Mode.AT_LEAST)]
            flows_to = None if modes[code] is Mode.EXACTLY else draw(st.sampled_from(takers))
            seats = draw(st.integers(0, 2))
            buckets.append(Quota(code, seats, modes[code], i * 10, flows_to, draw(st.sampled_from(ties))))
        cap = draw(st.none() | st.integers(0, 4))
        found.append(ProgrammeSeats(line, tuple(draw(st.permutations(buckets))), cap))
    return found


@st.composite
def instances(
    draw: st.DrawFn, ties: Sequence[Tie] = tuple(Tie), people: int = 5, count: int = 3
) -> tuple[list[Applicant], list[ProgrammeSeats]]:
    """A few people and lines with many equal scores; everyone's draw differs."""
    seats = draw(lines(ties, count))
    draws = draw(st.permutations(range(people)))
    applicants = []
    for i in range(draw(st.integers(1, people))):
        group = draw(st.sampled_from(["general", "local", "local", "outside", "special"]))
        score = draw(st.sampled_from([(1, 0), (1, 0), (1, 1), (2, 0)]))
        order = draw(st.permutations([line.line for line in seats]))
        wishes = tuple(
            Choice(
                line,
                score,
                f"{draws[i]:02x}",
                draw(st.sampled_from(GROUPS[group])),
                draw(st.sampled_from([None] * 7 + ["origin"])),
            )
            for line in order[: draw(st.integers(0, len(order)))]
        )
        applicants.append(Applicant(f"N{i}", wishes))
    return applicants, seats
