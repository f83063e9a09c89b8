"""The settings; all that differs between a laptop, a test and a province is read from the environment here."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from yangguang.postgres.bounded import BoundedConnection, shorten

env = environ.FileAwareEnv()
ROOT = Path(__file__).resolve().parent.parent
VAR = Path(env.str("YANGGUANG_VAR", default=str(ROOT / "var")))

# DEMO adds the demonstration (`yangguang.simulation`), the practice clock and the well-known keys below.
# Everything else is production.
DEMO = env.bool("YANGGUANG_DEMO", default=False)
DEBUG = env.bool("DJANGO_DEBUG", default=False)
# These values are public: `yangguang.checks` refuses to start production with either of them.
DEMO_SECRET_KEY = "demo-only-" + "0" * 50
DEMO_DATA_KEY = "0123456789abcdef0123456789abcdef"
SECRET_KEY = env.str("SECRET_KEY", default=DEMO_SECRET_KEY)
# Keys of personal fields, newest first: "1:hex32,0:hex32". The blind index key never rotates in place.
DATA_KEYS = env.str("YANGGUANG_DATA_KEYS", default=f"1:{DEMO_DATA_KEY}")
INDEX_KEY = env.str("YANGGUANG_INDEX_KEY", default=DEMO_DATA_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "testserver"])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_linear_migrations",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django_htmx",
    "csp",
    "yangguang.apps.YangguangConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "yangguang.web.kit.request_size.SizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yangguang.web.kit.actor.ActorMiddleware",
    "yangguang.web.kit.refusals.RefusalMiddleware",
]
ROOT_URLCONF = "yangguang.urls"
WSGI_APPLICATION = "yangguang.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "yangguang" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "csp.context_processors.nonce",
                "yangguang.web.kit.context.site",
            ],
            "libraries": {"kit": "yangguang.web.kit.tags"},
            "builtins": [f"yangguang.web.kit.{name}" for name in ("tags", "charts", "chart_files")],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default="postgresql:///yangguang")}
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = 0
# A connection is asked whether it lives before it is given out: the first request after a restart of the database
# works like any other, for a tenth of a millisecond each.
_database["CONN_HEALTH_CHECKS"] = True
_options = _database.setdefault("OPTIONS", {})
# Each process keeps its own few connections; a connection per request costs two thirds of the throughput.
# A request waits so many seconds for one and is then answered with 503.
_options["pool"] = {
    "min_size": 1,
    "max_size": env.int("DATABASE_POOL", default=8),
    "timeout": env.float("DATABASE_WAIT", default=3),
}
# How long the server lets a statement run, a lock be waited for and a transaction lie idle. A request is answered
# within 6 s, with a connection (3 s) and a lock (3 s) or without; a job computes between two statements of one
# transaction. `wsgi` and the worker's command name themselves; a command of the console has no limit.
DATABASE_LIMITS = env.str("DATABASE_LIMITS", default="")
_limits = {
    "web": {"statement_timeout": "5s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "30s"},
    "worker": {"statement_timeout": "30min", "lock_timeout": "10min", "idle_in_transaction_session_timeout": "30min"},
}.get(DATABASE_LIMITS, {})
if DATABASE_LIMITS == "web":
    _options["pool"] |= {"connection_class": BoundedConnection, "reset": shorten}
# Seconds until a server that does not answer counts as down, for TCP; a local socket refuses at once.
_options["connect_timeout"] = 3
_options["tcp_user_timeout"] = 6000
# Serving processes run as the role that may not touch the audit log; migrations run as the owner.
_session = {
    "role": env.str("DATABASE_ROLE", default=""),
    # Only for the simulated season, which is run again when it fails: no commit waits for the disk.
    "synchronous_commit": "off" if DEMO and env.bool("DATABASE_HURRY", default=False) else "",
    **_limits,
}
_options["options"] = " ".join(f"-c {name}={value}" for name, value in _session.items() if value)
# Values travel apart from the statement, which the server plans once after it came five times on a connection.
_options["server_side_binding"] = True
_options["prepare_threshold"] = 5
# Behind pgbouncer in transaction mode a prepared statement may belong to another client.
if env.bool("DATABASE_PGBOUNCER", default=False):
    _options["prepare_threshold"] = None
    _database["DISABLE_SERVER_SIDE_CURSORS"] = True

AUTH_USER_MODEL = "yangguang.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "yangguang" / "static"]
WHITENOISE_USE_FINDERS = DEMO or DEBUG
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
LOGIN_URL = "/login/"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20

CSRF_FAILURE_VIEW = "yangguang.web.kit.refusals.csrf_failure"
PROCRASTINATE_IMPORT_PATHS = ["yangguang.jobs.tasks"]
# A long run must not delay messages and the retry of stalled jobs.
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 3}
# A daily job whose hour passed without a worker is queued when the next worker starts, up to a day late.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 86_400}
# The SMS provider (an HTTPS interface, see gateways/sms.py).
SMS_URL = env.str("SMS_URL", default="")
SMS_ACCOUNT = env.str("SMS_ACCOUNT", default="")
SMS_SECRET = env.str("SMS_SECRET", default="")
# Folder with one file per accepted model of hardware key, see gateways/attestation.py; "" accepts none.
KEY_MAKERS = env.str("KEY_MAKERS", default="")
# Gateways: the adapter of each port, by dotted path. The fakes are refused in production.
GATEWAYS = {
    "sms": env.str("GATEWAY_SMS", default="yangguang.gateways.sms.FakeSms"),
    "keys": env.str("GATEWAY_KEYS", default="yangguang.gateways.keys.WebAuthnKeys"),
}
# The demonstration is injected here and nowhere else; the start-up check refuses each of these paths in production.
DEMONSTRATION = ""
if DEMO:
    DEMONSTRATION = "yangguang.simulation.web.SimulatedSite"
    ROOT_URLCONF = "yangguang.simulation.urls"
    MIDDLEWARE.append("yangguang.simulation.web.SignatureMiddleware")
    GATEWAYS["keys"] = "yangguang.simulation.soft_key.DemonstrationKeys"

LOGGING_CONFIG = None  # `yangguang.logs` sets structlog up, with the masking processor first.
