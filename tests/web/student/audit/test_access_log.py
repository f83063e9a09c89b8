"""谁看过我的信息: the entries of the log about the own family."""

from tests.support.builders.web_season import Desk, text

OTHER_PHONE = "15400000002"


def test_every_entry_about_the_family_is_listed_and_none_of_others(desk: Desk) -> None:
    page = text(desk.client.get("/me/seen/"))

    assert "实名与报名" in page
    assert "本人" in page
    other = desk.personas.family(OTHER_PHONE)
    session = desk.client.session
    session["account"] = other.account
    session.save()

    assert "实名与报名" not in text(desk.client.get("/me/seen/"))
