"""One tree of units for both sectors: who reports to whom, which is not the tree of region codes. (R1.01, R1.02)"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from yangguang.models.base.fields import PublicId, RecordedAt
from yangguang.models.base.scoping import Scope, Scoped
from yangguang.rules.organisation.sectors import Sector

models.CharField.register_lookup(Length)


class Unit(Scoped):
    """An area with its bureaus, or a school. `path` is the row ids from the root, "1/17/204/"."""

    class Level(models.TextChoices):
        PROVINCE = "PROVINCE", "省"
        CITY = "CITY", "市"
        COUNTY = "COUNTY", "县（市、区）"
        SCHOOL = "SCHOOL", "学校"
        JUNIOR_SCHOOL = "JUNIOR", "初中学校"

    scope = Scope(unit="self", sector="sector", public=~Q(level="JUNIOR"))

    public_id = PublicId()
    code = models.CharField("单位代码", max_length=24, unique=True)
    name = models.CharField("单位名称", max_length=60)
    pinyin = models.CharField("拼音", max_length=200, blank=True)
    initials = models.CharField("拼音首字母", max_length=60, blank=True)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    # The governing level (主管) of a school decides who approves its plans and records.
    governed_by = models.CharField("主管层级", max_length=10, choices=Level.choices, blank=True)
    kind = models.CharField("单位类别", max_length=20)
    sector = models.CharField("主管线", max_length=10, choices=Sector.choices(), blank=True)
    owner = models.CharField("举办性质", max_length=10, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上级单位")
    path = models.CharField("层级路径", max_length=120, db_index=True, blank=True)
    region_code = models.CharField("行政区划代码", max_length=6, blank=True)
    source = models.CharField("来源", max_length=200, blank=True)
    # Empty for a unit that was always there; one that opens in the middle of a year files no form of the months before.
    opened_on = models.DateField("设立日期", null=True)
    is_demo = models.BooleanField("演示数据", default=False)
    is_new = models.BooleanField("新增学校", default=False)
    recorded_at = RecordedAt()

    class Meta:
        verbose_name = "单位"
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("parent", "name"), name="unit_name_once_under_parent"),)
        indexes = (
            models.Index(fields=("path",), opclasses=("varchar_pattern_ops",), name="unit_path_prefix"),
            models.Index(fields=("level", "name"), name="unit_level_name"),
        )

    def __str__(self) -> str:
        return self.name


class Qualification(Scoped):
    """A school may recruit in one year because it is in the published list. (S23-5.07, R1.04)"""

    scope = Scope(unit="unit", sector="unit__sector", public=Q(published_at__isnull=False))

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="qualifications", verbose_name="学校")
    year = models.PositiveSmallIntegerField("招生年度")
    basis = models.CharField("依据文件", max_length=200)
    as_of = models.DateField("名录基准日")
    published_at = models.DateTimeField("公布时间", null=True)

    class Meta:
        verbose_name = "招生资质"
        constraints = (models.UniqueConstraint(fields=("unit", "year"), name="qualified_once_a_year"),)

    def __str__(self) -> str:
        return f"{self.year}年招生资质"
