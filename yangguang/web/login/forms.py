"""What is typed to log in."""

from django import forms
from django.utils.functional import lazy

from yangguang import clock
from yangguang.queries.seasons.policy_rules import format_rule
from yangguang.rules.base.names import clean_phone
from yangguang.rules.base.numbers import clean_code
from yangguang.rules.base.refusals import Refused
from yangguang.rules.seasons import policy_keys
from yangguang.web.kit.forms import CleanedChar


def _clean_six_digits(text: str) -> str:
    code = clean_code(text)
    if not (len(code) == 6 and code.isascii() and code.isdecimal()):
        raise Refused("验证码是 6 位数字", now="请照短信核对后重新输入")
    return code


class PhoneForm(forms.Form):
    """A family's mobile number."""

    phone = CleanedChar(
        read=clean_phone,
        label="手机号",
        help_text="考生本人或监护人的手机号；没有注册过的会自动建立账号",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )


def _code_help() -> str:
    minutes = format_rule(policy_keys.CODE_MINUTES, clock.now())
    return f"6 位数字，{minutes}内有效。任何人向您要验证码都不要给"


class CodeForm(PhoneForm):
    """The code that was sent to the number, which is repeated in a hidden field."""

    phone = CleanedChar(read=clean_phone, max_length=40, widget=forms.HiddenInput)
    code = CleanedChar(
        read=_clean_six_digits,
        label="短信验证码",
        help_text=lazy(_code_help, str)(),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


def _username(help_text: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
    return forms.CharField(label="登录名", help_text=help_text, max_length=40, widget=widget)


class NameForm(forms.Form):
    """An officer's log-in name."""

    username = _username("由上级主管部门开设账号时告知；登录须同时使用本人优盾")


def _binding_help() -> str:
    hours, tries = (
        format_rule(key, clock.now()) for key in (policy_keys.KEY_BINDING_HOURS, policy_keys.KEY_BINDING_TRIES)
    )
    return f"随优盾一起交给您的 12 位字母和数字，大小写、横线都可以。{hours}内有效，最多试{tries}"


class BindForm(forms.Form):
    """The log-in name of a new key's holder, and the code that was handed over with the key."""

    username = _username("开设账号时告知")
    code = forms.CharField(
        label="绑定码",
        help_text=lazy(_binding_help, str)(),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
