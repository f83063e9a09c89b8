"""The port through which a demonstration adds to the site; production has none."""

from collections.abc import Mapping
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from yangguang.models import AdmissionRun, Round
from yangguang.rules.base.refusals import Refused


class Demonstration(Protocol):
    """What a demonstration does beyond the site. Its implementation is named in `settings.DEMONSTRATION`."""

    def fragment(self, place: str, context: Mapping[str, object]) -> SafeString:
        """HTML for a named place of a page; "" adds nothing.

        Args:
            place: the name that the template gives in `{% demonstration "…" %}`.
            context: the template's variables, and the tag's own arguments.
        """
        ...

    def start_run(self, round: Round, username: str) -> AdmissionRun:
        """Start an official run from the console, signed for an officer.

        Args:
            username: the officer; "" for any officer of the province's education department.
        Raises:
            Refused: the console may not sign here, or there is no such officer.
        """
        ...


class NoDemonstration:
    """Production: nothing is added to a page, and only officers sign."""

    def fragment(self, place: str, context: Mapping[str, object]) -> SafeString:
        return SafeString("")

    def start_run(self, round: Round, username: str) -> AdmissionRun:
        raise Refused("控制台只能试算", why="正式运算须本人用优盾签名", now="请在批次页面发起，或加 --what-if")


def get_demonstration() -> Demonstration:
    """The demonstration named in the settings, or none."""
    if not settings.DEMONSTRATION:
        return NoDemonstration()
    demonstration: Demonstration = import_string(settings.DEMONSTRATION)()
    return demonstration
