"""One whole season, played through the actions as the right roles: from the list of schools to the sealed forms.

The order of the scenes is the order of [S23] and [S24]; the calendar stands in `script`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import perf_counter

from yangguang import clock
from yangguang.actions.audit import audit_roots
from yangguang.actions.seasons import practice_clock
from yangguang.demo import (
    admitting,
    aftermath,
    announcing,
    ground,
    pending,
    planning,
    script,
    testing,
    waiting,
)
from yangguang.demo.mix import Track
from yangguang.demo.people import people
from yangguang.demo.stagehands import Stagehands
from yangguang.models import Round, Season, Unit
from yangguang.models.base.fields import blind
from yangguang.queries.rows import fetch_all
from yangguang.rules.base.numbers import application_number
from yangguang.rules.seasons.windows import SHANGHAI

Say = Callable[[str], None]
SPRING_SCHOOLS = 6
_GROWN = """
SELECT format('%I', relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND pg_relation_size(oid) > 1.2 * relpages * current_setting('block_size')::int
"""


class Play:
    """The director: keeps the clock of the play and the seconds of each phase.

    Args:
        n: students. seed: of people, choices and lottery. hands: processes of the troupe. say: one line of progress.
    """

    def __init__(self, n: int, seed: int, hands: int, say: Say) -> None:
        self.n, self.seed, self.say = n, seed, say
        self.seconds: dict[str, float] = {}
        self.hands = hands
        self.absent: dict[str, frozenset[str]] = {}

    @contextmanager
    def phase(self, name: str, title: str) -> Iterator[None]:
        """Time one phase. A season of minutes outruns the autovacuum, so the planner is told what has grown."""
        began = perf_counter()
        self.say(f"▶ {title}")
        # An empty table stays unknown to the planner: one that is known to be empty is read from end to end for ever.
        if grown := [name for (name,) in fetch_all(_GROWN)]:
            fetch_all(f"ANALYZE {', '.join(grown)}")
        yield
        self.seconds[name] = round(perf_counter() - began, 2)
        self.say(f"  ✓ {title}（{self.seconds[name]:.1f}秒）")

    def turn_to(self, instant: datetime) -> None:
        practice_clock.set_clock(by=ground.SHELL, to=instant)

    def whole_season(self) -> tuple[int, dict[str, int]]:
        """Play it all; returns the processes' peak memory in kB and how often each refusal was heard."""
        with self.phase("ground", "载入单位、规则与名录，开设账号，发放优盾"):
            self._ground()
        troupe = Stagehands(self.n, self.seed, self.hands)
        self.students = list(people(self.n, self.seed))
        with self.phase("spring", "春季：计划、报名、免试注册、报到"):
            self._spring(troupe)
        with self.phase("plans", "计划编报、逐级审核、公布；任务分解表"):
            self._plans()
        with self.phase("registration", "学生实名报名"):
            self._registration(troupe)
        with self.phase("choices", "志愿填报（多次提交，以最后一次为准）"):
            self._choices(troupe)
        with self.phase("admission", "导入已定结果；集中录取：冻结、计算、核验、批准、公布"):
            self._admission(troupe)
        with self.phase("answers", "学生应答"):
            self._answers(troupe)
        with self.phase("supplements", "两次补录、免试注册、报到与未报到"):
            self._supplements(troupe)
        with self.phase("records", "查重、生成学籍、本人确认"):
            self._records(troupe)
        with self.phase("closing", "第三次补录（留待应答），公布日志根"):
            self._closing(troupe)
        peak, refused = troupe.curtain()
        return peak, dict(refused)

    def _ground(self) -> None:
        self.turn_to(script.FOUNDING)
        ground.load()
        self.schools = list(
            Unit.objects.filter(level="SCHOOL").select_related("parent__parent__parent").order_by("code")
        )
        ground.staff(self.schools, self.say)
        ground.publish_list(self.schools)
        announcing.tell(announcing.LIST)
        self.spring = Season.objects.get(year=2024, term="SPRING")
        self.autumn = Season.objects.get(year=2024, term="AUTUMN")

    def _spring(self, troupe: Stagehands) -> None:
        self.turn_to(script.SPRING_PLANS)
        planning.draft_and_pass(self.spring, self.schools[:SPRING_SCHOOLS] + self.schools[31:34], self.n // 5)
        self.turn_to(script.SPRING_REGISTRATION)
        direct = planning.open_round(self.spring, 1)
        self._count("春季报名", troupe.play("register", season=self.spring.pk, tracks=[Track.SPRING.value]))
        self._count("春季注册", troupe.play("walk_in", round=direct.pk, tracks=[Track.SPRING.value]))
        self.turn_to(script.SPRING_CHECK_IN)
        self._check_in([direct], (0, 100), self.spring)
        self.turn_to(script.SPRING_RECORDS)
        self._make_records(troupe, self.spring)

    def _plans(self) -> None:
        self.turn_to(script.PLANS)
        self._count("已公布计划的学校", planning.draft_and_pass(self.autumn, self.schools, self.n))
        announcing.warn(self.schools)
        announcing.tell(announcing.PLANS)
        self.turn_to(script.SCORES)
        self._count("中招成绩", admitting.load_scores(self.students, self.seed))

    def _registration(self, troupe: Stagehands) -> None:
        self.turn_to(script.REGISTRATION)
        tracks = [t.value for t in Track if t is not Track.SPRING]
        self._count("报名", troupe.play("register", season=self.autumn.pk, tracks=tracks))
        self.turn_to(script.TARGETS)
        self._count("任务分解表行数", planning.load_targets())

    def _choices(self, troupe: Stagehands) -> None:
        self.turn_to(script.OPENING)
        self.imported = planning.open_round(self.autumn, 1)
        self.main = planning.open_round(self.autumn, 2)
        self._monthly(7)
        self.turn_to(script.CHOICES)
        self._count("志愿（第一版）", troupe.play("choose", round=self.main.pk))
        admitting.commit_lottery(self.main, self.seed)
        self.turn_to(script.CHOICES_AGAIN)
        self._count("志愿（改后再交）", troupe.play("choose", round=self.main.pk, again=True))
        self._count("自主测试加分", testing.report(self.autumn, self.seed))

    def _admission(self, troupe: Stagehands) -> None:
        self.turn_to(script.IMPORTED)
        admitted, conflicts = admitting.load_imported(self.imported, self.students, self.seed)
        self._count("导入录取", admitted)
        self._count("导入冲突", conflicts)
        self.turn_to(script.IMPORTED_ANSWERS)
        self._count(f"应答（{self.imported.name}）", troupe.play("answer", round=self.imported.pk))
        self.turn_to(script.RUN)
        made = admitting.run(self.main)
        self.turn_to(script.PUBLICATION)
        self._count("集中录取", admitting.publish(made).counts["admitted"])
        announcing.tell(announcing.RESULTS)

    def _answers(self, troupe: Stagehands) -> None:
        self.turn_to(script.ANSWERS)
        self._count(f"应答（{self.main.name}）", troupe.play("answer", round=self.main.pk))
        self._monthly(8)
        self.turn_to(script.SILENCE)
        for round in (self.imported, self.main):
            admitting.lapse(round)

    def _supplements(self, troupe: Stagehands) -> None:
        first = self._supplement(troupe, 3, script.FIRST_SUPPLEMENT, script.FIRST_SUPPLEMENT_RUN,
                                 script.FIRST_SUPPLEMENT_ANSWERS)  # fmt: skip
        early = [self.imported, self.main, first]
        self.turn_to(script.CHECK_IN)
        admitting.lapse(first)
        self._check_in(early, (0, 70), self.autumn)
        self.turn_to(script.LATE_CHECK_IN)
        self._check_in(early, (70, 100), self.autumn)
        self.turn_to(script.ABSENT)
        for round in early:
            self._count(f"未报到（{round.name}）", admitting.release_absent(round))
        second = self._supplement(troupe, 4, script.SECOND_SUPPLEMENT, script.SECOND_SUPPLEMENT_RUN,
                                  script.SECOND_SUPPLEMENT_ANSWERS)  # fmt: skip
        self._monthly(9)
        self.turn_to(script.WALK_IN)
        self.direct = direct = planning.open_round(self.autumn, 5)
        self._count("免试注册", troupe.play("walk_in", round=direct.pk, tracks=[Track.WALK_IN.value]))
        self._count("申请退录", troupe.play("ask_out", round=second.pk, people=waiting.holders(second, 3)))
        self._count(
            "换录", troupe.play("transfer", round=direct.pk, people=waiting.holders(second, 2, after=3))
        )
        self.turn_to(script.LAST_CHECK_IN)
        self._count("学校没有意见，退录生效", waiting.carry_out_releases())
        admitting.lapse(second)
        self._check_in([second, direct], (0, 100), self.autumn)

    def _supplement(
        self,
        troupe: Stagehands,
        number: int,
        opens: datetime,
        runs: datetime,
        answers: datetime,
        answered: bool = True,
        scarce: bool = False,
    ) -> Round:
        self.turn_to(opens)
        round = planning.open_round(self.autumn, number)
        admitting.commit_lottery(round, self.seed)
        self._count(
            f"{round.name}志愿", troupe.play("choose", round=round.pk, supplementary=True, scarce=scarce)
        )
        self.turn_to(runs)
        made = admitting.run(round)
        self.turn_to(answers - timedelta(hours=1))
        self._count(f"{round.name}录取", admitting.publish(made).counts["admitted"])
        if answered:
            self.turn_to(answers)
            self._count(f"{round.name}应答", troupe.play("answer", round=round.pk))
        return round

    def _records(self, troupe: Stagehands) -> None:
        self.turn_to(script.DUPLICATES)
        aftermath.load_outside(self.autumn, self.students, self.seed)
        self._count("查重事项", aftermath.check(self.autumn))
        stays, leaves = aftermath.settle(0.8)
        self._count("裁定保留", stays)
        self._count("裁定退出", leaves)
        self._monthly(10)
        self.turn_to(script.RECORDS)
        self._make_records(troupe, self.autumn)

    def _make_records(self, troupe: Stagehands, season: Season) -> None:
        """The records make themselves, the schools fill them in, the students look at them five days later."""
        self._count(f"生成学籍（{season}）", aftermath.make_records(season))
        self._count("补充学籍信息", aftermath.complete_records(self.schools))
        self.turn_to(_now() + timedelta(days=5))
        self._count(f"本人确认（{season}）", troupe.play("confirm", season=season.pk))

    def _closing(self, troupe: Stagehands) -> None:
        """A third round is left in the middle of its waiting list, so that on the day shown some have yet to answer."""
        third = self._supplement(troupe, 6, script.THIRD_SUPPLEMENT, script.THIRD_SUPPLEMENT_RUN,
                                 script.THIRD_SUPPLEMENT_PUBLISHED, answered=False, scarce=True)  # fmt: skip
        self.turn_to(script.LIST_ANSWERS)
        leave = waiting.first_choices(third, 3)
        self._count(f"{third.name}应答", troupe.play("answer_some", round=third.pk, decline=leave))
        self.turn_to(script.LIST_FIRST_RUN)
        self._count("候补递补", waiting.offer_due(third))
        self.turn_to(script.LIST_TAKEN)
        self._count("接受递补", troupe.play("take_offers", round=third.pk, people=waiting.offered(third)[1:]))
        self._count("申请退录", troupe.play("ask_out", round=third.pk, people=waiting.holders(third, 1)))
        self.turn_to(script.LIST_SECOND_RUN)
        self._count("候补递补", waiting.offer_due(third))
        self._pending(troupe)
        self.turn_to(script.THE_DAY_SHOWN)
        audit_roots.publish_root(by=ground.SHELL, day=script.THE_DAY_SHOWN.date())

    def _pending(self, troupe: Stagehands) -> None:
        """A last small round, computed twice and not proposed: between the two, some of its people sit elsewhere."""
        self.turn_to(script.PENDING)
        round = pending.open_round(self.autumn)
        if round is None:
            self.say(f"    {pending.NAME}：没有剩余名额，不开设")
            return
        admitting.commit_lottery(round, self.seed)
        self._count(
            f"{round.name}志愿", troupe.play("choose", round=round.pk, supplementary=True, scarce=True)
        )
        self.turn_to(script.PENDING_RUN)
        made = admitting.compute(round)
        troupe.play("transfer", round=self.direct.pk, people=pending.leavers(made, 2), seated=False)
        self.turn_to(script.PENDING_AGAIN)
        made = pending.compare(admitting.compute(round))
        self._count(f"{round.name}拟录取（待提请公布）", made.counts["placed"])

    def _monthly(self, month: int) -> None:
        self.turn_to(script.REPORTS[month])
        city, _ = aftermath.report(month)
        self._count(f"{month}月月报（招生数）", city.rows[0]["total"])
        if city.correction:
            self._count(f"{month}月月报更正了以前的月份", len(city.correction["months"]))

    def _check_in(self, rounds: list[Round], share: tuple[int, int], season: Season) -> None:
        day = _now().date()
        if season.term not in self.absent:
            self.absent[season.term] = frozenset(
                application_number(2024, season.term == "AUTUMN", blind(f"2024{season.term}{s.id_number}"))
                for s in self.students
                if s.is_no_show
            )
        absent = self.absent[season.term]
        taken = admitting.check_in([round.pk for round in rounds], day, share, absent)
        self._count(f"报到（{day:%m月%d日}）", taken)

    def _count(self, what: str, number: int) -> None:
        self.say(f"    {what}：{number:,}")


def _now() -> datetime:
    return clock.now().astimezone(SHANGHAI)
