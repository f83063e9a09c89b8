"""Notices, and the forbidden acts in their official wording."""

from tests.support.builders.public_season import PublicSeason
from yangguang.models import ViolationKind
from yangguang.reference import rows


def test_notices_are_public_from_their_instant_and_escaped(public_season: PublicSeason) -> None:
    notice, later = public_season.notice("名录公告"), public_season.notice("明天的公告", days=1)

    assert "名录公告" in public_season.text("/notices/")
    assert "明天的公告" not in public_season.text("/notices/")
    assert b"<b>" not in public_season.get(f"/notices/{notice.public_id}/").content
    assert "第二段&lt;b&gt;" in public_season.get(f"/notices/{notice.public_id}/").content.decode()
    assert public_season.get(f"/notices/{later.public_id}/").status_code == 404


def test_forbidden_acts_are_quoted_with_their_source(public_season: PublicSeason) -> None:
    for row in rows("prohibitions_2023"):
        ViolationKind.objects.create(**row)
    page = public_season.text("/notices/")
    for row in rows("prohibitions_2023"):
        assert row["text"] in page
        assert row["source"] in page
