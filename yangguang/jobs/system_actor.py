"""Who acts when no one presses: the platform itself, with the rights of the operator's jobs and no more."""

from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role

SYSTEM = Actor(role=Role.OPERATOR, name="系统")
