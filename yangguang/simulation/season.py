"""One simulated season, from the list of schools to the sealed reports, in the order of S23 and S24.

Every step is an action of the right role on the day that `calendar` names.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from time import perf_counter

from yangguang import clock
from yangguang.actions.admissions import answers, check_ins, waiting_list_actions, withdrawals
from yangguang.actions.applicants import duplicates
from yangguang.actions.audit import audit_roots
from yangguang.actions.records import records as student_records
from yangguang.actions.runs import inspection
from yangguang.actions.runs.rounds import open_round
from yangguang.actions.seasons import practice_clock
from yangguang.jobs.tasks import publish_daily_root
from yangguang.models import Round, Season, Unit
from yangguang.models.base.fields import blind
from yangguang.postgres.sql import execute, fetch_all
from yangguang.queries.admissions.no_shows import count_no_shows
from yangguang.rules.accounts.actors import CONSOLE
from yangguang.rules.base.numbers import application_number
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.simulation import (
    aptitude_tests,
    calendar,
    notices,
    participants,
    pending_round,
    plans,
    records,
    rounds,
    setup,
)
from yangguang.simulation.calendar import RoundDays
from yangguang.simulation.clients import approve_for_province, province_officers, sign_for_province
from yangguang.simulation.distributions import Track
from yangguang.simulation.population import generate_students
from yangguang.simulation.workers import WorkerPool

Report = Callable[[str], None]
SPRING_SCHOOLS = slice(0, 6), slice(31, 34)
"""Some schools of each sector, by code."""
_GROWN_TABLES = """
SELECT quote_ident(relname) AS name FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND pg_relation_size(oid) > 1.2 * relpages * current_setting('block_size')::int
"""


class SeasonSimulation:
    """Runs the phases of a season and measures them.

    Args:
        size: number of students.
        seed: of the people, their choices and the lottery.
        workers: number of processes in which the students act.
        report: takes one line of progress.
    """

    def __init__(self, size: int, seed: int, workers: int, report: Report) -> None:
        self.size, self.seed, self.workers, self.report = size, seed, workers, report
        self.seconds: dict[str, float] = {}
        self.absent: dict[str, frozenset[str]] = {}

    @contextmanager
    def phase(self, name: str, title: str) -> Iterator[None]:
        """Measure one phase. The season outruns the autovacuum, so tables that have grown are analysed first."""
        began = perf_counter()
        self.report(f"▶ {title}")
        # Empty tables are left alone: the planner would read a table known to be empty from end to end ever after.
        if grown := [row.name for row in fetch_all(_GROWN_TABLES)]:
            execute(f"ANALYZE {', '.join(grown)}")
        yield
        self.seconds[name] = round(perf_counter() - began, 2)
        self.report(f"  ✓ {title}（{self.seconds[name]:.1f}秒）")

    def run(self) -> tuple[int, dict[str, int]]:
        """Run the whole season.

        Returns:
            the peak memory of the workers in kB, and how often students were refused, by sentence.
        """
        phases = {
            "setup": ("载入单位、规则与名录，开设账号，发放优盾", self._set_up),
            "spring": ("春季：计划、报名、免试注册、报到", self._run_spring),
            "plans": ("计划编报、逐级审核、公布；任务分解表", self._make_plans),
            "registration": ("学生实名报名", self._register),
            "choices": ("志愿填报（多次提交，以最后一次为准）", self._collect_choices),
            "admission": ("导入已定结果；集中录取：冻结、计算、核验、批准、公布", self._admit),
            "answers": ("学生应答", self._collect_answers),
            "supplements": ("两次补录、免试注册、报到与未报到", self._run_supplements),
            "records": ("查重、生成学籍、本人确认", self._make_records),
            "closing": ("第三次补录（留待应答），公布日志根", self._close),
        }
        for name, (title, run) in phases.items():
            with self.phase(name, title):
                run()
        return self.pool.close()

    def _set_up(self) -> None:
        self._set_clock(calendar.FOUNDING)
        setup.load_reference_data()
        schools = Unit.objects.filter(level="SCHOOL").select_related("parent__parent__parent")
        self.schools = list(schools.order_by("code"))
        setup.open_accounts(self.schools, self.report)
        setup.publish_school_list(self.schools)
        notices.publish(notices.SCHOOL_LIST)
        self.spring = Season.objects.get(year=2024, term="SPRING")
        self.autumn = Season.objects.get(year=2024, term="AUTUMN")
        self.pool = WorkerPool(self.size, self.seed, self.workers)
        self.students = list(generate_students(self.size, self.seed))

    def _run_spring(self) -> None:
        self._set_clock(calendar.SPRING_PLANS)
        schools = [school for part in SPRING_SCHOOLS for school in self.schools[part]]
        plans.draft_and_approve(self.spring, schools, self.size // 5)
        self._set_clock(calendar.SPRING_REGISTRATION)
        direct, tracks = self._open_round(self.spring, 1), [Track.SPRING.value]
        self._count("春季报名", self.pool.run("register", season=self.spring.pk, tracks=tracks))
        self._count("春季注册", self.pool.run("enrol_directly", round=direct.pk, tracks=tracks))
        self._set_clock(calendar.SPRING_CHECK_IN)
        self._check_in([direct], (0, 100), self.spring)
        self._make_records_of(self.spring, calendar.SPRING_RECORDS)

    def _make_plans(self) -> None:
        self._set_clock(calendar.PLANS)
        self._count("已公布计划的学校", plans.draft_and_approve(self.autumn, self.schools, self.size))
        notices.warn_school()
        notices.publish(notices.PLANS)
        self._set_clock(calendar.SCORES)
        self._count("中招成绩", rounds.load_scores(self.students, self.seed))

    def _register(self) -> None:
        self._set_clock(calendar.REGISTRATION)
        tracks = [track.value for track in Track if track is not Track.SPRING]
        self._count("报名", self.pool.run("register", season=self.autumn.pk, tracks=tracks))
        self._set_clock(calendar.TARGETS)
        self._count("任务分解表行数", plans.load_targets(self.size))

    def _collect_choices(self) -> None:
        self._set_clock(calendar.OPENING)
        self.imported = self._open_round(self.autumn, 1)
        self.main = self._open_round(self.autumn, 2)
        self._send_reports(7)
        self._set_clock(calendar.CHOICES)
        self._count("志愿（第一版）", self.pool.run("submit_choices", round=self.main.pk))
        rounds.commit_lottery(self.main, self.seed)
        self._set_clock(calendar.CHOICES_AGAIN)
        self._count("志愿（改后再交）", self.pool.run("resubmit_choices", round=self.main.pk))
        self._count("自主测试加分", aptitude_tests.load_results(self.autumn, self.seed))

    def _admit(self) -> None:
        self._set_clock(calendar.IMPORTED)
        admitted, conflicts = rounds.load_exam_board_results(self.imported, self.students, self.seed)
        self._count("导入录取", admitted)
        self._count("导入冲突", conflicts)
        self._answer(self.imported, calendar.IMPORTED_ANSWERS)
        self._set_clock(calendar.RUN)
        run = rounds.compute_and_approve(self.main)
        self._set_clock(calendar.PUBLICATION)
        self._count("集中录取", rounds.publish(run))
        notices.publish(notices.RESULTS)

    def _collect_answers(self) -> None:
        self._answer(self.main, calendar.ANSWERS)
        self._send_reports(8)
        self._set_clock(calendar.SILENCE)
        for round in (self.imported, self.main):
            sign_for_province(answers.lapse_due, round=round)

    def _run_supplements(self) -> None:
        first = self._run_supplement(3, calendar.FIRST_SUPPLEMENT)
        self._answer(first, calendar.FIRST_SUPPLEMENT.answers)
        early = [self.imported, self.main, first]
        self._set_clock(calendar.CHECK_IN)
        sign_for_province(answers.lapse_due, round=first)
        self._check_in(early, (0, 70), self.autumn)
        self._set_clock(calendar.LATE_CHECK_IN)
        self._check_in(early, (70, 100), self.autumn)
        self._set_clock(calendar.ABSENT)
        officer, _ = province_officers()
        # In a small season every student of a round may have come.
        for round in [round for round in early if count_no_shows(officer.actor, round)]:
            self._count(f"未报到（{round.name}）", approve_for_province(check_ins.release_absent, round=round))
        second = self._run_supplement(4, calendar.SECOND_SUPPLEMENT)
        self._answer(second, calendar.SECOND_SUPPLEMENT.answers)
        self._send_reports(9)
        self._enrol_directly(second)
        self._set_clock(calendar.LAST_CHECK_IN)
        self._count("学校没有意见，退录生效", withdrawals.carry_out(by=CONSOLE))
        sign_for_province(answers.lapse_due, round=second)
        self._check_in([second, self.direct], (0, 100), self.autumn)

    def _enrol_directly(self, second: Round) -> None:
        """Direct enrolment; some with a seat of the second supplementary round ask to leave it or to move."""
        self._set_clock(calendar.DIRECT)
        self.direct = self._open_round(self.autumn, 5)
        tracks = [Track.DIRECT.value]
        self._count("免试注册", self.pool.run("enrol_directly", round=self.direct.pk, tracks=tracks))
        leaving = participants.list_holders(second, 0, 3)
        moving = participants.list_holders(second, 3, 5)
        self._count("申请退录", self.pool.run("request_withdrawal", round=second.pk, people=leaving))
        self._count("换录", self.pool.run("transfer", round=self.direct.pk, people=moving))

    def _run_supplement(self, number: int, days: RoundDays, *, scarce: bool = False) -> Round:
        """A supplementary round up to its results, one hour before the first answers."""
        self._set_clock(days.opens)
        round = self._open_round(self.autumn, number)
        self._choose_supplement(round, scarce=scarce)
        self._set_clock(days.run)
        run = rounds.compute_and_approve(round)
        self._set_clock(days.answers - timedelta(hours=1))
        self._count(f"{round.name}录取", rounds.publish(run))
        return round

    def _choose_supplement(self, round: Round, *, scarce: bool) -> None:
        rounds.commit_lottery(round, self.seed)
        submitted = self.pool.run("submit_choices", round=round.pk, supplementary=True, scarce=scarce)
        self._count(f"{round.name}志愿", submitted)

    def _make_records(self) -> None:
        self._set_clock(calendar.DUPLICATES)
        records.load_outside_list(self.autumn, self.students, self.seed)
        self._count("查重事项", sign_for_province(duplicates.check, season=self.autumn))
        decided = records.decide_duplicates(share=0.8)
        self._count("裁定保留", decided["STAYS"] + decided["DIFFERENT"])
        self._count("裁定退出", decided["LEAVES"])
        self._send_reports(10)
        self._make_records_of(self.autumn, calendar.RECORDS)

    def _make_records_of(self, season: Season, day: datetime) -> None:
        """Schools make and complete the records; five days later the students confirm them."""
        self._set_clock(day)
        self._count(f"生成学籍（{season}）", sign_for_province(student_records.make_due, season=season))
        self._count("补充学籍信息", records.complete_records(self.schools))
        self._set_clock(_now() + timedelta(days=5))
        self._count(f"本人确认（{season}）", self.pool.run("confirm_records", season=season.pk))

    def _close(self) -> None:
        """A third round is left in the middle of its waiting list: on the day displayed some have yet to answer."""
        third = self._run_supplement(6, calendar.THIRD_SUPPLEMENT, scarce=True)
        self._set_clock(calendar.LIST_ANSWERS)
        declining = participants.list_first_choices(third, 3)
        answered = self.pool.run("answer_partly", round=third.pk, declining=declining)
        self._count(f"应答（{third.name}）", answered)
        self._set_clock(calendar.LIST_FIRST_RUN)
        self._count("候补递补", waiting_list_actions.offer_due(by=CONSOLE, round=third))
        self._set_clock(calendar.LIST_TAKEN)
        offered = participants.list_offered(third)[1:]
        self._count("接受递补", self.pool.run("accept_offers", round=third.pk, people=offered))
        leaving = participants.list_holders(third, 0, 1)
        self._count("申请退录", self.pool.run("request_withdrawal", round=third.pk, people=leaving))
        self._set_clock(calendar.LIST_SECOND_RUN)
        self._count("候补递补", waiting_list_actions.offer_due(by=CONSOLE, round=third))
        self._compute_pending_round()
        self._set_clock(calendar.DISPLAY_DAY)
        audit_roots.publish_root(by=CONSOLE, day=calendar.DISPLAY_DAY.date())

    def _compute_pending_round(self) -> None:
        """A last small round is computed twice and not proposed; in between some of its people enrol elsewhere."""
        self._set_clock(calendar.PENDING)
        round = pending_round.open_round(self.autumn)
        if round is None:
            self.report(f"    {pending_round.NAME}：没有剩余名额，不开设")
            return
        self._choose_supplement(round, scarce=True)
        self._set_clock(calendar.PENDING_RUN)
        run = rounds.compute(round)
        leaving = participants.list_leavers(run, 2)
        self.pool.run("transfer", round=self.direct.pk, people=leaving, seated=False)
        self._set_clock(calendar.PENDING_AGAIN)
        run = sign_for_province(inspection.compare, run=rounds.compute(round))
        self._count(f"{round.name}拟录取（待提请公布）", run.counts["placed"])

    def _open_round(self, season: Season, number: int) -> Round:
        """Open a planned round; its programmes and seats are fixed from now."""
        return approve_for_province(open_round, season=season, number=number)

    def _answer(self, round: Round, day: datetime) -> None:
        self._set_clock(day)
        self._count(f"应答（{round.name}）", self.pool.run("answer", round=round.pk))

    def _send_reports(self, month: int) -> None:
        self._set_clock(calendar.REPORTS[month])
        city = records.send_reports(month)
        self._count(f"{month}月月报（招生数）", city.rows[0]["total"])
        if city.correction:
            self._count(f"{month}月月报更正了以前的月份", len(city.correction["months"]))

    def _check_in(self, published: list[Round], share: tuple[int, int], season: Season) -> None:
        today: date = _now().date()
        if season.term not in self.absent:
            self.absent[season.term] = self._list_absent(season)
        done = rounds.check_in(published, today, share, self.absent[season.term])
        self._count(f"报到（{today:%m月%d日}）", done)

    def _list_absent(self, season: Season) -> frozenset[str]:
        """Application numbers of students who never check in."""
        return frozenset(
            application_number(2024, blind(f"2024{season.term}{student.id_number}"), is_autumn=season.term == "AUTUMN")
            for student in self.students
            if student.is_no_show
        )

    def _set_clock(self, instant: datetime) -> None:
        """Go to an instant; the nights in between publish their roots."""
        practice_clock.set_clock(by=CONSOLE, to=instant)
        publish_daily_root(0)

    def _count(self, label: str, number: int) -> None:
        self.report(f"    {label}：{number:,}")


def _now() -> datetime:
    return clock.now().astimezone(SHANGHAI)
