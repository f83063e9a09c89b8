"""The daily roots of the log, compared and computed again."""

from datetime import date

from tests.support.builders.log_changes import create_root
from tests.support.builders.public_season import PublicSeason
from tests.support.owner import without_triggers
from yangguang.models import AuditRoot
from yangguang.rules.audit.merkle import root_of_ends


def test_the_daily_roots_can_be_compared_and_computed_again(public_season: PublicSeason) -> None:
    root = create_root(date(2024, 8, 28))

    assert root.root in public_season.text("/audit/roots/")
    assert "相符：这是 2024年8月28日" in public_season.text("/audit/roots/", {"root": root.root.upper()})
    assert "没有哪一天的日志根是这个数" in public_season.text("/audit/roots/", {"root": "0" * 64})
    assert "复算相符" in public_season.text("/audit/roots/2024-08-28/")
    heads = public_season.get("/audit/roots/2024-08-28.json").json()["heads"]

    assert root_of_ends([(length, bytes.fromhex(link)) for length, link in heads]).hex() == root.root
    assert public_season.get("/audit/roots/2024-08-29/").status_code == 404
    assert public_season.get("/audit/roots/2024-99-99/").status_code == 404


def test_a_root_that_does_not_agree_is_reported(public_season: PublicSeason) -> None:
    AuditRoot.objects.create(day="2024-08-27", root="0" * 64, entries=1, heads=[[1, "00" * 32]])
    assert "复算不符" in public_season.text("/audit/roots/2024-08-27/")


def test_a_count_that_is_not_the_sum_of_the_chains_is_reported(public_season: PublicSeason) -> None:
    root = create_root(date(2024, 8, 28))
    with without_triggers("yangguang_auditroot"):
        AuditRoot.objects.filter(pk=root.pk).update(entries=255)

    assert "复算不符" in public_season.text("/audit/roots/2024-08-28/")
