"""State transitions said once: the table gives the check, the buttons, the sentence and the database trigger."""

from collections.abc import Iterable
from dataclasses import dataclass

from yangguang.rules.base.refusals import IllegalMove


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow of a state diagram: from any of `froms` to `to`; `label` names the act in Chinese."""

    name: str
    froms: tuple[str, ...]
    to: str
    label: str


@dataclass(frozen=True)
class StateMachine:
    """All arrows of one thing. `states` maps each state to its Chinese name; the first is the initial state."""

    thing: str
    states: dict[str, str]
    table: tuple[Transition, ...]

    def __getitem__(self, name: str) -> Transition:
        return next(row for row in self.table if row.name == name)

    def next_state(self, name: str, state: str) -> str:
        """The state that transition `name` leads to from `state`.

        Raises:
            IllegalMove: the transition does not start there.
        """
        row = self[name]
        if state not in row.froms:
            starts = "、".join(self.states[start] for start in row.froms)
            raise IllegalMove(
                f"{self.thing}现在是“{self.states[state]}”，不能{row.label}",
                why=f"{row.label}要求处于“{starts}”",
                now="请刷新页面，查看最新状态",
            )
        return row.to

    def open_from(self, state: str) -> list[Transition]:
        """The transitions that start at `state`: the buttons of the page."""
        return [row for row in self.table if state in row.froms]

    @property
    def arrows(self) -> list[tuple[str, str]]:
        """Every allowed (old, new) pair, sorted: what the database trigger accepts."""
        return sorted({(start, row.to) for row in self.table for start in row.froms})


def render_states(states: Iterable[str]) -> str:
    """The states as a list for SQL: `('A', 'B')`, to stand after IN."""
    return "(" + ", ".join(f"'{state}'" for state in states) + ")"


def transition(name: str, *froms: str, to: str, label: str) -> Transition:
    return Transition(name, froms, to, label)


def state_machine(thing: str, states: dict[str, str], table: Iterable[Transition]) -> StateMachine:
    """Bind the arrows of `thing` together.

    Raises:
        ValueError: an arrow names an unknown state, or two arrows share a name.
    """
    rows = tuple(table)
    names = [row.name for row in rows]
    unknown = {state for row in rows for state in (*row.froms, row.to)} - set(states)
    if unknown or len(set(names)) != len(names):
        raise ValueError(f"{thing}: unknown states {unknown} or repeated names in {names}")
    return StateMachine(thing, states, rows)
