"""Invariants about persons at their limits: whose guardian, which moment, which consent."""

import pytest

from tests.queries.audit.test_invariants import sql
from tests.support.builders.ranked_round import Ranked
from tests.support.personas import Personas
from yangguang.models import Account, Consent, Guardian
from yangguang.queries.audit.invariants.catalogue import check_invariants
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


def test_a_list_of_a_guardian_is_the_familys_and_one_of_another_guardian_is_not(personas: Personas) -> None:
    ranked = Ranked.lay(personas)
    ranked.programme("A", 2)
    ranked.window(WindowKind.CHOICES, -1, 1)
    own, other = (ranked.apply(500, "A") for _ in range(2))
    accounts = [Account.objects.create(username=f"guardian{n}") for n in (1, 2)]
    for application, account in zip((own, other), accounts, strict=True):
        Guardian.objects.create(
            person=application.person, account=account, name="某大甲", relation="父亲", phone="15450000009"
        )

    sql(f"UPDATE yangguang_choiceversion SET by_account_id = {accounts[0].pk} WHERE application_id = {own.pk}")

    assert check_invariants([7]).broken == []

    sql(f"UPDATE yangguang_choiceversion SET by_account_id = {accounts[1].pk} WHERE application_id = {own.pk}")

    assert [one.number for one in check_invariants([7]).broken] == [7]


def test_a_choice_counts_from_the_moment_its_window_opens_until_it_closes(personas: Personas) -> None:
    ranked = Ranked.lay(personas)
    ranked.programme("A", 2)
    ranked.apply(500, "A")
    sql("UPDATE yangguang_choiceversion SET recorded_at = recorded_at - interval '5 days'")
    ranked.close()
    ranked.published()
    broken = []
    for moment in ("opens_at", "closes_at - interval '1 ms'", "closes_at", "opens_at - interval '1 ms'"):
        window = f"SELECT {moment} FROM yangguang_window WHERE kind = 'choices'"
        sql(f"UPDATE yangguang_choiceversion SET recorded_at = ({window})")
        broken.append([one.number for one in check_invariants([6]).broken])

    assert broken == [[], [], [6], [6]]


def test_only_a_consent_that_a_guardian_gave_before_counts_for_a_child(personas: Personas) -> None:
    ranked = Ranked.lay(personas)
    application = ranked.apply(500)
    sql(f"UPDATE yangguang_person SET born_on = current_date - 4000 WHERE id = {application.person_id}")
    consent = {"person": application.person, "text_version": "试"}
    broken = []
    for by_guardian, given, days in ((True, False, -1), (False, True, -1), (True, True, 1), (True, True, -1)):
        row = Consent.objects.create(by_guardian=by_guardian, given=given, **consent)
        sql(f"UPDATE yangguang_consent SET recorded_at = recorded_at + {days} * interval '1 day' WHERE id = {row.pk}")
        broken.append([one.number for one in check_invariants([19]).broken])

    assert broken == [[19], [19], [19], []]
