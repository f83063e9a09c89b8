"""The WSGI application; it does not start when a start-up check fails."""

import os
import sys

from django.core.checks import run_checks
from django.core.wsgi import get_wsgi_application

WORKER_BOOT_ERROR = 3
"""gunicorn's master ends at this exit code of a worker; at any other it starts a new worker."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings")
os.environ.setdefault("DATABASE_LIMITS", "web")
application = get_wsgi_application()

from yangguang import logs  # noqa: E402  the settings must be set first

logs.configure()


def _refuse_faulty_start() -> None:
    """End the process with a sentence for each serious fault of the start-up checks."""
    faults = [fault for fault in run_checks() if fault.is_serious()]
    for fault in faults:
        now = f"。请{fault.hint}" if fault.hint else ""
        print(f"网站没有启动：{fault.msg}{now}。", file=sys.stderr, flush=True)
    if faults:
        raise SystemExit(WORKER_BOOT_ERROR)


_refuse_faulty_start()
