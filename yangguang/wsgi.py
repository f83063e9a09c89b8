"""The door of the web server: gunicorn and every other WSGI server come in here."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yangguang.settings")
application = get_wsgi_application()

from yangguang import logs  # noqa: E402  the settings must stand first

logs.configure()
