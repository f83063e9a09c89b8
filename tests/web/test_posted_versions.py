"""Every act that a page posts is done on the version that the page showed, or stands on a list with the reason. (F-I6)

The acts of a route are read from the code of its view and of the page functions that it calls.
"""

import inspect
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import get_type_hints

from django.urls import get_resolver

from yangguang.actions.base.action import Action
from yangguang.checks import routes

CONFIRMS = {"confirm", "confirm_or_refuse", "if_version"}
"""Each gives the displayed version to an act whose subject has versions."""
REPLACES_NOTHING = {
    "account.ask_sign_in": "no actor yet; a challenge is for one browser",
    "account.enter": "no actor yet; a code is for one browser",
    "account.fact": "no actor yet; tries are counted",
    "account.sign_in": "no actor yet; a challenge is used once",
    "account.start_fresh": "ends what an account sees; a second time changes nothing",
    "answer.lapse": "done by the clock and the rule of the round; nothing is typed",
    "aptitude_test.load": "two people sign the same rows, which the newest report replaces by rule",
    "check_in.take": "a person checked in before is listed as such",
    "code.send": "no actor yet; codes are counted",
    "duplicate.check": "compares everybody at this instant; a case is opened once",
    "exam_result.check_file": "adds a file; the same file is taken once",
    "exam_result.load": "the file that two people checked, by its digest; loaded once",
    "imported.check_file": "adds a file; the same file is taken once",
    "imported.load": "the file that two people checked, by its digest; loaded once",
    "imported.settle": "a row is decided once, by two people",
    "key.ask_binding": "no actor yet; a challenge is for one browser",
    "key.bind": "a key is bound once",
    "notice.publish": "adds a notice",
    "outside.check_file": "adds a file; the same file is taken once",
    "outside.load": "the file that was checked, by its digest; loaded once",
    "person.register": "the review carries all answers that it showed, not those of the session",
    "person.warn": "adds a warning to the log",
    "plan.publish": "publishes what is approved at this instant, once",
    "qualification.publish": "two people sign the same file; it is the newest list by its instant",
    "report.compute": "computes a form from persons; nothing is typed",
    "result.look_up": "a look-up",
    "round.open": "a round is opened once, by two people",
    "sanction.propose": "adds a proposal",
    "waiting.decline": "an offer is answered once",
    "waiting.offer_due": "does now what is done by the hour; nothing is typed",
}
"""Acts on rows without versions that a page posts, and why an older page can do no harm."""
NO_ACT = {
    "login/seat/": "choice of a post",
    "logout/": "log-out",
    "audit/receipts/": "a look-up",
    "me/register/check-id/": "checks a number; stores nothing",
    "me/register/<slug:step>/": "one step in the session; carries the answers that it showed",
    "me/register/<slug:step>/keep/": "one step in the session; carries the answers that it showed",
}


def is_posted(view: object) -> bool:
    """Whether the view takes POST, as its decorator says."""
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            if isinstance(cell.cell_contents, list):
                return "POST" in cell.cell_contents
        view = getattr(view, "__wrapped__", None)
    raise AssertionError("a view without require_safe, require_POST or require_http_methods")


def list_codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from list_codes(const)


def list_functions(view: object, known: set[FunctionType]) -> set[FunctionType]:
    """The view and the functions of pages that it names, directly or through others."""
    view = inspect.unwrap(view)  # type: ignore[arg-type]
    if not isinstance(view, FunctionType) or view in known:
        return known
    known.add(view)
    for code in list_codes(view.__code__):
        values = [view.__globals__.get(name) for name in code.co_names]
        modules = [one for one in values if isinstance(one, ModuleType) and one.__name__.startswith("yangguang.web")]
        values += [getattr(module, name, None) for module in modules for name in code.co_names]
        for value in values:
            if isinstance(value, FunctionType) and value.__module__.startswith("yangguang.web"):
                list_functions(value, known)
    return known


def list_acts(functions: set[FunctionType]) -> Iterator[Action[..., object]]:
    for function in functions:
        for code in list_codes(function.__code__):
            values = [function.__globals__.get(name) for name in code.co_names]
            modules = [one for one in values if isinstance(one, ModuleType) and one.__name__.startswith("yangguang.")]
            values += [getattr(module, name, None) for module in modules for name in code.co_names]
            yield from (value for value in values if isinstance(value, Action))


def list_words(functions: set[FunctionType]) -> set[object]:
    """The names and keywords in the code of the functions."""
    words: set[object] = set()
    for function in functions:
        for code in list_codes(function.__code__):
            words.update(code.co_names)
            for const in code.co_consts:
                words.update(const if isinstance(const, tuple) else {const} if isinstance(const, str) else ())
    return words


def has_versions(act: Action[..., object]) -> bool:
    subject = get_type_hints(act.verb).get(act.spec.on) if act.spec.on else None
    return subject is not None and any(field.name == "version" for field in subject._meta.fields)


def takes_seen(act: Action[..., object]) -> bool:
    return "seen" in inspect.signature(act.verb).parameters


APART = ("gallery", "demo")
POSTED = {
    route: list_functions(view, set())
    for route, view in routes(get_resolver())
    if not route.startswith(APART) and is_posted(view)
}


def test_every_posted_act_is_done_on_the_displayed_version_or_has_a_reason() -> None:
    bare = {
        act.spec.name: route
        for route, functions in POSTED.items()
        for act in list_acts(functions)
        if not has_versions(act) and not takes_seen(act)
    }

    assert len(POSTED) > 70
    assert bare.keys() - REPLACES_NOTHING.keys() == set()
    assert REPLACES_NOTHING.keys() - bare.keys() == set()


def test_every_page_gives_the_version_that_it_displayed_to_its_act() -> None:
    missing = []
    for route, functions in POSTED.items():
        words = list_words(functions)
        for act in list_acts(functions):
            given = "seen" in words if takes_seen(act) else bool(words & CONFIRMS)
            if act.spec.name not in REPLACES_NOTHING and not given:
                missing.append((route, act.spec.name))

    assert missing == []


def test_every_posted_page_without_an_act_has_a_reason() -> None:
    assert {route for route, functions in POSTED.items() if not list(list_acts(functions))} == NO_ACT.keys()
