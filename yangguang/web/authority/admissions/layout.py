"""The trail of pages that belong to one round."""

from django.urls import reverse

from yangguang.models import Round


def build_trail(round: Round, title: str) -> list[tuple[str, str]]:
    """Rounds, the round, and the page called `title`, as (label, address)."""
    address = reverse("authority:round", args=[round.public_id])
    return [("批次", reverse("authority:rounds")), (round.name, address), (title, "")]
