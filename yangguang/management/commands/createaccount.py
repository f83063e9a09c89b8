"""`yangguang createaccount`: the first officers of an installation."""

import json
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from yangguang import clock
from yangguang.actions.accounts import accounts
from yangguang.management.console import BAD_ARGUMENT, refusals_as_errors
from yangguang.queries.organisation.units import ALL_LEVELS, find_unit
from yangguang.queries.seasons.policy_rules import format_rule
from yangguang.rules.accounts.actors import CONSOLE
from yangguang.rules.accounts.roles import Role
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.seasons import policy_keys


class Command(BaseCommand):
    help = "建立首批工作账号；优盾须由本人登录后绑定"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="登录名")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--role", required=True, choices=[r.value for r in Role], help="角色代码，如 PE")
        parser.add_argument("--unit", default="", help="单位名称或代码；审计员、运维员可不填")
        parser.add_argument("--sector", default="", choices=["", *(sector.value for sector in Sector)])
        parser.add_argument("--key", default="", help="交给本人的优盾编号；给出一次性绑定码")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: object, username: str, role: str, unit: str, **options: str) -> None:
        as_json = bool(options["json"])
        with refusals_as_errors(self, as_json=as_json, code=BAD_ARGUMENT):
            at = find_unit(unit, *ALL_LEVELS) if unit else None
        given = {"name": options["name"], "sector": options["sector"], "serial": options["key"]}
        with refusals_as_errors(self, accounts.NoSuchPost, as_json=as_json, code=BAD_ARGUMENT):
            first = accounts.open_first(by=CONSOLE, username=username, role=Role(role), unit=at, **given)
        document = {"username": username, "role": first.role_assignment.role, "unit": at.name if at else ""}
        if first.code:
            document |= {"binding_code": first.code, "bind_at": f"{settings.PUBLIC_URL.rstrip('/')}/login/key/"}
        self.stdout.write(json.dumps(document, ensure_ascii=False) if as_json else f"已建立账号 {document}")
        if first.code and not as_json:
            valid = format_rule(policy_keys.KEY_BINDING_HOURS, clock.now())
            self.stdout.write(f"绑定码{valid}内有效、只显示这一次，请连同优盾当面交给本人；重做一次给新码")
