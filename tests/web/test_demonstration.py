"""Production without the simulation: no page, persona or signature of it exists, and none of its code is loaded."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from tests.support.builders.officers import seen
from tests.support.builders.public_season import PublicSeason
from tests.support.builders.web_season import text
from tests.support.clients import options_in
from tests.support.personas import Personas
from tests.support.production import SIMULATION, leave_demonstration
from yangguang.checks import production_names_no_simulation
from yangguang.web.kit.demonstration import NoDemonstration, get_demonstration

LOADED = """
import json, sys
import django
django.setup()
from django.urls import get_resolver
from yangguang.checks import routes
import yangguang.wsgi
found = {
    "routes": [route for route, _ in routes(get_resolver())],
    "loaded": [name for name in sys.modules if name.startswith("yangguang.simulation")],
}
json.dump(found, sys.stdout)
"""


@pytest.fixture
def browser(settings: Settings) -> Client:
    """A browser at the site in the settings of production."""
    leave_demonstration(settings)
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("method", ["get", "post"])
def test_there_is_no_page_of_personas(personas: Personas, browser: Client, method: str) -> None:
    answer = getattr(browser, method)("/demo/", {"seat": "ME-me"})

    assert (answer.status_code, "account" in browser.session) == (404, False)


def test_the_first_page_names_no_persona(personas: Personas, browser: Client) -> None:
    answer = browser.get("/")

    assert ("演示" in text(answer), 'name="seat"' in answer.content.decode()) == (False, False)


def test_the_server_signs_nothing(personas: Personas, browser: Client) -> None:
    asked = browser.post("/login/staff/", {"username": "ce"})

    answer = browser.post("/login/staff/", {"username": "ce", "_demo_sign": json.dumps(options_in(asked))})

    assert ("account" in browser.session, "演示优盾" in text(answer)) == (False, False)


def test_without_a_path_in_the_settings_there_is_no_demonstration(settings: Settings) -> None:
    leave_demonstration(settings)

    assert isinstance(get_demonstration(), NoDemonstration)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEMONSTRATION", SIMULATION + "web.SimulatedSite"),
        ("ROOT_URLCONF", SIMULATION + "urls"),
        ("MIDDLEWARE", [SIMULATION + "web.SignatureMiddleware"]),
        ("GATEWAYS", {"keys": SIMULATION + "soft_key.DemonstrationKeys"}),
    ],
)
def test_every_path_to_the_simulation_is_refused_at_the_start(settings: Settings, name: str, value: Any) -> None:
    leave_demonstration(settings)

    assert production_names_no_simulation(None) == []

    setattr(settings, name, value)

    faults = [(fault.id, fault.msg) for fault in production_names_no_simulation(None)]

    assert faults == [("yangguang.E013", f"设置 {name} 指向演示程序")]
    settings.DEMO = True

    assert production_names_no_simulation(None) == []


def test_the_running_site_loads_nothing_of_the_simulation() -> None:
    """A separate site, with every route resolved, past the start-up checks."""
    production = {
        "SECRET_KEY": "s" * 60,
        "YANGGUANG_DATA_KEYS": "1:" + "a" * 32,
        "YANGGUANG_INDEX_KEY": "b" * 32,
        "GATEWAY_SMS": "yangguang.gateways.sms.HttpSms",
        "DJANGO_SETTINGS_MODULE": "yangguang.settings",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    }
    env = {name: value for name, value in os.environ.items() if name != "YANGGUANG_DEMO"} | production

    done = subprocess.run(
        [sys.executable, "-c", LOADED], env=env, cwd=configured.ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)

    assert (found["loaded"], "demo/" in found["routes"]) == ([], False)
    assert len(found["routes"]) > 80


def test_the_demonstration_says_what_it_is_and_its_roles_open_doors(public_season: PublicSeason) -> None:
    page = public_season.get("/").content.decode()

    assert "这是演示站点" in page
    assert "进入为市教育局" in page
    value = page.split("进入为市教育局")[0].rsplit('name="seat" value="', 1)[1].split('"')[0]

    assert public_season.client.post("/demo/", {"seat": value}).headers["Location"] == "/desk/"


def test_outside_of_the_demonstration_no_role_is_offered(public_season: PublicSeason, settings: Settings) -> None:
    leave_demonstration(settings)
    page = public_season.get("/").content.decode()

    assert "演示" not in seen(public_season.get("/"))
    assert 'name="seat"' not in page
