"""What every test may ask for: a migrated database, Chromium, and pages that fail when the browser complains."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.support.template_database import template

# Other work on the machine makes inputs and examples slow; that says nothing about the code.
hypothesis.settings.register_profile("tests", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("tests")

NAMES = ("chromium", "chromium-browser", "google-chrome")
_DATABASE = {"db", "transactional_db", "live_server"}
"""Fixtures of pytest-django that give a test the database."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The browser is another process, out of reach of the block in `tests.support.database_plugin`.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


def _executable(playwright: Playwright) -> str | None:
    """The browser: `CHROMIUM`, the system's, or the one Playwright fetched; None when there is none."""
    own = playwright.chromium.executable_path
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), own if Path(own).exists() else None]
    return next((path for path in candidates if path), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that one core does not wait for the other in the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy the test database from a migrated one: a tenth of a second instead of all migrations for each worker."""
    test = settings.DATABASES["default"].setdefault("TEST", {})
    test["TEMPLATE"] = template(os.environ["DATABASE_URL"])


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Public pages are kept a few seconds; a test must not see the page of the one before."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def _reference_rules(request: pytest.FixtureRequest) -> None:
    """No number of policy is assumed: every test with a database has the rule rows that the platform ships.

    Tests whose rows are committed have them from `tests.support.builders.crowd.committed`.
    """
    if "committed" in request.fixturenames:
        return
    if request.node.get_closest_marker("django_db") or _DATABASE & {*request.fixturenames}:
        request.getfixturevalue("_django_db_helper")
        from tests.support.builders.policy import add_reference_rules, add_working_calendar

        add_reference_rules()
        add_working_calendar()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; without one the test is skipped, or fails where browsers are required.

    It ends with its file, because its loop would count as the loop of every later test of the process.
    """
    from django.db import connections

    # Playwright's loop runs in this thread, which Django takes for asynchronous code; there it has connections of
    # its own, and one that is left open on either side would keep the test database from being dropped.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()
    with sync_playwright() as playwright:
        if (path := _executable(playwright)) is None:
            say = pytest.fail if os.environ.get("YANGGUANG_BROWSER") == "required" else pytest.skip
            say("找不到 Chromium：请运行 make browser，或用环境变量 CHROMIUM 指明浏览器的位置")
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        connections.close_all()
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh Chinese browser window; an uncaught script error or a blocked inline script fails the test."""
    context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce")
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    yield tab
    context.close()
    assert complaints == []
