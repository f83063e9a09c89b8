"""Who may be ranked at a programme and through which kind of seats, and how a school's cap falls on its programmes.

S23-1.05, S24-2.04, S24-4.05, R4.02, R7.04.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from yangguang.rules.applicants.origins import Origin, OriginRules, StudyForm
from yangguang.rules.plans.programme_types import ProgrammeType
from yangguang.rules.plans.programmes import QuotaKind
from yangguang.rules.runs.matching_types import Barred

ORDINARY = (QuotaKind.GENERAL.value,)
DEDICATED = (QuotaKind.DEDICATED_CLASS.value,)


@dataclass(frozen=True, slots=True)
class Gate:
    """The conditions of a programme; `origins` empty means all that its programme type and form allow.

    Args:
        rules: what each origin may choose by the rule rows of the round.
    """

    programme_type: ProgrammeType
    study_form: StudyForm
    origins: frozenset[str]
    stopped: bool
    rules: OriginRules


def list_open_kinds(*, dedicated_class: bool) -> tuple[str, ...]:
    """The kinds of seats an applicant may be admitted to; a pupil of a dedicated class only to its own. (P10)"""
    return DEDICATED if dedicated_class else ORDINARY


def find_bar(gate: Gate, origin: Origin, round_origins: Collection[str] = ()) -> Barred | None:
    """Why a person of `origin` may not be ranked at the programme, or None.

    Args:
        round_origins: who may join the round; empty means everyone.
    """
    if gate.stopped:
        return Barred.STOPPED
    if round_origins and origin not in round_origins:
        return Barred.ORIGIN
    if gate.origins and origin not in gate.origins:
        return Barred.ORIGIN
    rule = gate.rules[origin]
    if rule.allows(gate.programme_type, gate.study_form):
        return None
    full_time = rule.allows(gate.programme_type, StudyForm.FULL_TIME)
    return Barred.STUDY_FORM if full_time else Barred.ORIGIN


def share_cap(cap: int, seats: Mapping[str, int]) -> dict[str, int]:
    """Share a school's cap over its programmes by their seats, largest remainder first, then by code. Our decision.

    Args:
        cap: most persons over all programmes; seats: programme code to free seats.
    Returns:
        programme code to most persons; their sum is min(cap, all seats), and none is above its own seats.
    """
    total = sum(seats.values())
    if cap >= total:
        return dict(seats)
    shares = {code: cap * own // total for code, own in seats.items()}
    rest = cap - sum(shares.values())
    for code in sorted(seats, key=lambda code: (-(cap * seats[code] % total), code))[:rest]:
        shares[code] += 1
    return shares
