"""The order of the steps of a registration, and what its answers come to. (R7.01, R7.02, F-B1, F-B6)"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse

from yangguang.actions.applicants.registration import Registration
from yangguang.queries.organisation.counties import counties_by_city, own_province
from yangguang.queries.seasons.policy_rules import rules_at
from yangguang.rules.applicants.origins import Guardian, guardian_needed
from yangguang.rules.base import id_number
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.web.student.applicants.registration_draft import HALFWAY, Typed, halfway
from yangguang.web.student.applicants.registration_forms import (
    ELSEWHERE,
    NOTICE,
    STEPS,
    PersonForm,
    PlaceForm,
    Step,
)

LONGEST = 200
"""Characters of one field that are kept before it is checked; every field of the registration is shorter."""


def step_named(slug: str) -> Step | None:
    return next((step for step in STEPS if step.slug == slug), None)


def form_of(step: Step, typed: Typed, at: datetime, data: Any = None) -> forms.Form:
    """The form of a step, with what was typed before."""
    more: dict[str, Any] = {"today": at.astimezone(SHANGHAI).date()} if step.form is PersonForm else {}
    if step.form is PlaceForm:
        more = {"province": typed.get("province", {}).get("province", "")}
    return step.form(data, initial=typed.get(step.slug, {}) | halfway(typed).get(step.slug, {}), **more)


def asked_of_guardian(typed: Typed, at: datetime) -> Guardian:
    """What a guardian must do; asked of nobody before the birth date is known."""
    if "person" not in typed:
        return Guardian.CONTACT
    rules = rules_at(at, "person.child_under", "person.adult_from")
    today = at.astimezone(SHANGHAI).date()
    return guardian_needed(
        id_number.read(typed["person"]["id_number"]).birth,
        today,
        child_under=rules["person.child_under", ""].value,
        adult_from=rules["person.adult_from", ""].value,
    )


def consent_is_missing(typed: Typed, at: datetime) -> bool:
    """Whether the child is so young that the guardian must have agreed, and has not."""
    by_guardian = typed.get("consent", {}).get("consent_by") == "guardian"
    return not by_guardian and asked_of_guardian(typed, at) is Guardian.CONSENT_FIRST


def wanted_steps(typed: Typed, at: datetime) -> list[Step]:
    """The steps of this person: no guardian's for an adult, no other province's for one of ours."""
    left_out = {"guardian"} if asked_of_guardian(typed, at) is Guardian.NOT_ASKED else set()
    if not comes_from_elsewhere(typed):
        left_out |= {"province", "place"}
    return [step for step in STEPS if step.slug not in left_out]


def comes_from_elsewhere(typed: Typed) -> bool:
    """Whether the home lies in another province."""
    return typed.get("origin", {}).get("home") == ELSEWHERE


def keep_step(typed: Typed, step: Step, values: dict[str, Any]) -> None:
    """Put what was typed with the rest; a county of another province than before makes no sense any more."""
    if step.slug == "province" and typed.get("province") != values:
        typed.pop("place", None)
        halfway(typed).pop("place", None)
    if step.slug == "consent" and typed.get("consent") != values:
        # A child's number may have been typed under the guardian's consent only.
        halfway(typed).pop("person", None)
    halfway(typed).pop(step.slug, None)
    typed[step.slug] = values


def keep_halfway(typed: Typed, step: Step, fields: Mapping[str, str], at: datetime) -> bool:
    """Put what stands in a step's fields beside its answers, unchecked, to be shown again.

    Returns:
        False when it may not be kept: the number shows a child whose guardian must agree first.
    """
    names = [name for name in step.form.base_fields if name in fields]
    left = {name: fields[name][:LONGEST] for name in names}
    if step.form is PersonForm and _shows_child_without_consent(typed, left, at):
        halfway(typed).pop(step.slug, None)
        return False
    typed.setdefault(HALFWAY, {})[step.slug] = left
    return True


def _shows_child_without_consent(typed: Typed, left: dict[str, str], at: datetime) -> bool:
    try:
        return consent_is_missing(typed | {"person": {"id_number": left.get("id_number", "")}}, at)
    except Refused:
        # A number that is not finished shows nobody's age; the finished one is asked again.
        return False


def first_open(typed: Typed, at: datetime) -> str:
    """The first step that is not filled in, or "review"."""
    return next((step.slug for step in wanted_steps(typed, at) if step.slug not in typed), "review")


def next_after(here: Step, typed: Typed, at: datetime) -> str:
    """The step after this one, or straight to the review when everything is there."""
    if first_open(typed, at) == "review":
        return "review"
    slugs = [step.slug for step in wanted_steps(typed, at)]
    following = slugs[slugs.index(here.slug) + 1 :] if here.slug in slugs else []
    return next((slug for slug in following if slug not in typed), first_open(typed, at))


def steps_for(typed: Typed, at: datetime, here: str) -> list[tuple[str, str]]:
    """For the steps component: (title, done | now | next)."""
    shown = [(step.slug, step.title) for step in wanted_steps(typed, at)] + [("review", "核对提交")]
    return [(title, "now" if slug == here else "done" if slug in typed else "next") for slug, title in shown]


def registration_of(typed: Typed, at: datetime) -> Registration:
    """The answers as the action takes them; an adult's guardian is not kept, even if one was typed."""
    person, origin = typed["person"], typed["origin"]
    guardian = typed.get("guardian", {}) if asked_of_guardian(typed, at) is not Guardian.NOT_ASKED else {}
    elsewhere = comes_from_elsewhere(typed)
    units = {str(unit.public_id): unit.pk for group in counties_by_city().values() for unit in group}
    return Registration(
        name=person["name"],
        id_number=person["id_number"],
        origin=origin["origin"],
        home=own_province().pk if elsewhere else units[origin["home"]],
        place=typed["place"]["place"] if elsewhere else "",
        track=origin["track"],
        junior_school=origin["junior_school"],
        guardian_name=guardian.get("guardian_name", ""),
        guardian_relation=guardian.get("guardian_relation", ""),
        guardian_phone=guardian.get("guardian_phone", ""),
        consent_by=typed["consent"]["consent_by"],
        consent_text=NOTICE,
        needs=typed["needs"]["needs"],
    )


def shown_answers(typed: Typed, at: datetime) -> list[dict[str, Any]]:
    """Every answer with its label and the way back to its step."""
    return [
        {
            "title": step.title,
            "url": reverse("student:fill", args=[step.slug]),
            "rows": [_row(form[name], value) for name, value in typed[step.slug].items() if name != "agree"],
        }
        for step in wanted_steps(typed, at)
        for form in [form_of(step, typed, at)]
    ]


def _row(bound: Any, value: Any) -> tuple[str, str]:
    """The label of a field and the words of its value; a choice says its label."""
    flat: dict[str, str] = {}
    for key, says in getattr(bound.field, "choices", ()):
        flat |= {str(k): v for k, v in says} if isinstance(says, list | tuple) else {str(key): says}
    return str(bound.label), str(flat.get(str(value), value) or "没有填写")
