"""Start-up checks: a house with an open door does not start. Run by every command and by the server."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver


@register(Tags.security)
def production_has_its_own_keys(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Outside the demonstration every secret, gateway and clock must be real."""
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


@register(Tags.security, deploy=True)
def production_clock_is_not_shifted(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A practice shift left behind would move every deadline of the province."""
    from django.db import connection

    if settings.DEMO:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM yangguang_practiceclock")
        shifted = cursor.fetchone()[0]
    return (
        [Error("生产库里留有演练时钟偏移", hint="删除演练时钟后再启动", id="yangguang.E010")]
        if shifted
        else []
    )


@register(Tags.security, deploy=True)
def production_takes_some_hardware_key(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Without the root of one model nobody could bind a key, and no officer could come in."""
    from yangguang.gateways.attestation import makers_in

    if settings.DEMO:
        return []
    try:
        makers, wrong = makers_in(settings.KEY_MAKERS), ""
    except ValueError as error:
        makers, wrong = (), str(error)
    if makers:
        return []
    hint = "KEY_MAKERS 设为放型号根证书的目录，见 deploy/env.example"
    return [Error(wrong or "没有任何准用的优盾型号", hint=hint, id="yangguang.E011")]


@register(Tags.urls)
def every_route_is_guarded(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A route that says no right is a hole, however harmless its page looks today."""
    return [
        Error(f"路由 {route} 没有声明权限", hint="用 guard(Right.…) 包住视图", id="yangguang.E020")
        for route, view in routes(get_resolver())
        if not hasattr(view, "right")
    ]


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every (route, view) of the URLconf."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.callback
        else:
            yield from routes(entry, route)
