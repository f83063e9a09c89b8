"""A run on the bureaus' desk: conditions and their pages, progress, schedule, difference, programmes, publication."""

from datetime import timedelta
from html import unescape

import pytest

from tests.support.builders.officers import at_desk, cost, page_of, seen, signed
from tests.support.builders.ranked_round import Ranked
from tests.support.builders.web_season import displayed_on
from tests.support.personas import Personas, officer
from yangguang import clock
from yangguang.actions.runs import runs
from yangguang.jobs.run_steps import carry_out
from yangguang.models import AdmissionRun, Application, AuditEntry, IdentityCase, LotterySeed, Plan, RoundProgramme
from yangguang.rules.accounts.roles import Role
from yangguang.rules.seasons.windows import SHANGHAI, WindowKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranked(personas: Personas) -> Ranked:
    laid = Ranked.lay(personas)
    laid.programme("A", 2)
    laid.programme("B", 1)
    for score in (600, 590, 580, 580):
        laid.apply(score, "A", "B", number=f"2024100000{score}{laid.count}")
    laid.close()
    return laid


def of(ranked: Ranked, rest: str = "") -> str:
    return f"/desk/rounds/{ranked.round.public_id}/{rest}"


def at(run: AdmissionRun, rest: str = "") -> str:
    return f"/desk/runs/{run.public_id}/{rest}"


def minute(days: int) -> str:
    return (clock.now() + timedelta(days=days)).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


# Conditions


def break_condition(ranked: Ranked, code: str) -> str:
    """Make one condition not hold; where its way out leads."""
    personas = ranked.personas
    if code == "choices":
        ranked.window(WindowKind.CHOICES, -1, 1)
    elif code == "review":
        ranked.window(WindowKind.REVIEW, -1, 1)
    elif code == "seed":
        LotterySeed.objects.update(commitment="", second_by=None)
        return of(ranked, "seed/")
    elif code == "plans":
        Plan.objects.create(school=ranked.school("乙校"), season=personas.season, capacity=1, state="SUBMITTED")
        return "/desk/plans/"
    elif code == "cases":
        people = [Application.objects.all()[n].person for n in (0, 1)]
        IdentityCase.objects.create(
            season_year=2024, person=people[0], other=people[1], unit=personas.county, score=80, reasons=["测试"]
        )
        return "/desk/cases/"
    elif code == "programmes":
        ranked.run()
        for application in Application.objects.all():
            ranked.choose(application, "A")
        RoundProgramme.objects.filter(programme__code="B").delete()
        return f"/desk/plans/{Plan.objects.get(programmes__code='B').public_id}/"
    else:
        return at(personas.pe1.sign(runs.start, round=ranked.round))
    return f"/desk/windows/?season={personas.season.public_id}"


@pytest.mark.parametrize("code", ["choices", "review", "seed", "plans", "cases", "programmes", "computing"])
def test_every_condition_that_does_not_hold_leads_to_where_it_is_mended(ranked: Ranked, code: str) -> None:
    browser, fix_link = at_desk(ranked.personas.pe1), break_condition(ranked, code)
    on_page = unescape(browser.get(of(ranked)).content.decode())

    assert f'href="{fix_link}"' in on_page
    assert "发起正式运算" not in on_page
    refused = browser.post(of(ranked, "start/"))

    assert refused.status_code == 422
    assert f'href="{fix_link}"' in unescape(refused.content.decode())


# Progress, cancel, schedule


def test_a_run_is_started_watched_and_finished(ranked: Ranked) -> None:
    browser = at_desk(ranked.personas.pe1)
    goes = signed(browser, of(ranked, "start/"))
    run = AdmissionRun.objects.get()

    assert (goes.status_code, goes["Location"]) == (302, at(run))
    for url in (at(run), of(ranked)):
        page = page_of(browser, url)
        assert "排队中" in page
        assert "4 人" in page
        assert "取消运算" in page
        assert "冻结输入" in page
    polled = browser.get(at(run, "progress/"))

    assert polled.status_code == 200
    assert "HX-Refresh" not in polled.headers
    assert "<html" not in polled.content.decode()
    carry_out(run.pk)

    assert browser.get(at(run, "progress/")).headers["HX-Refresh"] == "true"
    page = page_of(browser, at(run))

    assert "排队中" not in page
    assert "提请公布" in page
    assert "计划行" in page


