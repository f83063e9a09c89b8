"""A school with a public warning in force."""

from datetime import timedelta

from tests.support.personas import Personas
from yangguang import clock
from yangguang.models import Sanction, Unit, ViolationKind


def warn(personas: Personas, school: Unit, sentence: str) -> Sanction:
    """A decided warning that began yesterday."""
    kind, _ = ViolationKind.objects.get_or_create(
        year=2023, position=4, defaults={"text": "严禁虚假宣传", "source": "测试文件", "clause": "二"}
    )
    return Sanction.objects.create(
        unit=school,
        kind="WARN",
        violation=kind,
        state="DECIDED",
        sentence=sentence,
        starts_at=clock.now() - timedelta(days=1),
        proposed_by_id=personas.pe1.actor.account,
        decided_by_id=personas.pe2.actor.account,
        decided_at=clock.now(),
    )
