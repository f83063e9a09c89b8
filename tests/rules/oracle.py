"""The admission rules by brute force, for small instances: written from the sentences, not from the program.

What a programme does with the people who ask is one plain function, `choose`. A result is stable when every programme
would choose exactly those it has out of all who would rather be there. `stable_results` tries every way of
seating people, so it needs no argument about algorithms at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from hypothesis import strategies as st

from yangguang.rules.plans.quotas import Mode, ProgrammeSeats, Quota, Tie
from yangguang.rules.runs.matching_types import Applicant, Choice

Result = dict[str, tuple[int, str] | None]
"""Number to (programme, quota), or None."""


def seats_after_cap(programme: ProgrammeSeats) -> dict[str, int]:
    """Own seats of each quota: with a cap, the first quotas get their seats and the last go short."""
    left = programme.seats if programme.cap is None else programme.cap
    own = {}
    for quota in sorted(programme.quotas, key=lambda quota: quota.priority):
        own[quota.code] = min(quota.seats, left)
        left -= own[quota.code]
    return own


def choose(programme: ProgrammeSeats, asking: Mapping[str, Choice]) -> tuple[dict[str, str], dict[str, int]]:
    """Whom the programme takes out of all who ask (number to quota), and each quota's seats after the flow."""
    seats = seats_after_cap(programme)
    taken: dict[str, str] = {}
    for quota in sorted(programme.quotas, key=lambda quota: quota.priority):
        here = {n: choice for n, choice in asking.items() if n not in taken and quota.code in choice.quotas}
        room = seats[quota.code]
        own = seats_after_cap(programme)[quota.code]
        if quota.tie is Tie.ALL_WAIT:
            let_in = [n for n, choice in here.items() if sum(o.score >= choice.score for o in here.values()) <= room]
        else:
            order = sorted(here, key=lambda n: (*(-point for point in here[n].score), here[n].lottery))
            let_in = order[:room]
        taken.update(dict.fromkeys(let_in, quota.code))
        if quota.flows_to is not None and len(here) < own:
            seats[quota.flows_to] += own - len(here)
            seats[quota.code] -= own - len(here)
    return taken, seats


def asking_for(programme: int, applicants: Sequence[Applicant], at: Mapping[str, int | None]) -> dict[str, Choice]:
    """All who may be ranked at the programme and have nothing they like better; `at` maps number to own programme."""
    asking = {}
    for number, choices in applicants:
        for choice in choices:
            if choice.programme == programme and choice.barred is None:
                asking[number] = choice
            if choice.programme == at[number]:
                break
    return asking


def is_stable(
    applicants: Sequence[Applicant], programmes: Sequence[ProgrammeSeats], at: Mapping[str, int | None]
) -> bool:
    return all(
        choose(programme, asking_for(programme.programme, applicants, at))[0].keys()
        == {number for number, own in at.items() if own == programme.programme}
        for programme in programmes
    )


def stable_results(applicants: Sequence[Applicant], programmes: Sequence[ProgrammeSeats]) -> Iterator[Result]:
    """Every stable way of seating people."""
    choices = [[None, *(choice.programme for choice in choices if choice.barred is None)] for _, choices in applicants]
    for seated in product(*choices):
        at = {applicant.number: programme for applicant, programme in zip(applicants, seated, strict=True)}
        if is_stable(applicants, programmes, at):
            quotas: Result = dict.fromkeys(at)
            for programme in programmes:
                for number, quota in choose(programme, asking_for(programme.programme, applicants, at))[0].items():
                    quotas[number] = (programme.programme, quota)
            yield quotas


def rank_of(applicant: Applicant, seat: tuple[int, str] | None) -> int:
    """How good a seat is for the applicant: 0 is the first choice, no seat comes last."""
    order = [choice.programme for choice in applicant.choices]
    return len(order) if seat is None else order.index(seat[0])


GROUPS = {
    "general": (frozenset({"普通"}), frozenset({"普通", "调剂"})),
    "local": (frozenset({"本市", "普通"}), frozenset({"本市"}), frozenset({"本市", "普通", "调剂"})),
    "outside": (frozenset({"省外"}),),
    "special": (frozenset({"特教"}),),
}
"""Kinds of seats each group of people is eligible for. The last two groups are confined to their own."""


@st.composite
def programmes(draw: st.DrawFn, ties: Sequence[Tie] = tuple(Tie), count: int = 3) -> list[ProgrammeSeats]:
    """1 to `count` programmes; their quotas come in any order, with any flow that is allowed."""
    found = []
    for programme in range(draw(st.integers(1, count))):
        modes = {
            "本市": Mode.AT_LEAST,
            "省外": Mode.AT_MOST,
            "特教": Mode.EXACTLY,
            "普通": Mode.AT_LEAST,
            "调剂": Mode.AT_LEAST,
        }
        codes = draw(st.permutations([*draw(st.sets(st.sampled_from(list(modes)), max_size=3)), "普通"]))
        order = list(dict.fromkeys(codes))
        quotas = []
        for i, code in enumerate(order):
            takers = [None, *(later for later in order[i + 1 :] if modes[later] is Mode.AT_LEAST)]
            flows_to = None if modes[code] is Mode.EXACTLY else draw(st.sampled_from(takers))
            seats = draw(st.integers(0, 2))
            quotas.append(Quota(code, seats, modes[code], i * 10, flows_to, draw(st.sampled_from(ties))))
        cap = draw(st.none() | st.integers(0, 4))
        found.append(ProgrammeSeats(programme, tuple(draw(st.permutations(quotas))), cap))
    return found


@st.composite
def instances(
    draw: st.DrawFn, ties: Sequence[Tie] = tuple(Tie), people: int = 5, count: int = 3
) -> tuple[list[Applicant], list[ProgrammeSeats]]:
    """A few people and programmes with many equal scores; everyone's draw differs."""
    seats = draw(programmes(ties, count))
    draws = draw(st.permutations(range(people)))
    applicants = []
    for i in range(draw(st.integers(1, people))):
        group = draw(st.sampled_from(["general", "local", "local", "outside", "special"]))
        score = draw(st.sampled_from([(1, 0), (1, 0), (1, 1), (2, 0)]))
        order = draw(st.permutations([programme.programme for programme in seats]))
        choices = tuple(
            Choice(
                programme,
                score,
                f"{draws[i]:02x}",
                draw(st.sampled_from(GROUPS[group])),
                draw(st.sampled_from([None] * 7 + ["origin"])),
            )
            for programme in order[: draw(st.integers(0, len(order)))]
        )
        applicants.append(Applicant(f"N{i}", choices))
    return applicants, seats
