"""Windows are set by two people; one that has begun keeps its beginning and its change is announced."""

from datetime import timedelta

import pytest

from tests.support.clients import approve_by_two
from tests.support.personas import Personas as Personas
from yangguang import clock
from yangguang.actions.base.dual_approval import AwaitingSecond
from yangguang.actions.seasons.windows import set_window
from yangguang.models import Notice, Round, Season, Window
from yangguang.rules.base.refusals import Denied, Refused
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


def set_to(personas: Personas, opens: int | None, closes: int | None, **more: object) -> Window:
    """Set the registration window, in days from now, by two people."""
    now = clock.now()
    asked = {
        "season": personas.season,
        "round": None,
        "kind": WindowKind.REGISTRATION,
        "source": "测试通知",
        "opens_at": None if opens is None else now + timedelta(days=opens),
        "closes_at": None if closes is None else now + timedelta(days=closes),
    }
    return approve_by_two(personas.pe1, personas.pe2, set_window, **(asked | more))


def test_one_person_alone_sets_nothing(personas: Personas) -> None:
    first = personas.pe1.sign(
        set_window, season=personas.season, round=None, kind=WindowKind.ANSWER, opens_at=None, closes_at=None, source=""
    )

    assert isinstance(first, AwaitingSecond)
    assert Window.objects.count() == 0
    with pytest.raises(Denied):
        personas.me.sign(
            set_window,
            season=personas.season,
            round=None,
            kind=WindowKind.ANSWER,
            opens_at=None,
            closes_at=None,
            source="",
        )


def test_a_coming_window_is_set_and_moved_without_a_notice(personas: Personas) -> None:
    window = set_to(personas, 1, 5)

    assert (window.version, Window.objects.count()) == (1, 1)
    moved = set_to(personas, 2, 9)

    assert (moved.pk, moved.version) == (window.pk, 2)
    assert Notice.objects.count() == 0


def test_setting_the_same_dates_again_changes_nothing(personas: Personas) -> None:
    window = set_to(personas, 1, 5)
    again = set_to(personas, 1, 5, opens_at=window.opens_at, closes_at=window.closes_at)

    assert again.version == 1


def test_a_missing_end_is_to_be_announced(personas: Personas) -> None:
    window = set_to(personas, None, 9)
    assert window.opens_at is None


def test_extending_a_running_window_announces_itself(personas: Personas) -> None:
    window = set_to(personas, -1, 5)
    set_to(personas, 0, 9, opens_at=window.opens_at)
    notice = Notice.objects.get()

    assert notice.unit == personas.province
    assert notice.title == f"{personas.season}报名时间调整"
    assert notice.published_at == clock.now()


@pytest.mark.parametrize(
    ("opens", "closes", "sentence"),
    [
        (-2, 5, "不能改动开始时间"),
        (None, 5, "不能改动开始时间"),
        ("same", -0.5, "不能改到过去"),
        ("same", None, "待定"),
    ],
)
def test_a_running_window_is_not_changed_backwards(
    personas: Personas, opens: object, closes: float | None, sentence: str
) -> None:
    window = set_to(personas, -1, 5)
    more = {"opens_at": window.opens_at} if opens == "same" else {}
    with pytest.raises(Refused, match=sentence):
        set_to(personas, None if opens == "same" else opens, closes, **more)  # type: ignore[arg-type]

    assert Window.objects.get().version == 1
    assert Notice.objects.count() == 0


def test_an_end_before_the_beginning_and_a_round_of_another_season_are_refused(personas: Personas) -> None:
    with pytest.raises(Refused, match="不晚于开始时间"):
        set_to(personas, 5, 5)
    other = Season.objects.create(year=2001, term="SPRING")
    round = Round.objects.create(season=other, number=1, name="别季批次", kind="ranked")
    with pytest.raises(Refused, match="不属于"):
        set_to(personas, 1, 5, round=round)

    assert Window.objects.count() == 0
