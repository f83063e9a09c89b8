"""注册与实名: one short form for each step, used by the step and by the review. (R7.01, R7.02, F-B1, F-B6)"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.functional import lazy

from yangguang import clock
from yangguang.models import Application, Round, SpecialNeeds, Window
from yangguang.queries.applicants.ages import read_applicant_number
from yangguang.queries.organisation.counties import counties_by_city, own_province
from yangguang.queries.organisation.national_divisions import counties, provinces
from yangguang.queries.seasons.policy_rules import format_rule
from yangguang.queries.seasons.seasons import find_season, list_open_registrations, rounds_of
from yangguang.rules.applicants.origins import PAPERS, Origin
from yangguang.rules.base import id_number
from yangguang.rules.base.free_text import clean_text
from yangguang.rules.base.names import clean_guardian_phone, clean_name
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.windows import format_spoken
from yangguang.web.kit.forms import CleanedChar

NOTICE = "告知书2024-02"
"""Version of the notice a consent is given to; its text is `student/applicants/notice_text.html`."""
ELSEWHERE = "elsewhere"
"""Choice of a family from another province; two further steps ask for the home there."""
Data = Mapping[str, object] | None
RELATIONS = ("父亲", "母亲", "祖父母", "外祖父母", "兄姐", "其他监护人")


def _age() -> str:
    return format_rule(policy_keys.CHILD_UNDER, clock.now())


def _list_consenting() -> list[tuple[str, str]]:
    return [("student", f"考生本人（已满{_age()}）"), ("guardian", "监护人")]


def describe_season(window: Window, rounds: Sequence[Round]) -> str:
    """What registering for the season of a registration window means: when one enters, until when, which rounds."""
    season = window.season
    names = "、".join(round.name for round in rounds) or "还没有公布"
    return (
        f"{season}：{season.year}年{season.get_term_display()}学期入学；"
        f"{format_spoken(window.closes_at, closing=True)}可以报名；批次：{names}"
    )


class SeasonForm(forms.Form):
    """Which of several open seasons; no one is chosen in advance."""

    season = forms.ChoiceField(
        label="报哪一季",
        help_text="每一季单独报名。报名以后，志愿、录取和报到都按这一季的时间办理",
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Data, initial: dict[str, object]) -> None:
        super().__init__(data, initial=initial)
        windows = list_open_registrations()
        labels = {str(one.season.public_id): describe_season(one, rounds_of(one.season)) for one in windows}
        stored = str(initial.get("season", ""))
        if stored and stored not in labels:
            labels[stored] = str(find_season(stored))
        self.fields["season"].choices = list(labels.items())  # type: ignore[attr-defined]


class ConsentForm(forms.Form):
    """Consent before any other question; no box is ticked in advance."""

    consent_by = forms.ChoiceField(
        label="现在是谁在阅读并同意",
        choices=_list_consenting,
        help_text=lazy(lambda: f"考生未满{_age()}的，须由监护人阅读并同意", str)(),
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="我已阅读并同意《个人信息告知书》")


class PersonForm(forms.Form):
    """The name and number as printed on the identity card."""

    name = CleanedChar(
        read=clean_name,
        label="姓名",
        max_length=60,
        help_text="与身份证或户口簿完全一致；姓名中间的点写作“·”",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    id_number = CleanedChar(
        read=lambda text: id_number.read(text).number,
        label="身份证号",
        max_length=64,
        help_text="18位，最后一位可能是X；港澳台居民填居住证号码",
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "hx-post": "/me/register/check-id/",
                # Without the delay the answer could move the button while it is being pressed.
                "hx-trigger": "change delay:400ms",
                "hx-target": "#id_id_number_live",
                "hx-params": "id_number",
            }
        ),
    )

    def __init__(self, data: Data, initial: dict[str, object], *, at: datetime) -> None:
        super().__init__(data, initial=initial)
        self.fields["id_number"].read = lambda text: read_applicant_number(text, at).number  # type: ignore[attr-defined]


class OriginForm(forms.Form):
    """Origin, home, school and track."""

    origin = forms.ChoiceField(label="生源类别", choices=[("", "请选择"), *Origin.choices()])
    home = forms.ChoiceField(
        label="户籍（生源）县", help_text="按市分组；户口或初中学籍所在的县（市、区）；都不在本省的，选最后一项"
    )
    junior_school = CleanedChar(
        read=clean_text, label="毕业学校", max_length=60, required=False, help_text="初中或高中毕业的学校；没有的可不填"
    )
    track = forms.ChoiceField(
        label="录取途径",
        choices=Application.Track.choices,
        initial=Application.Track.CHOOSES,
        widget=forms.RadioSelect,
        help_text="有中招成绩的一般选“填报志愿”；没有成绩的成人考生可选“免试注册”",
    )

    def __init__(self, data: Data, initial: dict[str, object]) -> None:
        super().__init__(data, initial=initial)
        groups = [
            (city, [(str(one.public_id), one.name) for one in units]) for city, units in counties_by_city().items()
        ]
        choices = [("", "请选择"), *groups, (ELSEWHERE, "其他省份（下一步选择）")]
        self.fields["home"].choices = choices  # type: ignore[attr-defined]


class ProvinceForm(forms.Form):
    """The home province; asked first, so that no page lists the counties of the whole country."""

    province = forms.ChoiceField(label="户籍省份", help_text="户口所在的省（自治区、直辖市）")

    def __init__(self, data: Data, initial: dict[str, object]) -> None:
        super().__init__(data, initial=initial)
        ours = own_province().region_code
        others = [(code, name) for code, name in provinces() if code != ours]
        self.fields["province"].choices = [("", "请选择"), *others]  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """The home county in that province, by city."""

    place = forms.ChoiceField(label="户籍县（市、区）", help_text="按市分组")

    def __init__(self, data: Data, initial: dict[str, object], *, province: str) -> None:
        super().__init__(data, initial=initial)
        self.fields["place"].choices = [("", "请选择"), *counties(province).items()]  # type: ignore[attr-defined]


class GuardianForm(forms.Form):
    """The guardian of a minor."""

    guardian_name = CleanedChar(read=clean_name, label="监护人姓名", max_length=60)
    guardian_relation = forms.ChoiceField(label="与考生关系", choices=[("", "请选择"), *((r, r) for r in RELATIONS)])
    guardian_phone = CleanedChar(
        read=clean_guardian_phone,
        label="监护人手机号",
        max_length=40,
        help_text="报名和志愿有变动时通知监护人",
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )


class NeedsForm(forms.Form):
    """Special needs; answering is voluntary."""

    needs = forms.ChoiceField(
        label="特殊教育需要",
        choices=[("", "没有，或不想填写"), *SpecialNeeds.Provision.choices],
        required=False,
        widget=forms.RadioSelect,
        help_text="自愿填写，单独加密保存，不影响录取；“专门编班”的考生使用专门名额",
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the registration."""

    slug: str
    title: str
    form: type[forms.Form]


STEPS = (
    Step("season", "招生季", SeasonForm),
    Step("consent", "告知同意", ConsentForm),
    Step("person", "实名", PersonForm),
    Step("origin", "生源信息", OriginForm),
    Step("province", "户籍省份", ProvinceForm),
    Step("place", "户籍所在地", PlaceForm),
    Step("guardian", "监护人", GuardianForm),
    Step("needs", "特殊需要", NeedsForm),
)
PAPER_ROWS = [(origin.label, "、".join(papers)) for origin, papers in PAPERS.items()]
