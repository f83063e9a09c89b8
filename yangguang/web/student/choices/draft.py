"""The draft of one round: what it starts from, and what one press of a button changes in it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import QueryDict

from yangguang.models import Application, ChoiceVersion, Round
from yangguang.queries.applicants.student_home import versions
from yangguang.queries.choices.programme_options import ProgrammeOption, RoundWindow, find_option, options_of, round_now
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.base.refusals import Refused
from yangguang.rules.choices.drafts import draft_version
from yangguang.web.kit.displayed import DisplayedForm


@dataclass(frozen=True)
class Draft:
    """The choices as the page shows them.

    Args:
        options: in order of choice. last: the version in force in this round, or None.
        is_draft: whether the list differs from what is in force.
    """

    application: Application
    round: Round
    options: list[ProgrammeOption]
    last: ChoiceVersion | None
    is_draft: bool

    @property
    def programmes(self) -> list[int]:
        return [option.pk for option in self.options]

    @property
    def version(self) -> str:
        """Of the stored list; a page that shows it carries it."""
        of = self.application
        return draft_version(of.choices_version, of.drafted_at, of.draft_programmes)

    @property
    def room(self) -> int:
        """How many choices may still be added."""
        return max(self.round.max_choices - len(self.options), 0)

    @property
    def public_ids(self) -> set[str]:
        return {option.public_id for option in self.options}


def select_round(rounds: list[RoundWindow], number: int) -> RoundWindow | None:
    """The round of this number; 0 is the round to begin with."""
    return round_now(rounds) if number == 0 else next((r for r in rounds if r.round.number == number), None)


def load_draft(by: Actor, application: Application, round: Round, at: datetime, *, is_over: bool = False) -> Draft:
    """The saved draft, else what is in force in this round, else an empty list.

    Args:
        is_over: list only what is in force; `is_draft` then shows that a draft was never submitted.
    """
    last = versions(by, application).filter(round=round).first()
    in_force = list(last.programmes) if last else []
    drafted = list(application.draft_programmes)
    options = options_of(round, application, in_force if application.drafted_at is None else drafted, at)
    if not options and drafted and in_force:  # The draft is of another round.
        options = options_of(round, application, in_force, at)
    is_draft = [option.pk for option in options] != in_force
    if is_over and is_draft:
        options = options_of(round, application, in_force, at)
    return Draft(application, round, options, last, is_draft)


def draft_on_page(displayed: DisplayedForm, draft: Draft, at: datetime) -> Draft:
    """The list as the page shows it; `draft`, the stored one, where the page does not say."""
    text = displayed.values.get("programmes")
    programmes = draft.programmes if text is None else [int(one) for one in text.split(",") if one]
    if programmes == draft.programmes:
        return draft
    return replace(draft, options=options_of(draft.round, draft.application, programmes, at))


def apply_edit(params: QueryDict, draft: Draft, at: datetime) -> list[int]:
    """The programmes (row ids, in order of choice) after one press of a button.

    Args:
        params: `order` = public ids in the order on the page; one of `up`, `down`, `drop`, `add` = a public id.
    Raises:
        Refused: the programme to add is not of this round, or there is no room for it.
    """
    known = {option.public_id: option.pk for option in draft.options}
    sent = [public_id for public_id in dict.fromkeys(params.getlist("order")) if public_id in known]
    order = sent + [public_id for public_id in known if public_id not in sent]
    for button, step in (("up", -1), ("down", 1)):
        if (public_id := params.get(button, "")) in order:
            rank = order.index(public_id)
            order.insert(max(rank + step, 0), order.pop(rank))
    programmes = [known[public_id] for public_id in order if public_id != params.get("drop")]
    return programmes + _added_programme(params.get("add", ""), programmes, draft, at)


def _added_programme(public_id: str, programmes: list[int], draft: Draft, at: datetime) -> list[int]:
    if not public_id:
        return []
    option = find_option(draft.round, draft.application, public_id, at)
    if option is None:
        raise Refused("这个专业不在本批次的招生计划中", now="请从本批次的专业中选择")
    if option.pk in programmes:
        return []
    if len(programmes) >= draft.round.max_choices:
        raise Refused(f"本批次最多填报{draft.round.max_choices}个志愿", now="请先移除一个，再加入新的")
    if option.why_not:
        raise Refused(f"“{option.name}”不能加入：{option.why_not}", now="请选择其他专业")
    return [option.pk]
