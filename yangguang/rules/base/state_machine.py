"""State moves said once: the table gives the check, the buttons, the sentence and the database trigger."""

from collections.abc import Iterable
from dataclasses import dataclass

from yangguang.rules.base.refusals import IllegalMove


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow of a state diagram: from any of `froms` to `to`, said as `says`."""

    name: str
    froms: tuple[str, ...]
    to: str
    says: str


@dataclass(frozen=True)
class StateMachine:
    """All arrows of one thing. `states` maps each state to its Chinese name; rows are born in the first."""

    thing: str
    states: dict[str, str]
    table: tuple[Transition, ...]

    @property
    def born(self) -> str:
        return next(iter(self.states))

    def __getitem__(self, name: str) -> Transition:
        return next(move for move in self.table if move.name == name)

    def next_state(self, name: str, state: str) -> str:
        """The state that move `name` leads to from `state`.

        Raises:
            IllegalMove: when the move does not start there.
        """
        move = self[name]
        if state not in move.froms:
            starts = "、".join(self.states[s] for s in move.froms)
            raise IllegalMove(
                f"{self.thing}现在是“{self.states[state]}”，不能{move.says}",
                why=f"{move.says}要求处于“{starts}”",
                now="请刷新页面，查看最新状态",
            )
        return move.to

    def open_from(self, state: str) -> list[Transition]:
        """The moves that start at `state`: the buttons of the page."""
        return [move for move in self.table if state in move.froms]

    @property
    def arrows(self) -> list[tuple[str, str]]:
        """Every allowed (old, new) pair, sorted: what the database trigger lets through."""
        return sorted({(start, move.to) for move in self.table for start in move.froms})


def render_states(states: Iterable[str]) -> str:
    """The states as a list for SQL: `('A', 'B')`, to stand after IN."""
    return "(" + ", ".join(f"'{state}'" for state in states) + ")"


def transition(name: str, *froms: str, to: str, says: str) -> Transition:
    return Transition(name, froms, to, says)


def state_machine(thing: str, states: dict[str, str], table: Iterable[Transition]) -> StateMachine:
    """Bind the arrows of `thing` together.

    Raises:
        ValueError: when an arrow names an unknown state or two arrows share a name.
    """
    rows = tuple(table)
    names = [row.name for row in rows]
    unknown = {s for row in rows for s in (*row.froms, row.to)} - set(states)
    if unknown or len(set(names)) != len(names):
        raise ValueError(f"{thing}: unknown states {unknown} or repeated names in {names}")
    return StateMachine(thing, states, rows)
