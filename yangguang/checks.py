"""Start-up checks, run by every command and by the server: an unsafe configuration does not start.

Those registered with `deploy` run with `check --deploy` only.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from psycopg import errors

from yangguang.localdb import Cluster

CONNECT_TIMEOUT = 3
"""Seconds a check waits for the database."""
NO_TABLES = (errors.UndefinedTable, errors.UndefinedFunction, errors.UndefinedColumn)


@register(Tags.security)
def production_has_its_own_keys(app_configs: object, **kwargs: object) -> list[Error]:
    """Refuse demonstration keys, fake gateways and DEBUG in production."""
    if settings.DEMO:
        return []
    faults = []
    if settings.SECRET_KEY == settings.DEMO_SECRET_KEY:
        faults.append(("SECRET_KEY 仍是演示值", "设置环境变量 SECRET_KEY"))
    if settings.DEMO_DATA_KEY in settings.DATA_KEYS or settings.INDEX_KEY == settings.DEMO_DATA_KEY:
        faults.append(("个人信息密钥仍是演示值", "设置 YANGGUANG_DATA_KEYS 与 YANGGUANG_INDEX_KEY"))
    faults += [
        (f"外部通道 {port} 仍是仿真通道", f"设置 GATEWAY_{port.upper()}")
        for port, path in settings.GATEWAYS.items()
        if ".Fake" in path
    ]
    if settings.DEBUG:
        faults.append(("DEBUG 在生产环境打开", "去掉 DJANGO_DEBUG"))
    return [Error(what, hint=hint, id=f"yangguang.E00{n}") for n, (what, hint) in enumerate(faults, 1)]


@register(Tags.security)
def production_names_no_simulation(app_configs: object, **kwargs: object) -> list[Error]:
    """Refuse settings that name the simulation, which signs for officers, in production."""
    if settings.DEMO:
        return []
    return [
        Error(f"设置 {name} 指向演示程序", hint="去掉 yangguang.simulation 的路径", id="yangguang.E013")
        for name in sorted(set(dir(settings)))
        if name.isupper() and "yangguang.simulation" in repr(getattr(settings, name))
    ]


@register(Tags.security)
def production_clock_is_not_shifted(app_configs: object, **kwargs: object) -> list[Error]:
    """Refuse a clock shift of a practice season in production: it would move every deadline."""
    if settings.DEMO:
        return []
    try:
        with _connect() as link:
            shifted = link.execute("SELECT FROM yangguang_practiceclock").fetchone() is not None
    except (psycopg.OperationalError, errors.UndefinedTable):
        # Without a database, or before the first `migrate`, there is no shift. The server starts all the same, and
        # its pages report that the database does not answer.
        return []
    hint = "核对这不是演练库，执行 DELETE FROM yangguang_practiceclock 后再启动"
    return [Error("生产库里留有演练时钟偏移", hint=hint, id="yangguang.E010")] if shifted else []


@register(Tags.security)
def the_working_calendar_is_loaded(app_configs: object, **kwargs: object) -> list[Warning]:
    """Warn when the working days of this year are not loaded: terms that count them have no end until they are."""
    if settings.DEMO:
        return []
    query = (
        "SELECT count(*) FROM yangguang_calendarday"
        " WHERE day >= date_trunc('year', now()) AND day < date_trunc('year', now()) + interval '11 months'"
    )
    try:
        with _connect() as link:
            row = link.execute(query).fetchone()
    except (psycopg.OperationalError, errors.UndefinedTable):
        return []
    hint = "按国家公布的放假安排运行 yangguang load-calendar FILE，或由省级在“工作日历”页面载入"
    return [] if row and row[0] else [Warning("今年的工作日历还没有载入", hint=hint, id="yangguang.W014")]


@register(Tags.security, deploy=True)
def production_database_has_a_plain_owner(app_configs: object, **kwargs: object) -> list[Error]:
    """Refuse a superuser, who bypasses the protection of the audit log, and the embedded server.

    Raises:
        psycopg.OperationalError: the database does not answer.
    """
    if settings.DEMO:
        return []
    with _connect() as link:
        embedded = link.info.host == str(Cluster(settings.VAR).sockets)
        # A session may return to the role it logged in with, whatever DATABASE_ROLE says.
        query = "SELECT rolname FROM pg_roles WHERE rolsuper AND rolname IN (session_user, current_user)"
        superuser = link.execute(query).fetchone()
    what, hint = "数据库是演示用的内置服务器，它的超级用户没有口令", "把 DATABASE_URL 指向正式的 PostgreSQL"
    if superuser and not embedded:
        what = f"连接数据库的角色 {superuser[0]} 是超级用户，审计日志的保护对它无效"
        hint = "另建普通角色作为数据库所有者，写进 DATABASE_URL，见 deploy/README.md"
    return [Error(what, hint=hint, id="yangguang.E012")] if embedded or superuser else []


@register(Tags.security)
def a_serving_process_cannot_rewrite_the_log(app_configs: object, **kwargs: object) -> list[Error]:
    """Refuse to serve with a log-in of the database that could rewrite the log, the rules or the clock.

    A session may return to the role it logged in with, so that one is asked, not the role that it has taken.
    """
    if settings.DEMO or settings.DATABASE_LIMITS not in ("web", "worker"):
        return []
    try:
        with _connect() as link:
            powers = [row[0] for row in link.execute(_POWERS).fetchall()]
    except (psycopg.OperationalError, *NO_TABLES):
        return []
    what = f"数据库登录账号权限过大：{'、'.join(powers)}"
    hint = "把 DATABASE_URL 换成 yangguang_web 或 yangguang_worker，见 deploy/README.md"
    return [Error(what, hint=hint, id="yangguang.E015")] if powers else []


_WRITE = "INSERT, UPDATE, DELETE, TRUNCATE"
_REWRITE = "UPDATE, DELETE, TRUNCATE, TRIGGER"
_POWERS = f"""
SELECT what FROM (VALUES
    (1, '是超级用户', (SELECT rolsuper FROM pg_roles WHERE rolname = session_user)),
    (2, '可以建账号', (SELECT rolcreaterole FROM pg_roles WHERE rolname = session_user)),
    (3, '可以变成表的所有者', (SELECT bool_or(pg_has_role(session_user, relowner, 'MEMBER'))
                               FROM pg_class WHERE oid = 'yangguang_auditentry'::regclass)),
    (4, '可以改审计日志', has_table_privilege(session_user, 'yangguang_auditentry', '{_REWRITE}')),
    (5, '可以改日志根', has_table_privilege(session_user, 'yangguang_auditroot', '{_REWRITE}')),
    (6, '可以改政策规则', has_table_privilege(session_user, 'yangguang_policyrule', '{_WRITE}')),
    (7, '可以拨时钟', has_table_privilege(session_user, 'yangguang_practiceclock', '{_WRITE}'))
) AS power(number, what, is_held) WHERE is_held ORDER BY number
"""


@register(Tags.security, deploy=True)
def production_takes_some_hardware_key(app_configs: object, **kwargs: object) -> list[Error]:
    """Refuse an empty list of key models: no officer could bind a key and sign in."""
    from yangguang.gateways.attestation import makers_in

    if settings.DEMO:
        return []
    what = "没有任何准用的优盾型号"
    try:
        if makers_in(settings.KEY_MAKERS):
            return []
    except ValueError as error:
        what = str(error)
    return [Error(what, hint="KEY_MAKERS 设为放型号根证书的目录，见 deploy/env.example", id="yangguang.E011")]


@register(Tags.urls)
def every_route_is_guarded(app_configs: object, **kwargs: object) -> list[Error]:
    """Refuse a route whose view has no `guard(Right.…)`."""
    return [
        Error(f"路由 {route} 没有声明权限", hint="用 guard(Right.…) 包住视图", id="yangguang.E020")
        for route, view in routes(get_resolver())
        if not hasattr(view, "right")
    ]


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every (route, view) of the URLconf, nested ones with their prefix."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        else:
            yield from routes(entry, route)


def lacks_tables(error: BaseException) -> bool:
    """Whether a statement failed because tables are missing or older than the program."""
    return isinstance(error, NO_TABLES) or isinstance(error.__cause__, NO_TABLES)


def _connect() -> psycopg.Connection[Any]:
    """Connect outside the pool, which must not be open when a server forks and waits longer."""
    return psycopg.connect(**{"connect_timeout": CONNECT_TIMEOUT, **connection.get_connection_params()})
