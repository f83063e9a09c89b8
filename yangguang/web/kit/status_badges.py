"""How a state looks on a page: nine looks of words, shape and colour, one for every state there is."""

from typing import NamedTuple


class Look(NamedTuple):
    """One look: the class in content.css, its drawing in icons.svg, and its words when the caller gives none."""

    name: str
    icon: str
    label: str


LOOKS = {
    "draft": Look("draft", "dash", "草稿·未生效"),
    "submitted": Look("submitted", "send", "已提交"),
    "effective": Look("effective", "check", "已提交·生效"),
    "waiting": Look("waiting", "clock", "等待中"),
    "open": Look("open", "sun", "进行中"),
    "closed": Look("closed", "lock", "已截止"),
    "refused": Look("refused", "cross", "未通过"),
    "returned": Look("returned", "back", "已退回"),
    "done": Look("done", "check", "已完成"),
    # The statuses of a window (rules.seasons.windows.WindowStatus) have their own words.
    "before": Look("waiting", "clock", "未开始"),
    "after": Look("closed", "lock", "已截止"),
    "undated": Look("draft", "dash", "时间待定"),
}
# States of rules/*/*_states.py; a test checks that none is missing. The words come from the state's own table.
STATES = {
    "draft": "DRAFTED REGISTERED CREATED ISSUED",
    "submitted": "SUBMITTED COUNTY_PASSED CITY_PASSED COMPUTED CHECKED PROPOSED REVIEWED EXPORTED RECEIVED",
    "effective": "CHOSEN ACCEPTED HELD BOUND APPROVED PUBLISHED DECIDED CARRIED_OUT",
    "waiting": "OFFERED WAITING COMPLETED OPEN SCHEDULED TIMED REQUESTED COMMENTED",
    "done": "CHECKED_IN CONFIRMED VERIFIED SEALED SENT SETTLED RESTORED REFILLING",
    "returned": "RETURNED",
    "refused": "FAILED LOST REVOKED DISPUTED REFUSED",
    "closed": "WITHDRAWN DECLINED LAPSED ABSENT RELEASED SUPERSEDED CANCELLED ENDED TAKEN_BACK OVERTAKEN",
}
LOOK_OF_STATE = {state: LOOKS[look] for look, states in STATES.items() for state in states.split()}


def look_of(state: str) -> Look:
    """The look of a state or of a window's status, or a look by its name.

    Raises:
        KeyError: unknown, so that no new state appears without a look.
    """
    return LOOK_OF_STATE.get(state) or LOOKS[state]
