"""Cutoffs and admitted students at the school's desk. (F-C3)"""

import pytest
from django.test import Client

from tests.support.builders.officers import page_of
from tests.support.builders.public_season import PublicSeason
from yangguang.models import Admission, Round

pytestmark = pytest.mark.django_db


def test_the_cutoff_of_each_programme_is_displayed(public_season: PublicSeason, school: Client) -> None:
    public_season.admitted("某甲")
    page = page_of(school, "/school/admissions/")
    for text in ("护理", "432", "末位总分"):
        assert text in page


def test_the_list_shows_when_each_admission_was_answered(public_season: PublicSeason, school: Client) -> None:
    admission = public_season.admitted("某甲")
    url = "/school/admissions/people/"

    assert "报到结束前" in page_of(school, url)
    Admission.objects.filter(pk=admission.pk).update(state="ACCEPTED", answered_at="2024-09-01T08:30+08:00")

    assert "2024年9月1日08:30已应答" in page_of(school, url)
    Round.objects.filter(pk=admission.round_id).update(kind="direct")
    page = page_of(school, url)

    assert "注册即接受" in page
    assert "待定" not in page
