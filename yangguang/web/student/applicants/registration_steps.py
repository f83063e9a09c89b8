"""The steps of a registration in order, and the registration built from the answers. (R7.01, R7.02, F-B1, F-B6)"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404

from yangguang.actions.applicants.registration import Registration
from yangguang.models import Season
from yangguang.queries.applicants.ages import guardian_requirement_at
from yangguang.queries.organisation.counties import counties_by_city, own_province
from yangguang.queries.seasons.seasons import find_season, list_open_registrations, list_seasons_to_join
from yangguang.rules.applicants.origins import GuardianRequirement
from yangguang.rules.base import id_number
from yangguang.rules.base.free_text import check_length
from yangguang.rules.base.refusals import Refused
from yangguang.web.student.applicants.registration_draft import UNCHECKED, Typed, unchecked_fields
from yangguang.web.student.applicants.registration_forms import ELSEWHERE, NOTICE, STEPS, PersonForm, PlaceForm, Step

MAX_LENGTH = 200
"""Characters of one unchecked field that are stored; every field of the registration is shorter."""


def get_step(slug: str) -> Step:
    """The step of this name; raises Http404 where there is none."""
    step = next((step for step in STEPS if step.slug == slug), None)
    if step is None:
        raise Http404
    return step


def build_form(step: Step, typed: Typed, at: datetime, data: Mapping[str, object] | None = None) -> forms.Form:
    """The form of a step, filled with the stored values; bound to `data` unless it is None."""
    more: dict[str, Any] = {"at": at} if step.form is PersonForm else {}
    if step.form is PlaceForm:
        more = {"province": typed.get("province", {}).get("province", "")}
    return step.form(data, initial=typed.get(step.slug, {}) | unchecked_fields(typed).get(step.slug, {}), **more)


def required_of_guardian(typed: Typed, at: datetime) -> GuardianRequirement:
    """What is required of a guardian; before the birth date is known, a contact."""
    if "person" not in typed:
        return GuardianRequirement.CONTACT
    return guardian_requirement_at(id_number.read(typed["person"]["id_number"]).birth, at)


def consent_is_missing(typed: Typed, at: datetime) -> bool:
    """Whether the guardian of so young a child must consent first, and has not."""
    by_guardian = typed.get("consent", {}).get("consent_by") == "guardian"
    return not by_guardian and required_of_guardian(typed, at) is GuardianRequirement.CONSENT_FIRST


def required_steps(typed: Typed, at: datetime) -> list[Step]:
    """The steps of this person: without the guardian for an adult, without another province for a local home, and
    without the season where there was none to choose.
    """
    left_out = {"guardian"} if required_of_guardian(typed, at) is GuardianRequirement.NOT_REQUIRED else set()
    if not is_from_other_province(typed):
        left_out |= {"province", "place"}
    if "season" not in typed:
        left_out.add("season")
    return [step for step in STEPS if step.slug not in left_out]


def season_is_missing(typed: Typed) -> bool:
    """Whether the family must choose first, because several seasons can be registered for."""
    return "season" not in typed and len(list_open_registrations()) > 1


def season_of(typed: Typed) -> Season | None:
    """The season that the answers are for: the chosen one, else the only one; None when there is none."""
    if "season" in typed:
        return find_season(typed["season"]["season"])
    return next(iter(list_seasons_to_join()), None)


def is_from_other_province(typed: Typed) -> bool:
    """Whether the home lies in another province."""
    return typed.get("origin", {}).get("home") == ELSEWHERE


def store_step(typed: Typed, step: Step, values: dict[str, Any]) -> None:
    """Store the answers of a step and delete what they make invalid, such as the county after a new province."""
    if step.slug == "province" and typed.get("province") != values:
        typed.pop("place", None)
        unchecked_fields(typed).pop("place", None)
    if step.slug == "consent" and typed.get("consent") != values:
        # A child's number may only be stored under the guardian's consent.
        unchecked_fields(typed).pop("person", None)
    unchecked_fields(typed).pop(step.slug, None)
    typed[step.slug] = values


def store_unchecked(typed: Typed, step: Step, fields: Mapping[str, str], at: datetime) -> bool:
    """Store the fields of an unfinished step unchecked, so that the page can show them again.

    Returns:
        False when they may not be stored: the number shows a child whose guardian must consent first.
    Raises:
        Refused: a text is longer than any field; nothing is stored, and nothing is cut.
    """
    values = {name: check_length(value, MAX_LENGTH, where=name) for name, value in posted_fields(step, fields).items()}
    if step.form is PersonForm and _shows_child_without_consent(typed, values, at):
        unchecked_fields(typed).pop(step.slug, None)
        return False
    typed.setdefault(UNCHECKED, {})[step.slug] = values
    return True


def _shows_child_without_consent(typed: Typed, values: dict[str, str], at: datetime) -> bool:
    try:
        return consent_is_missing(typed | {"person": {"id_number": values.get("id_number", "")}}, at)
    except Refused:
        # An unfinished number shows no age; the finished one is checked again.
        return False


def first_open_step(typed: Typed, at: datetime) -> str:
    """The first step that is not filled in, or "review"."""
    return next((step.slug for step in required_steps(typed, at) if step.slug not in typed), "review")


def next_step(here: Step, typed: Typed, at: datetime) -> str:
    """The next unanswered step after this one, or the review when all are answered."""
    if first_open_step(typed, at) == "review":
        return "review"
    slugs = [step.slug for step in required_steps(typed, at)]
    following = slugs[slugs.index(here.slug) + 1 :] if here.slug in slugs else []
    return next((slug for slug in following if slug not in typed), first_open_step(typed, at))


def steps_for(typed: Typed, at: datetime, here: str) -> list[tuple[str, str]]:
    """For the steps component: (title, done | now | next) of each step."""
    required = required_steps(typed | ({"season": {}} if here == "season" else {}), at)
    titles = [(step.slug, step.title) for step in required] + [("review", "核对提交")]
    return [(title, "now" if slug == here else "done" if slug in typed else "next") for slug, title in titles]


def build_registration(typed: Typed, at: datetime) -> Registration:
    """The answers as the action takes them; the guardian of an adult is left out, even if typed."""
    is_adult = required_of_guardian(typed, at) is GuardianRequirement.NOT_REQUIRED
    guardian = {} if is_adult else typed.get("guardian", {})
    if is_from_other_province(typed):
        home = {"home": own_province().pk, "place": typed["place"]["place"]}
    else:
        units = {str(unit.public_id): unit.pk for group in counties_by_city().values() for unit in group}
        home = {"home": units[typed["origin"]["home"]]}
    answers = typed["person"] | typed["origin"] | guardian | typed["needs"] | home
    return Registration(**answers, consent_by=typed["consent"]["consent_by"], consent_text=NOTICE)


def list_answers(typed: Typed, at: datetime) -> list[tuple[Step, list[tuple[str, str]]]]:
    """Every answer of the finished steps with its label, by step."""
    answers = []
    for step in required_steps(typed, at):
        form, values = build_form(step, typed, at), typed.get(step.slug, {}).items()
        answers.append((step, [_label_answer(form[name], value) for name, value in values if name != "agree"]))
    return answers


def label_answers(typed: Typed, at: datetime) -> dict[str, str]:
    """Every answer by "step·label", of all steps and unchecked ones too, to be laid beside another draft."""
    labelled: dict[str, str] = {}
    for step in (step for step in STEPS if step.slug in typed):
        form, values = build_form(step, typed, at), typed[step.slug].items()
        answers = (
            _label_answer(form[name], value) for name, value in values if name in form.fields and name != "agree"
        )
        labelled |= {f"{step.title}·{label}": answer for label, answer in answers}
    return labelled


def posted_fields(step: Step, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of the step as they were sent, unchecked."""
    return {name: fields[name] for name in step.form.base_fields if name in fields}


def _label_answer(bound: Any, value: Any) -> tuple[str, str]:
    """The label of a field, and its value or the label of the chosen value."""
    labels: dict[str, str] = {}
    for key, label in getattr(bound.field, "choices", ()):
        labels |= {str(k): v for k, v in label} if isinstance(label, list | tuple) else {str(key): label}
    return str(bound.label), str(labels.get(str(value), value) or "没有填写")
