"""Tests run in the demonstration's settings, as `make demo` does; this leaves them for those of production."""

from pytest_django import Settings

SIMULATION = "yangguang.simulation."


def leave_demonstration(settings: Settings) -> None:
    """Change pytest-django's `settings` into those of production: nothing of the simulation is named in them.

    The keys and the text message gateway stay those of the tests.
    """
    settings.DEMO = False
    settings.DEMONSTRATION = ""
    settings.ROOT_URLCONF = "yangguang.urls"
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if not path.startswith(SIMULATION)]
    settings.GATEWAYS = settings.GATEWAYS | {"keys": "yangguang.gateways.keys.WebAuthnKeys"}
