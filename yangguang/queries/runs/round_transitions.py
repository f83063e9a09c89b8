"""What stands against opening a round or giving a part of its seed: asked by the page, then by the act. (F-D1, F-D6)"""

from datetime import datetime

from yangguang.models import LotterySeed, Round
from yangguang.postgres.sql import fetch_one
from yangguang.queries.runs.preconditions import RANKED
from yangguang.queries.seasons.windows import effective_span
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.dual_approval import require_second_person
from yangguang.rules.base.refusals import IllegalMove, Refused
from yangguang.rules.seasons.rounds import ONLY_WITHOUT_SEAT, RANKING, WindowKind
from yangguang.rules.seasons.windows import format_closing

_UNSETTLED = """
SELECT r.name FROM yangguang_round AS r
WHERE r.season_id = %s AND r.number < %s AND r.kind = ANY(%s) AND r.opened_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM yangguang_choiceversion AS v WHERE v.round_id = r.id)
  AND NOT EXISTS (SELECT 1 FROM yangguang_admissionrun AS run WHERE run.round_id = r.id AND run.state = 'PUBLISHED')
ORDER BY r.number LIMIT 1
"""


def require_not_open(round: Round) -> None:
    """The round's programmes and seats are not fixed yet.

    Raises:
        IllegalMove: they are.
    """
    if round.opened_at is not None:
        raise IllegalMove(
            f"“{round.name}”已经开设", why="批次的计划行和名额在开设时已经确定", now="新的剩余名额请放入下一个批次"
        )


def require_settled(round: Round, kind: str) -> None:
    """A supplementary round is for those whom the rounds before left without a seat, on the seats these left.

    Args:
        kind: of the round, as it is to be opened.
    Raises:
        Refused: an earlier round is not published.
    """
    if kind not in ONLY_WITHOUT_SEAT:
        return
    row = fetch_one(_UNSETTLED, (round.season_id, round.number, sorted(RANKING)))
    if row is not None:
        raise Refused(
            f"“{row[0]}”的结果还没有公布，不能开设补录",
            why="补录只面向没有名额的学生，只用剩余的名额；这两样都要等它公布才知道",
            now="请先公布它的结果",
        )


def require_part(by: Actor, round: Round, at: datetime) -> LotterySeed | None:
    """What there is of the round's seed, when this officer may add a part now; None before the first.

    Raises:
        Refused: a round without lottery, choices that are final, a third part, or the same person twice.
    """
    _require_in_time(round, at)
    seed: LotterySeed | None = LotterySeed.objects.filter(round=round).first()
    if seed is not None and seed.second_by_id is not None:
        raise Refused("本批次的抽签种子已经由两人承诺", why="承诺公开后不能更改", now="无需再提交")
    require_second_person(
        by,
        first=None if seed is None else seed.first_by_id,
        what="您已经提交过第一份种子",
        why="两份种子须由两人各自提交，谁也不能单独决定抽签",
        now="请另一位同事提交第二份",
    )
    return seed


def _require_in_time(round: Round, at: datetime) -> None:
    if round.kind not in RANKED:
        raise Refused(f"“{round.name}”不按志愿排名录取，不需要抽签", now="请选择按志愿录取的批次")
    window = effective_span(WindowKind.CHOICES, round)
    if window is not None and window[1] is not None and at >= window[1]:
        raise Refused(
            f"志愿填报已经截止（{format_closing(window[1])}），不能再承诺抽签种子",
            why="种子的承诺值必须在截止前公开，截止后谁也不能挑选种子",
            now="确有需要的，请先按程序延长志愿填报时间",
        )
