"""The seed: two people, public hash before the window closes, and nothing of it readable until then."""

import pytest

from tests.support.builders.ranked_round import SECRETS, Ranked
from tests.support.personas import Personas
from yangguang.actions.runs import lottery
from yangguang.gateways.ciphers import sm3
from yangguang.models import AuditEntry, LotterySeed
from yangguang.rules.base.refusals import Denied, Refused
from yangguang.rules.runs.lottery import commitment, joint_seed, opens
from yangguang.rules.seasons.windows import WindowKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranked(personas: Personas) -> Ranked:
    laid = Ranked.lay(personas)
    laid.window(WindowKind.CHOICES, -1, 1)
    return laid


def commit(ranked: Ranked, officer: str, secret: bytes) -> LotterySeed:
    return getattr(ranked.personas, officer).sign(lottery.commit, round=ranked.round, secret=secret)  # type: ignore[no-any-return]


def test_two_parts_make_a_public_commitment_that_the_seed_opens(ranked: Ranked) -> None:
    assert commit(ranked, "pe1", SECRETS[0]).commitment == ""
    seed = commit(ranked, "pe2", SECRETS[1])
    joint = joint_seed(*SECRETS, sm3)

    assert seed.commitment == commitment(joint, sm3)
    assert seed.committed_at is not None
    assert lottery.open_seed(LotterySeed.objects.get()) == joint

    lottery.reveal(ranked.round)

    assert opens(bytes.fromhex(LotterySeed.objects.get().revealed), seed.commitment, sm3)


def test_no_part_is_stored_or_logged_as_it_is(ranked: Ranked) -> None:
    commit(ranked, "pe1", SECRETS[0])
    commit(ranked, "pe2", SECRETS[1])
    seed = LotterySeed.objects.get()
    for secret, sealed in zip(SECRETS, (seed.first_secret, seed.second_secret), strict=True):
        assert secret not in bytes(sealed)
        assert secret.hex().encode() not in bytes(sealed)
        assert secret.hex() not in str(list(AuditEntry.objects.values_list("facts", flat=True)))

    assert seed.revealed == ""


def test_one_person_never_gives_both_parts(ranked: Ranked) -> None:
    commit(ranked, "pe1", SECRETS[0])
    with pytest.raises(Refused, match="您已经提交过第一份种子"):
        commit(ranked, "pe1", SECRETS[1])


def test_equal_parts_a_third_part_and_a_short_one_are_refused(ranked: Ranked) -> None:
    with pytest.raises(Refused, match="抽签种子应为32字节，收到3字节"):
        commit(ranked, "pe1", b"abc")
    commit(ranked, "pe1", SECRETS[0])
    with pytest.raises(Refused, match="两人提交的抽签种子相同"):
        commit(ranked, "pe2", SECRETS[0])
    commit(ranked, "pe2", SECRETS[1])
    with pytest.raises(Refused, match="已经由两人承诺"):
        commit(ranked, "pe1", b"c" * 32)


def test_no_seed_is_submitted_once_the_choices_are_final(ranked: Ranked) -> None:
    commit(ranked, "pe1", SECRETS[0])
    ranked.window(WindowKind.CHOICES, -9, -1)
    with pytest.raises(Refused, match="不能再承诺抽签种子"):
        commit(ranked, "pe2", SECRETS[1])


def test_a_round_without_ranking_has_no_lottery_and_a_county_no_part_in_one(ranked: Ranked) -> None:
    direct = Ranked.lay(ranked.personas, number=5, kind="direct")
    with pytest.raises(Refused, match="不需要抽签"):
        commit(direct, "pe1", SECRETS[0])
    with pytest.raises(Denied):
        ranked.personas.ce.act(lottery.commit, round=ranked.round, secret=SECRETS[0])
