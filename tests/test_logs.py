"""No phone and no ID number survives in a log line, whichever way it got there."""

import io
import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from yangguang import logs

IDS = [
    "410000200801011234",
    "41000020080101123X",
    "41000020080101123x",
    "410000080101123",
    "４１００００２００８０１０１１２３４",
]
PHONES = [
    "13800138000",
    "+8613800138000",
    "138 0013 8000",
    "138-0013-8000",
    "１３８００１３８０００",
    "138 00138000",
    "1380013 8000",
    "138.0013.8000",
]
SECRETS = [*IDS, *PHONES, "410000 2008 0101 1234", "410000-20080101-1234", IDS[0] + PHONES[0]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    before, level = logging.root.handlers[:], logging.root.level
    written = io.StringIO()
    logs.configure(readable=False, to=written)
    yield written
    logging.root.handlers[:] = before
    logging.root.setLevel(level)
    structlog.reset_defaults()


def bare(text: str) -> str:
    """Digits only, ASCII, so that no separator hides a survivor."""
    return "".join(str(int(sign)) if sign.isdecimal() else "" for sign in text)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("place", ["{}", "身份证号{}。", "phone={},", "a{}b", "'{}'", "http://x/?q={}&n=1"])
def test_a_secret_in_a_text_is_hidden(secret: str, place: str) -> None:
    assert logs.masked(place.format(secret)) in (place.format(logs.HIDDEN), place.format("+" + logs.HIDDEN))


@pytest.mark.parametrize("secret", [13800138000.0, 4.10000200801011e17, 13800138000, -13800138000.5])
def test_a_phone_that_became_a_number_is_hidden(secret: float) -> None:
    assert logs.masked({"phone": secret, "took": 1.5, "rows": 67686}) == {
        "phone": logs.HIDDEN,
        "took": 1.5,
        "rows": 67686,
    }


@given(before=st.text(alphabet="ab 王，:/=-+", max_size=6), digits=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_no_phone_survives_in_any_surroundings(before: str, digits: str) -> None:
    assert digits not in logs.masked(before + digits + before)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_hidden_in_every_part_of_a_line(secret: str, lines: io.StringIO) -> None:
    log = structlog.get_logger("test")
    log.info(f"event {secret}", phone=secret, nested={"list": [secret, (secret,)], secret: 1}, thing=Exception(secret))
    with structlog.contextvars.bound_contextvars(who=secret):
        log.warning("bound")
    try:
        raise ValueError(f"value {secret}")
    except ValueError:
        log.exception("failed")
        logging.getLogger("django.request").exception("failed %s", secret)
    logging.getLogger("other").info("number %s and %d", secret, 13800138000)
    written = [json.loads(line) for line in lines.getvalue().splitlines()]

    assert len(written) == 5
    assert "ValueError" in written[2]["exception"]
    assert "ValueError" in written[3]["exception"]
    assert bare(secret) not in bare(lines.getvalue())
    assert "13800138000" not in lines.getvalue()


def test_numbers_are_hidden_like_texts() -> None:
    assert logs.masked({"phone": 13800138000, "count": 67686, "share": 0.5, "ok": True}) == {
        "phone": logs.HIDDEN,
        "count": 67686,
        "share": 0.5,
        "ok": True,
    }


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T02:34:10.123456Z",
        "019a8b1c-1234-7777-8888-123456789012",
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "127.0.0.1 GET /plans/ 200 12345",
        "67686",
        None,
    ],
)
def test_what_a_reader_of_logs_needs_stays(text: str | None) -> None:
    assert logs.masked(text) == text


def test_people_get_readable_lines_with_the_same_mask(lines: io.StringIO) -> None:
    logs.configure(readable=True, to=lines)
    structlog.get_logger("test").info("来电", phone=PHONES[0])

    assert "来电" in lines.getvalue()
    assert PHONES[0] not in lines.getvalue()
    assert not lines.getvalue().startswith("{")
