"""The lottery seed: two officers' secrets; its hash is public before the window closes, the seed after the run."""

from datetime import datetime

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.gateways.ciphers import sm3
from yangguang.models import LotterySeed, Round
from yangguang.models.base.fields import Sealed, seal, stars
from yangguang.queries.runs.transitions import require_seed_part
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs.lottery import SEED_BYTES, commitment, joint_seed

FIRST, SECOND = "yangguang_lotteryseed.first_secret", "yangguang_lotteryseed.second_secret"


@action("lottery.commit", Right.ADMISSION_CENTRAL_RUN, on="round", pairs_with="lottery.commit")
def commit(entry: AuditRecord, *, by: Actor, round: Round, secret: bytes) -> LotterySeed:
    """Submit a secret part; with the second officer's part the commitment becomes public and final.

    Args:
        secret: 32 random bytes, sealed until the results are published.
    Raises:
        Refused: the same person twice, a third part, a part of the wrong length or equal to the first, a round
            without lottery, or choices that are final already.
    """
    seed = _require_part(by, round, secret, entry.at)
    if seed is None:
        entry.add_facts(part=1)
        return LotterySeed.objects.create(
            round=round, first_by_id=by.require_account(), first_secret=seal(FIRST, secret.hex())
        )
    joint = joint_seed(_open(FIRST, seed.first_secret), secret, sm3)
    seed.second_by_id, seed.second_secret = by.account, seal(SECOND, secret.hex())
    seed.commitment, seed.committed_at = commitment(joint, sm3), entry.at
    seed.save(update_fields=["second_by", "second_secret", "commitment", "committed_at"])
    entry.add_facts(part=2, commitment=seed.commitment)
    return seed


@commit.preflight
def _(at: datetime, *, by: Actor, round: Round, secret: bytes) -> None:
    _require_part(by, round, secret, at)


def _require_part(by: Actor, round: Round, secret: bytes, at: datetime) -> LotterySeed | None:
    """The seed of the round with its first part, None before; raises what `commit` raises."""
    seed = require_seed_part(by, round, at)
    if len(secret) != SEED_BYTES:
        raise Refused(f"抽签种子应为{SEED_BYTES}字节，收到{len(secret)}字节", now="请重新生成种子")
    return seed


def open_seed(seed: LotterySeed) -> bytes:
    """The seed from both sealed parts; only the publication makes it public."""
    assert seed.second_secret is not None
    return joint_seed(_open(FIRST, seed.first_secret), _open(SECOND, seed.second_secret), sm3)


def reveal(round: Round) -> None:
    """Make the seed public, so that anyone can compute every draw again."""
    seed = LotterySeed.objects.select_for_update().get(round=round)
    seed.revealed = open_seed(seed).hex()
    seed.save(update_fields=["revealed"])


def _open(place: str, blob: bytes | memoryview) -> bytes:
    return bytes.fromhex(Sealed(bytes(blob), place, stars).reveal())
