"""录取回放: how a list comes about, an example to play with, and each round to be computed again. (F-A12, F-N1)"""

from functools import cache
from hashlib import sha256
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.gateways.ciphers import sm3
from yangguang.models import ReplayBundle
from yangguang.queries.disclosure.bundles import bundles_of, command, file_name
from yangguang.queries.disclosure.public_disclosure import public_rounds, small_cell
from yangguang.queries.disclosure.replay_script import build_script
from yangguang.queries.seasons.seasons import current_season
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound
from yangguang.rules.runs import run_states
from yangguang.web.kit.actor import Request
from yangguang.web.public.base.layout import HOME
from yangguang.web.public.base.page_cache import cache_for_guests
from yangguang.web.public.disclosure import matching_example

YEAR = 365 * 24 * 3600


@cache
def script() -> tuple[bytes, str, str]:
    """The file everybody runs, with its SHA-256 and SM3."""
    content = build_script()
    return content, sha256(content).hexdigest(), sm3(content).hex()


@require_safe
@cache_for_guests
def replay_page(request: Request) -> HttpResponse:
    """The example, the three steps, and the bundles of the season."""
    season, at = current_season(), clock.now()
    example = matching_example.read(request.GET.dict())
    bundles = bundles_of(season.pk if season else 0)
    made = {bundle.run.round_id: (bundle, command(bundle)) for bundle in bundles}
    published = [one for one in public_rounds(season) if one.is_ranked and one.published_at]
    values = {
        "season": season,
        "rounds": [(one, *made.get(one.pk, (None, ""))) for one in published],
        "small": small_cell(at),
        "script": {"size": len(script()[0]), "sha256": script()[1], "sm3": script()[2]},
        "form": matching_example.form(example),
        "played": matching_example.play(example),
        "tries": [(title, urlencode(changes)) for title, changes in matching_example.TRIES],
        "changed": bool(request.GET),
        "trail": [HOME, ("录取回放", "")],
    }
    return render(request, "public/disclosure/replay.html", values)


@require_safe
def replay_script(request: Request) -> HttpResponse:
    """The one Python file."""
    content, digest, _ = script()
    answer = HttpResponse(content, content_type="text/x-python; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="replay.py"'
    answer.headers["ETag"] = f'"{digest[:32]}"'
    return answer


@require_safe
def bundle_file(request: Request, run: UUID) -> HttpResponse:
    """One round's bundle; it never changes, so whoever has it need not ask again."""
    rows = ReplayBundle.objects.for_actor(request.actor, Right.RUN_REPORT_READ_VERIFIER)
    found = (
        rows.filter(run__public_id=run, run__state=run_states.PUBLISHED).select_related("run__round__season").first()
    )
    if found is None:
        raise NotFound("这个批次还没有回放包", why="回放包在结果公布后几分钟内做好", now="请从录取回放的列表下载")
    answer = HttpResponse(bytes(found.content), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(found.run.round)}"'
    answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    answer.headers["ETag"] = f'"{found.sha256[:32]}"'
    return answer
