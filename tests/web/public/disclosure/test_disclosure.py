"""The published results: counts and proofs, never a name."""

from urllib.parse import quote

from tests.support.builders.officers import seen
from tests.support.builders.public_season import PublicSeason
from tests.support.owner import without_triggers
from yangguang.models import Round


def test_a_round_page_has_counts_and_proofs_without_small_numbers_and_names(public_season: PublicSeason) -> None:
    person = public_season.admitted("某独一")
    small = public_season.school("乙市小校")
    with without_triggers("yangguang_cutoff"):
        public_season.run.cutoffs.filter(programme__plan__school=small).update(admitted=4, applicants=3, last_place=4)

    assert "集中录取" in public_season.text("/disclosure/")
    assert "20" in public_season.text("/disclosure/")
    page = public_season.text(f"/disclosure/{public_season.enrolled.round.public_id}/")

    assert "护理 甲市第一职业学校 50 20 不显示 — —" in page
    assert "护理 乙市小校 50 不显示 不显示 — —" in page
    assert page.count("成立") == 10
    assert public_season.run.output_hash in page
    assert "000102030405" in page
    one = public_season.text(f"/disclosure/{public_season.enrolled.round.public_id}/", {"school": small.code})

    assert "乙市小校" in one
    assert "护理 甲市第一职业学校" not in one
    assert f"?school={quote(small.code)}" in public_season.get("/disclosure/", {"school": small.code}).content.decode()
    assert "某独一" not in page
    assert person.application.number not in page


def test_a_round_that_is_not_published_has_no_disclosure(public_season: PublicSeason) -> None:
    other = Round.objects.create(
        season=public_season.personas.season, number=3, name="第一次补录", kind="supplementary_ranked"
    )
    answer = public_season.get(f"/disclosure/{other.public_id}/")

    assert answer.status_code == 404
    assert "还没有公布" in seen(answer)
    assert "第一次补录 补录（按志愿）" in public_season.text("/disclosure/")
    assert "尚未公布" in public_season.text("/disclosure/")
