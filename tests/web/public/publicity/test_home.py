"""The front page."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.support.builders.officers import at_desk, family_at
from tests.support.builders.public_season import PublicSeason
from yangguang import clock
from yangguang.models import Round, Window
from yangguang.rules.seasons.windows import WindowKind, format_spoken
from yangguang.web.kit.context import ELDER


def test_one_card_names_the_open_act_and_its_end(public_season: PublicSeason) -> None:
    window = public_season.personas.open(WindowKind.REGISTRATION, days=3)
    html = Client().get("/").content.decode()
    page = public_season.text("/")

    assert html.count("button--primary") == 1
    assert f"现在可以 报名 还剩3天 {format_spoken(window.closes_at, closing=True)}" in page
    assert "我要报名" in page
    assert "1 所学校，计划招 50 人" in page


@pytest.mark.parametrize(
    ("kind", "title", "act", "sentence"),
    [
        ("ranked", "填志愿", "去填志愿", "按志愿录取的批次，提交先后不影响录取"),
        ("direct", "注册", "去注册", "注册的批次，有名额的专业提交后当场确定"),
        ("supplementary_direct", "注册", "去注册", "注册的批次，有名额的专业提交后当场确定"),
    ],
)
def test_only_a_round_by_choices_promises_that_the_time_of_a_submission_does_not_matter(
    public_season: PublicSeason, kind: str, title: str, act: str, sentence: str
) -> None:
    season = public_season.personas.season
    window = public_season.personas.open(WindowKind.CHOICES, days=3)
    Window.objects.exclude(pk=window.pk).delete()
    window.round = Round.objects.create(season=season, number=9, name="某批次", kind=kind)
    window.save()
    card = Client().get("/").content.decode().split('class="todo"')[1].split("</section>")[0]

    assert f"<h1>{title}</h1>" in card
    assert act in card
    assert sentence in card
    assert ("不影响录取" in card) == (kind == "ranked")


def test_without_an_open_window_the_next_one_is_named_and_no_button_is_gold(public_season: PublicSeason) -> None:
    window = public_season.personas.open(WindowKind.REGISTRATION)
    Window.objects.exclude(pk=window.pk).delete()
    window.opens_at, window.closes_at = clock.now() + timedelta(days=2), clock.now() + timedelta(days=9)
    window.save()
    html = Client().get("/").content.decode()

    assert "button--primary" not in html
    assert "接下来：报名，" in html
    assert format_spoken(window.opens_at) in html


@pytest.mark.parametrize(
    ("days", "state", "note"), [((-9, -2), "is-done", "止"), ((-1, 5), "is-now", "到"), ((3, 8), "", "起")]
)
def test_the_season_is_a_line_with_the_present_step(
    public_season: PublicSeason, days: tuple[int, int], state: str, note: str
) -> None:
    window = public_season.personas.open(WindowKind.CHECK_IN)
    window.opens_at, window.closes_at = (clock.now() + timedelta(days=day) for day in days)
    window.save()
    html = Client().get("/").content.decode()
    step = next(part for part in html.split("<li")[1:] if "<span>报到</span>" in part)

    assert (f'class="{state}"' in step) == bool(state)
    assert note in step.split("<small>")[1]


@pytest.mark.parametrize(
    ("now", "later", "step"),
    [
        ("ranked", "direct", "填志愿"),
        ("direct", "ranked", "注册"),
        ("ranked", "ranked", "填志愿"),
        ("direct", "supplementary_direct", "注册"),
    ],
)
def test_the_step_of_choices_is_called_what_the_open_rounds_ask(
    public_season: PublicSeason, now: str, later: str, step: str
) -> None:
    Window.objects.all().delete()
    season = public_season.personas.season
    for number, (kind, opens) in enumerate(((now, -1), (later, 5)), 8):
        Window.objects.create(
            season=season,
            round=Round.objects.create(season=season, number=number, name=f"批次{number}", kind=kind),
            kind=WindowKind.CHOICES.value,
            opens_at=clock.now() + timedelta(days=opens),
            closes_at=clock.now() + timedelta(days=opens + 3),
        )
    line = public_season.get("/").content.decode().split('class="steps')[1].split("</ol>")[0]

    assert re.findall(r"<span>(.+?)</span>", line) == [step]


def test_staff_get_a_link_to_their_desk_and_families_to_registration(public_season: PublicSeason) -> None:
    for who, home in ((public_season.personas.ce, "/desk/"), (public_season.personas.teacher, "/school/")):
        page = at_desk(who).get("/").content.decode().split("<main")[1].split("</main>")[0]

        assert f'href="{home}"' in page
        assert "进入工作台" in page
        assert "我要报名" not in page
        assert "/login/?next=/me/" not in page
    family = family_at(public_season.personas.family().account or 0).get("/").content.decode()

    assert 'href="/me/"' in family
    assert "进入工作台" not in family


def test_the_page_for_elders_is_one_sentence_and_three_links(public_season: PublicSeason) -> None:
    window = public_season.personas.open(WindowKind.REGISTRATION, days=3)
    reader = Client()
    reader.cookies[ELDER] = "1"
    html = reader.get("/").content.decode()
    main = html.split("<main")[1].split("</main>")[0]

    assert main.count('class="entrance') - main.count('class="entrances') - main.count('class="entrance-') == 3
    assert format_spoken(window.closes_at, closing=True) in main
    assert "data-read-aloud" in main
    assert "<table" not in main
