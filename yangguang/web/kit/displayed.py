"""The version that a page showed travels with its form, so that an older page never overwrites a newer fact. (F-I6)

`{% displayed row %}` writes the hidden field. `confirm` reads it for every act on a versioned row; a page that saves a
whole form gives it to its act and lays both sides beside each other when it is refused (docs/mechanisms/pages.md).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.core import signing
from django.http import QueryDict

from yangguang.rules.base.refusals import Refused, VersionConflict
from yangguang.web.kit.actor import Request
from yangguang.web.kit.both_sides import list_differences

FIELD = "_displayed"
UNKNOWN = ""
"""The version of a page that does not say what it showed; no row has it."""


@dataclass(frozen=True, slots=True)
class DisplayedForm:
    """What a page showed.

    Args:
        version: of the row, "0" where there was none yet. values: by label, of a page that saves a whole form.
    """

    version: str = UNKNOWN
    values: Mapping[str, str] = field(default_factory=dict)


def seal_displayed(request: Request, version: object, values: Mapping[str, str] | None = None) -> str:
    """The value of the hidden field; only pages of the same account can send it back."""
    return signing.dumps([str(version), dict(values or {})], salt=_salt(request), compress=True)


def read_displayed(request: Request, data: QueryDict) -> DisplayedForm:
    """What the page behind `data` showed; the version is `UNKNOWN` when it does not say."""
    try:
        return DisplayedForm(*signing.loads(data.get(FIELD, ""), salt=_salt(request)))
    except signing.BadSignature:
        return DisplayedForm()


def whole_form_values(
    request: Request,
    now: DisplayedForm,
    data: QueryDict | None,
    typed: Callable[[], Mapping[str, str]],
    refusal: Refused | None,
) -> dict[str, object]:
    """For the template of a page that saves a whole form: `displayed`, its hidden field, and `differences`.

    A refused page keeps the version that it showed; after a conflict it displayed both sides, and gets the one of now.

    Args:
        now: what is stored. data: what was sent; None when the page is opened. typed: its values by label.
    """
    if data is not None and not isinstance(refusal, VersionConflict):
        return {"displayed": data.get(FIELD, "")}
    displayed: dict[str, object] = {"displayed": seal_displayed(request, now.version, now.values)}
    if data is not None:
        displayed["differences"] = list_differences(read_displayed(request, data).values, now.values, typed())
    return displayed


def _salt(request: Request) -> str:
    return f"displayed:{request.actor.account}"