def test_a_key_somebody_typed_begins_the_programmes_at_the_beginning(ranked: Ranked) -> None:
    run = ranked.run()
    for key in ('["\\ud800"]', "[1e400]", "[NaN]", "[" * 2000):
        answer = at_desk(ranked.personas.pe1).get(at(run, "programmes/"), {"after": key})
        assert answer.status_code == 200
        assert "本页 2 " in seen(answer)


def test_a_computing_run_is_cancelled_from_its_page(ranked: Ranked) -> None:
    browser = at_desk(ranked.personas.pe1)
    run = ranked.personas.pe1.sign(runs.start, round=ranked.round)

    assert signed(browser, at(run, "cancel/")).status_code == 302
    assert "这次运算被取消" in page_of(browser, at(run))
    assert "发起正式运算" in page_of(browser, of(ranked))


def test_a_run_is_scheduled_and_the_page_names_the_condition_that_failed(ranked: Ranked) -> None:
    browser = at_desk(ranked.personas.pe1)
    early = browser.post(of(ranked, "schedule/"), {"at": minute(-1)})

    assert early.status_code == 422
    assert "预约的时间太早" in seen(early)
    assert signed(browser, of(ranked, "schedule/"), {"at": minute(2)}).status_code == 302
    run = AdmissionRun.objects.get()

    assert "定于" in page_of(browser, of(ranked))
    assert "取消运算" in page_of(browser, at(run))
    ranked.window(WindowKind.REVIEW, -1, 3)
    AdmissionRun.objects.update(starts_at=clock.now())
    carry_out(run.pk)
    page = page_of(browser, of(ranked))

    assert "第 1 次运算没有完成" in page
    assert "志愿复核期还没有结束" in page


# Trials


def test_a_trial_of_one_school_shows_numbers_and_no_person(ranked: Ranked) -> None:
    other = ranked.school("丙校")
    ranked.programme("C", 1, school=other)
    ranked.choose(Application.objects.order_by("number")[0], "A", "C")
    browser = at_desk(ranked.personas.me)

    assert "丙校" in page_of(browser, of(ranked))
    assert signed(browser, of(ranked, "what-if/"), {"school": str(other.public_id)}).status_code == 302
    run = AdmissionRun.objects.get()
    carry_out(run.pk)
    page = page_of(browser, at(run))

    assert "只算了丙校" in page
    assert "提请公布" not in page
    assert "2024*" not in page
    assert "C" in page_of(browser, at(run, "programmes/"))
    programme = ranked.programmes["C"].public_id

    assert browser.get(at(run, f"programmes/{programme}/")).status_code == 404
    assert browser.get(at(run, "difference/")).status_code == 404
    stranger = {"school": str(ranked.personas.school.public_id)}
    RoundProgramme.objects.filter(programme__code__in=("A", "B")).delete()

    assert browser.post(of(ranked, "what-if/"), stranger).status_code == 404


# The ranking of a programme


def test_a_programme_shows_its_masked_ranking_with_the_cutoff_and_each_access_is_logged(ranked: Ranked) -> None:
    run, programme = ranked.run(), ranked.programmes["A"]
    browser = at_desk(ranked.personas.pe1)
    page = page_of(browser, at(run, f"programmes/{programme.public_id}/"))
    numbers = list(Application.objects.values_list("number", flat=True))

    assert not [number for number in numbers if number in page]
    assert "202*******6000" in page.replace(" ", "")
    assert page.index("普通录取到这里") > page.index("5901")
    assert page.count("同分") >= 2
    entry = AuditEntry.objects.get(action="run.read_programme")

    assert (entry.facts["programme"], entry.subject) == ("A", f"admissionrun:{run.public_id}")
    page = page_of(browser, at(run, f"programmes/{ranked.programmes['B'].public_id}/"))

    assert "录取在 A" in page
    assert "已被更前的志愿录取" in page


