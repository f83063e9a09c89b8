"""What a family reads about itself: its applications and what happened to each. (F-B5, F-B7)"""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Concat

from yangguang.models import Admission, Application, ChoiceVersion, Person, Placement, Programme
from yangguang.queries.seasons.policy_rules import rule_at
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.seasons import policy_keys


def applications(by: Actor) -> list[Application]:
    """This family's applications, the newest season first."""
    return list(_own_applications(by).order_by("-season__year", "season__term", "-recorded_at"))


def newest_application(by: Actor) -> Application | None:
    """The application that the family's pages are about when none is named."""
    return next(iter(applications(by)), None)


def application(by: Actor, public_id: object) -> Application:
    """One of this family's applications.

    Raises:
        NotFound: there is none with this id, or it is another family's.
    """
    row: Application = _own_applications(by).get_or_not_found(public_id=public_id)
    return row


def _own_applications(by: Actor) -> Any:
    return Application.objects.for_actor(by, Right.RESULT_LOOKUP_SELF).select_related("season", "person", "home")


def prefetch_history(applications: list[Application], *, in_full: bool) -> None:
    """Load the admissions of the applications with their student records, oldest first; one query.

    Args:
        in_full: load the submitted versions and the placements of published runs, too; two queries more.
    """
    admissions = Admission.objects.select_related("round", "school", "programme", "run", "record")
    look_ups: dict[str, QuerySet[Any]] = {"admissions": admissions.order_by("published_at", "id")}
    if in_full:
        placements = Placement.objects.filter(run__state="PUBLISHED").select_related("run__round")
        look_ups["placements"] = placements.order_by("run__published_at", "run_id")
        look_ups["versions"] = ChoiceVersion.objects.select_related("round").order_by("number")
    prefetch_related_objects(applications, *(Prefetch(name, rows) for name, rows in look_ups.items()))


def versions(by: Actor, application: Application) -> QuerySet[ChoiceVersion]:
    """Every submitted version of an application, the newest first."""
    rows: QuerySet[ChoiceVersion] = ChoiceVersion.objects.for_actor(by, Right.CHOICE_READ)
    return rows.filter(application=application).select_related("round").order_by("-number")


def programme_names(programmes: list[int]) -> dict[int, str]:
    """ "某校 · 某专业" by row id of the programme; one query."""
    name = Concat("plan__school__name", Value(" · "), "major")
    return dict(Programme.objects.filter(pk__in=programmes).values_list("pk", name))


def many_students_sentence(by: Actor, at: datetime) -> str:
    """What a family reads before one more registration with a phone that has registered as many as the rule says; ""
    below that number. Nothing is refused.
    """
    rule = rule_at(at, policy_keys.STUDENTS_PER_PHONE)
    students = Person.objects.filter(account=by.account).count()
    if students < rule.value:
        return ""
    return f"这个手机号已为{students}名学生报过名，请再核对一遍：这份报名确实由您办理。{rule.sentence}"
