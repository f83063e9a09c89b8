"""What the province announces in the simulated season: notices, and one warning on a school. All of it is 演示."""

from datetime import timedelta

from yangguang import clock
from yangguang.actions.publicity import notices
from yangguang.actions.supervision import sanctions
from yangguang.models import Unit, ViolationKind
from yangguang.rules.supervision.sanctions import Measure
from yangguang.simulation.clients import province_officers, sign_for_province

SCHOOL_LIST = (
    "（演示）2024年招生学校名录公布",
    "2024年具有招生资格的学校已列入本平台“学校名录”。不在名录中的学校不得招生。名单为演示数据。",
)
PLANS = (
    "（演示）2024年秋季招生计划公布",
    "各校招生计划经县、市、省逐级审核后公布，可按专业、地区、收费查询。专业、计划数和收费为演示数据。",
)
RESULTS = (
    "（演示）集中录取结果公布",
    "集中录取已完成计算、核验和双人批准。请登录查看每个志愿的结果和理由，并在截止前应答；未录取的可参加补录。",
)


def publish(notice: tuple[str, str]) -> None:
    """The province publishes a notice: its title and body."""
    title, body = notice
    sign_for_province(notices.publish, title=title, body=body, source="演示")


def warn_school() -> None:
    """Give one school a warning: one officer proposes it, the other decides."""
    first, second = province_officers()
    proposed = first.sign(
        sanctions.propose,
        unit=Unit.objects.get(code="DEMO-S39"),
        measure=Measure.WARN,
        violation=ViolationKind.objects.get(year=2023, position=4),
        sentence="演示：招生宣传与备案简章不一致，予以警示标注",
        starts_at=clock.now() + timedelta(minutes=1),
    )
    second.sign(sanctions.approve, sanction=proposed)
