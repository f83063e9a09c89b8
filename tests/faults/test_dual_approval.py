"""Two officers sign the same new act at the same second: the later is the second person, and nothing breaks. (T3.21)"""

from typing import Any

import pytest

from tests.support.builders.crowd import at_once
from tests.support.personas import Personas
from yangguang.actions.base import dual_approval
from yangguang.actions.base.dual_approval import AwaitingSecond, Done
from yangguang.actions.seasons import windows
from yangguang.models import Proposal, Window
from yangguang.rules.seasons.windows import WindowKind

TRIES = 8


def sign_together(personas: Personas) -> list[Any]:
    """Both officers set each of some new windows, each pair at once."""
    outcomes: list[Any] = []
    for n in range(TRIES):
        arguments: dict[str, Any] = {
            "season": personas.season,
            "round": None,
            "kind": WindowKind.CHOICES,
            "opens_at": None,
            "closes_at": None,
            "source": f"文件{n}",
        }
        officers = (personas.pe1, personas.pe2)
        acts = [lambda who=who: who.sign(windows.set_window, **arguments) for who in officers]  # noqa: B023
        outcomes += at_once(acts, 2)
    return outcomes


def test_of_two_who_sign_at_once_the_later_is_the_second_person(personas: Personas) -> None:
    outcomes = sign_together(personas)

    assert [type(one) for one in outcomes if not isinstance(one, AwaitingSecond | Done)] == []
    assert sum(isinstance(one, Done) for one in outcomes) == TRIES
    assert Proposal.objects.filter(done_at=None).count() == 0
    assert Window.objects.count() == 1


def test_without_the_lock_the_later_one_fails(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dual_approval, "take_lock", lambda *_: None)

    assert any(not isinstance(one, AwaitingSecond | Done) for one in sign_together(personas))
