"""The door of the web server: gunicorn and every other WSGI server come in here, past the start-up checks."""

import os
import sys

from django.core.checks import run_checks
from django.core.wsgi import get_wsgi_application

NEVER_BOOTS = 3
"""gunicorn's master ends at this exit code of a worker; at any other it would start the next one for ever."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings")
application = get_wsgi_application()

from yangguang import logs  # noqa: E402  the settings must stand first

logs.configure()


def _refuse_open_doors() -> None:
    """End the process with a sentence for each fault of the start-up checks."""
    faults = [fault for fault in run_checks() if fault.is_serious()]
    for fault in faults:
        now = f"。请{fault.hint}" if fault.hint else ""
        print(f"网站没有启动：{fault.msg}{now}。", file=sys.stderr, flush=True)
    if faults:
        raise SystemExit(NEVER_BOOTS)


_refuse_open_doors()