def test_the_ranking_costs_the_same_for_few_and_many_and_pages_by_key(ranked: Ranked) -> None:
    browser, programme = at_desk(ranked.personas.pe1), ranked.programmes["A"].public_id
    first = ranked.run()
    few = cost(browser, at(first, f"programmes/{programme}/"))
    for nth in range(60):
        ranked.apply(500 - nth, "A", number=f"2024200000{nth:04d}")
    run = ranked.run()

    assert cost(browser, at(run, f"programmes/{programme}/")) == few
    page = browser.get(at(run, f"programmes/{programme}/")).content.decode()

    assert "本页 50 人" in page.replace("\n", "")
    following = unescape(page.split('rel="next" href="')[1].split('"')[0])

    assert "本页 14 人" in page_of(browser, at(run, f"programmes/{programme}/") + following)


def test_a_programme_that_no_one_chose_has_an_empty_ranking(ranked: Ranked) -> None:
    ranked.programme("E", 3)
    page = page_of(at_desk(ranked.personas.pe1), at(ranked.run(), f"programmes/{ranked.programmes['E'].public_id}/"))

    assert "没有人参加本行的排名" in page


def test_a_ranking_is_hidden_from_other_cities_and_from_schools(ranked: Ranked) -> None:
    run = ranked.run()
    url = at(run, f"programmes/{ranked.programmes['A'].public_id}/")
    elsewhere = officer("me2", Role.CITY_EDUCATION, ranked.personas.other_city)

    assert at_desk(elsewhere).get(url).status_code == 404
    assert at_desk(ranked.personas.teacher).get(url).status_code == 403
    assert at_desk(ranked.personas.me).get(url).status_code == 200


# Difference


def test_a_second_run_is_proposed_only_by_who_has_looked_at_the_difference(ranked: Ranked) -> None:
    ranked.run()
    Application.objects.filter(number__endswith="6000").update(state="WITHDRAWN")
    run = ranked.run()
    one, other = at_desk(ranked.personas.pe1), at_desk(ranked.personas.pe2)

    assert "还没有人核对" in page_of(one, at(run))
    refused = one.post(at(run, "propose/"))

    assert refused.status_code == 422
    assert "您还没有核对" in seen(refused)
    page = page_of(one, at(run, "difference/"))

    assert "202*******6000" in page
    assert "未录取" in page
    assert AuditEntry.objects.filter(action="run.read_difference").count() == 1
    assert (
        other.post(at(run, "compare/"), {"_displayed": displayed_on(other, at(run, "difference/"))}).status_code == 302
    )
    assert one.post(at(run, "propose/")).status_code == 422
    assert one.post(at(run, "compare/"), {"_displayed": displayed_on(one, at(run, "difference/"))}).status_code == 302
    assert AuditEntry.objects.filter(action="run.compare").count() == 2
    assert signed(one, at(run, "propose/")).status_code == 302
    assert AdmissionRun.objects.get(pk=run.pk).state == "PROPOSED"


# Publish at an instant


def test_the_instant_of_publication_is_set_and_called_off_from_the_page(ranked: Ranked) -> None:
    run = ranked.approved()
    one, other = at_desk(ranked.personas.pe1), at_desk(ranked.personas.pe2)

    assert "设定到点公布" in page_of(one, at(run))
    assert "现在公布" in page_of(one, at(run))
    assert "定时公布的时间太早" in seen(one.post(at(run, "time/"), {"at": minute(-1)}))
    assert "须由另一个人执行公布" in seen(other.post(at(run, "time/"), {"at": minute(2)}))
    assert signed(one, at(run, "time/"), {"at": minute(2)}).status_code == 302
    assert "由系统公布" in page_of(one, at(run))
    assert signed(other, at(run, "call-off/")).status_code == 302
    assert AdmissionRun.objects.get(pk=run.pk).state == "APPROVED"
