"""How a state looks on a page: nine looks, each of words, a shape and a colour, for every state there is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """One look: the class in content.css, its drawing in icons.svg and its words when the caller has none."""

    name: str
    icon: str
    says: str


LOOKS = {
    look.name: look
    for look in (
        Look("draft", "dash", "草稿·未生效"),
        Look("submitted", "send", "已提交"),
        Look("effective", "check", "已提交·生效"),
        Look("waiting", "clock", "等待中"),
        Look("open", "sun", "进行中"),
        Look("closed", "lock", "已截止"),
        Look("refused", "cross", "未通过"),
        Look("returned", "back", "已退回"),
        Look("done", "check", "已完成"),
    )
}
# Standings of a window (rules.seasons.windows.Standing) have their own words.
STANDINGS = {
    "before": Look("waiting", "clock", "未开始"),
    "after": Look("closed", "lock", "已截止"),
    "undated": Look("draft", "dash", "时间待定"),
}
# States of rules/*_states.py; a test holds this complete. The words come from the state's own table.
STATES = {
    "draft": "DRAFTED REGISTERED MADE ISSUED",
    "submitted": "SUBMITTED COUNTY_PASSED CITY_PASSED COMPUTED CHECKED PROPOSED REVIEWED EXPORTED RECEIVED",
    "effective": "CHOSEN ACCEPTED HELD BOUND APPROVED PUBLISHED",
    "waiting": "OFFERED WAITING COMPLETED OPEN SCHEDULED TIMED ASKED COMMENTED",
    "done": "CHECKED_IN CONFIRMED VERIFIED SEALED SENT SETTLED RESTORED REFILLING",
    "refused": "FAILED LOST REVOKED DISPUTED",
    "closed": "WITHDRAWN DECLINED LAPSED ABSENT RELEASED SUPERSEDED CANCELLED ENDED TAKEN_BACK OVERTAKEN",
}
LOOK_OF_STATE = {state: LOOKS[look] for look, states in STATES.items() for state in states.split()}


def look_of(state: str) -> Look:
    """The look of a state, a standing or a look by name.

    Raises:
        KeyError: for a word none of them knows, so that a new state cannot appear without a look.
    """
    return LOOK_OF_STATE.get(state) or STANDINGS.get(state) or LOOKS[state]
