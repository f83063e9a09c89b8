"""录取回放: how a list is computed, an example to change, and the files to compute each round again. (F-A12, F-N1)"""

from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang import clock
from yangguang.gateways.ciphers import sm3
from yangguang.models import ReplayBundle, Season
from yangguang.queries.disclosure.bundles import build_bundle_proof, build_check_command, list_bundles, name_bundle_file
from yangguang.queries.disclosure.public_disclosure import PublicRound, list_public_rounds, read_small_cell
from yangguang.queries.disclosure.replay_script import build_script
from yangguang.queries.seasons.seasons import current_season
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import NotFound, Refused
from yangguang.rules.runs import run_states
from yangguang.web.kit.actor import Request
from yangguang.web.public.base.layout import HOME
from yangguang.web.public.base.page_cache import cache_for_guests
from yangguang.web.public.disclosure import matching_example


@cache
def load_script() -> dict[str, Any]:
    """The replay file, with its SHA-256 and SM3."""
    content = build_script()
    return {"content": content, "sha256": sha256(content).hexdigest(), "sm3": sm3(content).hex()}


@require_safe
@cache_for_guests
def replay_page(request: Request) -> HttpResponse:
    """The example, the three steps, and the bundles of the season."""
    season, at = current_season(), clock.now()
    example = matching_example.read_example(request.GET.dict())
    values = {
        "season": season,
        "rounds": _list_rounds(season),
        "small": read_small_cell(at),
        "script": load_script(),
        "form": matching_example.build_form(example),
        "played": matching_example.play(example),
        "tries": [(title, urlencode(changes)) for title, changes in matching_example.TRIES],
        "changed": bool(request.GET),
        "trail": [HOME, ("录取回放", "")],
    }
    return render(request, "public/disclosure/replay.html", values)


def _list_rounds(season: Season | None) -> list[tuple[PublicRound, ReplayBundle | None, str]]:
    """The published rounds with their bundles and the commands that check them."""
    bundles = {bundle.run.round_id: bundle for bundle in list_bundles(season)}
    rounds = [round for round in list_public_rounds(season) if round.has_published_list]
    commands = {pk: build_check_command(bundle) for pk, bundle in bundles.items()}
    return [(round, bundles.get(round.pk), commands.get(round.pk, "")) for round in rounds]


@require_safe
def replay_script(request: Request) -> HttpResponse:
    """The one Python file."""
    headers = {"Content-Disposition": 'attachment; filename="replay.py"', "ETag": f'"{load_script()["sha256"][:32]}"'}
    return HttpResponse(load_script()["content"], content_type="text/x-python; charset=utf-8", headers=headers)


@require_safe
def bundle_file(request: Request, run: UUID) -> HttpResponse:
    """One round's bundle; it never changes, so caches keep it for a year."""
    bundle = _get_bundle(request, run)
    headers = {
        "Content-Disposition": f'attachment; filename="{name_bundle_file(bundle.run.round)}"',
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{bundle.sha256[:32]}"',
    }
    return HttpResponse(bytes(bundle.content), content_type="application/zip", headers=headers)


@require_safe
def bundle_proof(request: Request, run: UUID) -> HttpResponse:
    """The proof that the digest of the bundle lies in the log under a daily root."""
    bundle = _get_bundle(request, run)
    proof = build_bundle_proof(bundle)
    if proof is None:
        why = "日志根每天凌晨公布一次，公布后才能证明"
        raise Refused("这个回放包的证明还没有", why=why, now="请明天再来下载")
    name = name_bundle_file(bundle.run.round).replace(".zip", ".proof.json")
    return JsonResponse(proof, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _get_bundle(request: Request, run: UUID) -> ReplayBundle:
    rows = ReplayBundle.objects.for_actor(request.actor, Right.RUN_REPORT_READ_VERIFIER)
    rows = rows.filter(run__public_id=run, run__state=run_states.PUBLISHED).select_related("run__round__season")
    bundle: ReplayBundle | None = rows.first()
    if bundle is None:
        raise NotFound("这个批次还没有回放包", why="回放包在结果公布后几分钟内做好", now="请从录取回放的列表下载")
    return bundle
