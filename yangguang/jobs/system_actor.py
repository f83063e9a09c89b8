"""The actor of background jobs: the platform, with the rights of an operator."""

from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.roles import Role

SYSTEM = Actor(role=Role.OPERATOR, name="系统")
