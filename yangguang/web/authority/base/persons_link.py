"""The address of the persons behind a number of a bureau's page. (X2.03)"""

from urllib.parse import urlencode

from django.urls import reverse

from yangguang.queries.reporting.counts import Population
from yangguang.rules.reporting.steps import Step


def persons_link(of: Population, step: Step) -> str:
    """The address of the persons behind one number."""
    params = {
        "season": of.season.public_id,
        "unit": of.unit.public_id,
        "stage": step.value,
        "by": "school" if of.at_school else "home",
        "sector": of.sector,
        "programme_type": of.programme_type,
    }
    return f"{reverse('authority:people')}?" + urlencode({name: value for name, value in params.items() if value})
