"""Accounts, role assignments, hardware keys and one-time codes. (S23-4.12, T2.08, T2.09)"""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from yangguang.models.base.fields import BlindIndexField, PublicId, RecordedAt, SealedField
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.models.base.triggers import append_only, choices, guard_transitions, known_states
from yangguang.models.organisation.units import Unit
from yangguang.rules.accounts import key_states
from yangguang.rules.accounts.roles import Role
from yangguang.rules.base.names import mask_phone
from yangguang.rules.organisation.sectors import Sector
from yangguang.rules.seasons.policy_keys import MOST_TRIES


class Account(AbstractBaseUser):
    """What one person logs in with: a family by phone and one-time code, an officer by name and key."""

    public_id = PublicId()
    username = models.CharField("账号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40, blank=True)
    phone = SealedField("手机号", null=True, mask=mask_phone)
    phone_hash = BlindIndexField("手机号索引", null=True, db_index=True)
    frozen_at = models.DateTimeField("冻结时间", null=True)
    recorded_at = RecordedAt()

    USERNAME_FIELD = "username"
    objects = BaseUserManager()

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.frozen_at is None


class RoleAssignment(Scoped):
    """A role of one account at a unit, for a time."""

    scope = Scope(unit="unit", sector="sector")

    public_id = PublicId()
    account = models.ForeignKey(Account, models.PROTECT, related_name="role_assignments", verbose_name="账号")
    role = models.CharField("角色", max_length=2, choices=Role.choices())
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="role_assignments", verbose_name="单位")
    sector = models.CharField("主管线", max_length=10, choices=Sector.choices(), blank=True)
    ended_at = models.DateTimeField("卸任时间", null=True)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "岗位"
        constraints = (models.UniqueConstraint(fields=("account", "role", "unit"), name="one_seat_of_a_kind"),)

    def __str__(self) -> str:
        return self.get_role_display()


class SecurityKey(Scoped):
    """A hardware key (优盾), bound to one account; an officer's signature is valid only with it."""

    scope = Scope(unit="unit")

    public_id = PublicId()
    serial = models.CharField("优盾编号", max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="keys", verbose_name="领用单位")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="keys", verbose_name="账号")
    state = models.CharField("状态", max_length=10, choices=choices(key_states.TRANSITIONS), default=key_states.ISSUED)
    credential_id = models.BinaryField("凭据编号", max_length=1024, null=True, unique=True)
    public_key = models.BinaryField("公钥", max_length=2048, null=True)
    sign_count = models.BigIntegerField("签名计数", default=0)
    aaguid = models.CharField("型号标识", max_length=36, blank=True)
    # The code that goes with the key until it is bound; see `actions.accounts.key_binding`.
    binding_hash = models.BinaryField("绑定码摘要", max_length=32, null=True)
    binding_until = models.DateTimeField("绑定码失效时间", null=True)
    binding_tries = models.PositiveSmallIntegerField("绑定码已试次数", default=0)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "优盾"
        triggers = (guard_transitions(key_states.TRANSITIONS),)
        constraints = (
            known_states(key_states.TRANSITIONS, "key_state_known"),
            models.CheckConstraint(condition=models.Q(binding_tries__lte=MOST_TRIES), name="binding_tries_bounded"),
        )


class OneTimeCode(models.Model):
    """A code sent by SMS: six digits, valid for a few tries and minutes (rules), for one act and its content."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, verbose_name="账号")
    phone_hash = BlindIndexField("手机号索引")
    content = models.BinaryField("所办事项摘要", max_length=32)
    code_hash = models.BinaryField("验证码摘要", max_length=32)
    sent_at = RecordedAt()
    expires_at = models.DateTimeField("失效时间")
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = "短信验证码"
        indexes = (models.Index(fields=("phone_hash", "content", "-sent_at"), name="code_newest"),)
        constraints = (models.CheckConstraint(condition=models.Q(tries__lte=MOST_TRIES), name="code_tries_bounded"),)


class KeyChallenge(models.Model):
    """A challenge for a key, bound to the account, the act and its content; it is answered at most once."""

    account = models.ForeignKey(Account, models.CASCADE, verbose_name="账号")
    content = models.BinaryField("所办事项摘要", max_length=32)
    challenge = models.BinaryField("挑战", max_length=64, unique=True)
    created_at = RecordedAt()
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = "优盾挑战"


class IdempotencyKey(models.Model):
    """The first answer to a request, a row that it created or the page it led to; a repeated request gets the same."""

    account = models.BigIntegerField("账号")
    key = models.CharField("请求编号", max_length=64)
    action = models.CharField("动作", max_length=60)
    content = models.BinaryField("内容摘要", max_length=32)
    answer_model = models.CharField("答复类别", max_length=60, blank=True)
    answer_id = models.BigIntegerField("答复编号", null=True)
    location = models.TextField("去向", blank=True)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "请求编号"
        constraints = (models.UniqueConstraint(fields=("account", "key"), name="request_answered_once"),)
        triggers = (append_only(),)
