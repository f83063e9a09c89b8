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
from yangguang.models import Round, Season, Unit
from yangguang.models.base.fields import blind
from yangguang.queries.rows import fetch_all
from yangguang.rules.base.numbers import application_number
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.simulation import (
    aptitude_tests,
    calendar,
    notices,
    pending_round,
    plans,
    records,
    rounds,
    setup,
    waiting_list,
)
from yangguang.simulation.distributions import Track
from yangguang.simulation.population import people
from yangguang.simulation.workers import Stagehands

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
        practice_clock.set_clock(by=setup.SHELL, to=instant)

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
        self.turn_to(calendar.FOUNDING)
        setup.load()
        self.schools = list(
            Unit.objects.filter(level="SCHOOL").select_related("parent__parent__parent").order_by("code")
        )
        setup.staff(self.schools, self.say)
        setup.publish_list(self.schools)
        notices.tell(notices.LIST)
        self.spring = Season.objects.get(year=2024, term="SPRING")
        self.autumn = Season.objects.get(year=2024, term="AUTUMN")

    def _spring(self, troupe: Stagehands) -> None:
        self.turn_to(calendar.SPRING_PLANS)
        plans.draft_and_pass(self.spring, self.schools[:SPRING_SCHOOLS] + self.schools[31:34], self.n // 5)
        self.turn_to(calendar.SPRING_REGISTRATION)
        direct = plans.open_round(self.spring, 1)
        self._count("春季报名", troupe.play("register", season=self.spring.pk, tracks=[Track.SPRING.value]))
        self._count("春季注册", troupe.play("walk_in", round=direct.pk, tracks=[Track.SPRING.value]))
        self.turn_to(calendar.SPRING_CHECK_IN)
        self._check_in([direct], (0, 100), self.spring)
        self.turn_to(calendar.SPRING_RECORDS)
        self._make_records(troupe, self.spring)

    def _plans(self) -> None:
        self.turn_to(calendar.PLANS)
        self._count("已公布计划的学校", plans.draft_and_pass(self.autumn, self.schools, self.n))
        notices.warn(self.schools)
        notices.tell(notices.PLANS)
        self.turn_to(calendar.SCORES)
        self._count("中招成绩", rounds.load_scores(self.students, self.seed))

    def _registration(self, troupe: Stagehands) -> None:
        self.turn_to(calendar.REGISTRATION)
        tracks = [t.value for t in Track if t is not Track.SPRING]
        self._count("报名", troupe.play("register", season=self.autumn.pk, tracks=tracks))
        self.turn_to(calendar.TARGETS)
        self._count("任务分解表行数", plans.load_targets())

    def _choices(self, troupe: Stagehands) -> None:
        self.turn_to(calendar.OPENING)
        self.imported = plans.open_round(self.autumn, 1)
        self.main = plans.open_round(self.autumn, 2)
        self._monthly(7)
        self.turn_to(calendar.CHOICES)
        self._count("志愿（第一版）", troupe.play("choose", round=self.main.pk))
        rounds.commit_lottery(self.main, self.seed)
        self.turn_to(calendar.CHOICES_AGAIN)
        self._count("志愿（改后再交）", troupe.play("choose", round=self.main.pk, again=True))
        self._count("自主测试加分", aptitude_tests.report(self.autumn, self.seed))

    def _admission(self, troupe: Stagehands) -> None:
        self.turn_to(calendar.IMPORTED)
        admitted, conflicts = rounds.load_imported(self.imported, self.students, self.seed)
        self._count("导入录取", admitted)
        self._count("导入冲突", conflicts)
        self.turn_to(calendar.IMPORTED_ANSWERS)
        self._count(f"应答（{self.imported.name}）", troupe.play("answer", round=self.imported.pk))
        self.turn_to(calendar.RUN)
        made = rounds.run(self.main)
        self.turn_to(calendar.PUBLICATION)
        self._count("集中录取", rounds.publish(made).counts["admitted"])
        notices.tell(notices.RESULTS)

    def _answers(self, troupe: Stagehands) -> None:
        self.turn_to(calendar.ANSWERS)
        self._count(f"应答（{self.main.name}）", troupe.play("answer", round=self.main.pk))
        self._monthly(8)
        self.turn_to(calendar.SILENCE)
        for round in (self.imported, self.main):
            rounds.lapse(round)

    def _supplements(self, troupe: Stagehands) -> None:
        first = self._supplement(troupe, 3, calendar.FIRST_SUPPLEMENT, calendar.FIRST_SUPPLEMENT_RUN,
                                 calendar.FIRST_SUPPLEMENT_ANSWERS)  # fmt: skip
        early = [self.imported, self.main, first]
        self.turn_to(calendar.CHECK_IN)
        rounds.lapse(first)
        self._check_in(early, (0, 70), self.autumn)
        self.turn_to(calendar.LATE_CHECK_IN)
        self._check_in(early, (70, 100), self.autumn)
        self.turn_to(calendar.ABSENT)
        for round in early:
            self._count(f"未报到（{round.name}）", rounds.release_absent(round))
        second = self._supplement(troupe, 4, calendar.SECOND_SUPPLEMENT, calendar.SECOND_SUPPLEMENT_RUN,
                                  calendar.SECOND_SUPPLEMENT_ANSWERS)  # fmt: skip
        self._monthly(9)
        self.turn_to(calendar.WALK_IN)
        self.direct = direct = plans.open_round(self.autumn, 5)
        self._count("免试注册", troupe.play("walk_in", round=direct.pk, tracks=[Track.WALK_IN.value]))
        self._count(
            "申请退录", troupe.play("ask_out", round=second.pk, people=waiting_list.holders(second, 3))
        )
        self._count(
            "换录", troupe.play("transfer", round=direct.pk, people=waiting_list.holders(second, 2, after=3))
        )
        self.turn_to(calendar.LAST_CHECK_IN)
        self._count("学校没有意见，退录生效", waiting_list.carry_out_releases())
        rounds.lapse(second)
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
        round = plans.open_round(self.autumn, number)
        rounds.commit_lottery(round, self.seed)
        self._count(
            f"{round.name}志愿", troupe.play("choose", round=round.pk, supplementary=True, scarce=scarce)
        )
        self.turn_to(runs)
        made = rounds.run(round)
        self.turn_to(answers - timedelta(hours=1))
        self._count(f"{round.name}录取", rounds.publish(made).counts["admitted"])
        if answered:
            self.turn_to(answers)
            self._count(f"{round.name}应答", troupe.play("answer", round=round.pk))
        return round

    def _records(self, troupe: Stagehands) -> None:
        self.turn_to(calendar.DUPLICATES)
        records.load_outside(self.autumn, self.students, self.seed)
        self._count("查重事项", records.check(self.autumn))
        stays, leaves = records.settle(0.8)
        self._count("裁定保留", stays)
        self._count("裁定退出", leaves)
        self._monthly(10)
        self.turn_to(calendar.RECORDS)
        self._make_records(troupe, self.autumn)

    def _make_records(self, troupe: Stagehands, season: Season) -> None:
        """The records make themselves, the schools fill them in, the students look at them five days later."""
        self._count(f"生成学籍（{season}）", records.make_records(season))
        self._count("补充学籍信息", records.complete_records(self.schools))
        self.turn_to(_now() + timedelta(days=5))
        self._count(f"本人确认（{season}）", troupe.play("confirm", season=season.pk))

    def _closing(self, troupe: Stagehands) -> None:
        """A third round is left in the middle of its waiting list, so that on the day shown some have yet to answer."""
        third = self._supplement(troupe, 6, calendar.THIRD_SUPPLEMENT, calendar.THIRD_SUPPLEMENT_RUN,
                                 calendar.THIRD_SUPPLEMENT_PUBLISHED, answered=False, scarce=True)  # fmt: skip
        self.turn_to(calendar.LIST_ANSWERS)
        leave = waiting_list.first_choices(third, 3)
        self._count(f"{third.name}应答", troupe.play("answer_some", round=third.pk, decline=leave))
        self.turn_to(calendar.LIST_FIRST_RUN)
        self._count("候补递补", waiting_list.offer_due(third))
        self.turn_to(calendar.LIST_TAKEN)
        self._count(
            "接受递补", troupe.play("take_offers", round=third.pk, people=waiting_list.offered(third)[1:])
        )
        self._count("申请退录", troupe.play("ask_out", round=third.pk, people=waiting_list.holders(third, 1)))
        self.turn_to(calendar.LIST_SECOND_RUN)
        self._count("候补递补", waiting_list.offer_due(third))
        self._pending(troupe)
        self.turn_to(calendar.THE_DAY_SHOWN)
        audit_roots.publish_root(by=setup.SHELL, day=calendar.THE_DAY_SHOWN.date())

    def _pending(self, troupe: Stagehands) -> None:
        """A last small round, computed twice and not proposed: between the two, some of its people sit elsewhere."""
        self.turn_to(calendar.PENDING)
        round = pending_round.open_round(self.autumn)
        if round is None:
            self.say(f"    {pending_round.NAME}：没有剩余名额，不开设")
            return
        rounds.commit_lottery(round, self.seed)
        self._count(
            f"{round.name}志愿", troupe.play("choose", round=round.pk, supplementary=True, scarce=True)
        )
        self.turn_to(calendar.PENDING_RUN)
        made = rounds.compute(round)
        troupe.play("transfer", round=self.direct.pk, people=pending_round.leavers(made, 2), seated=False)
        self.turn_to(calendar.PENDING_AGAIN)
        made = pending_round.compare(rounds.compute(round))
        self._count(f"{round.name}拟录取（待提请公布）", made.counts["placed"])

    def _monthly(self, month: int) -> None:
        self.turn_to(calendar.REPORTS[month])
        city, _ = records.report(month)
        self._count(f"{month}月月报（招生数）", city.rows[0]["total"])
        if city.correction:
            self._count(f"{month}月月报更正了以前的月份", len(city.correction["months"]))

    def _check_in(self, published: list[Round], share: tuple[int, int], season: Season) -> None:
        day = _now().date()
        if season.term not in self.absent:
            self.absent[season.term] = frozenset(
                application_number(2024, season.term == "AUTUMN", blind(f"2024{season.term}{s.id_number}"))
                for s in self.students
                if s.is_no_show
            )
        absent = self.absent[season.term]
        taken = rounds.check_in([round.pk for round in published], day, share, absent)
        self._count(f"报到（{day:%m月%d日}）", taken)

    def _count(self, what: str, number: int) -> None:
        self.say(f"    {what}：{number:,}")


def _now() -> datetime:
    return clock.now().astimezone(SHANGHAI)
