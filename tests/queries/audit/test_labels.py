"""Every fact in the log has Chinese words. (F-I2)"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from yangguang import actions
from yangguang.queries.audit.labels import FACTS, REFUSALS, format_fact, format_subject, list_subjects
from yangguang.rules.base.refusals import Refused

ACTIONS = Path(actions.__file__).parent


def facts_of(path: Path) -> Iterator[str]:
    """The names of the facts in the calls of `entry.add_facts` in one file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "entry.add_facts":
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)


def test_every_fact_of_an_action_has_a_word() -> None:
    facts = {name for path in ACTIONS.rglob("*.py") for name in facts_of(path)}

    assert len(facts) > 50
    assert facts - set(FACTS) == set()


def test_every_refusal_has_a_word() -> None:
    kinds, codes = [Refused], set()
    for kind in kinds:
        codes.add(kind.code)
        kinds += kind.__subclasses__()

    assert codes - set(REFUSALS) == set()


@pytest.mark.parametrize(
    ("action", "key", "value", "label"),
    [
        ("plan.pass_on", "state", "COUNTY_PASSED", ("办理后", "县级已审")),
        ("run.start", "state", "CHECKED", ("办理后", "已核验")),
        ("answer.accept", "factor", "code", ("身份证明", "短信验证码")),
        ("answer.accept", "answer", "wait", ("应答", "接受并候补更高志愿")),
        ("account.found", "role", "AU", ("岗位", "审计员")),
        ("outside.load", "register", "high_school", ("名单", "普通高中录取名单")),
        ("window.set", "kind", "choices", ("事项", "志愿填报")),
        ("record.confirm", "opinion", "NOT_ME", ("意见", "不是我本人或未就读")),
        ("duplicate.settle", "verdict", "STAYS", ("裁定", "本人选择中职，保留")),
        ("code.send", "refused", "window_closed", ("被拒原因", "不在开放时间")),
        ("check_in.take", "refused", {"没有这个报名号": 2}, ("被拒原因", "没有这个报名号 2")),
        ("clock.shift", "to", "2024-07-05T15:00:00+08:00", ("调到", "2024年7月5日15:00")),
        ("root.publish", "day", "2024-07-05", ("日期", "2024年7月5日")),
        ("run.start", "what_if", True, ("试算", "是")),
        ("run.start", "output", "ab" * 32, ("结果摘要", "abababababababab…")),
    ],
)
def test_a_value_is_formatted_in_words(action: str, key: str, value: Any, label: tuple[str, str]) -> None:
    assert format_fact(action, key, value) == label


def test_a_subject_has_a_label_and_is_looked_up_by_it() -> None:
    assert format_subject("plan:0190-ab") == "招生计划 0190-ab"
    assert {"plan:0190-ab"} <= set(list_subjects("招生计划 0190-ab")) & set(list_subjects("0190-ab"))
    assert format_subject("auditroot:2024-07-05") == "每日日志根 2024年7月5日"
    assert "auditroot:2024-07-05" in list_subjects("每日日志根 2024年7月5日")
    assert format_subject("") == ""
    names = [str(m._meta.model_name) for m in apps.get_app_config("yangguang").get_models()]

    assert [name for name in names if format_subject(name).isascii() and not name.endswith("event")] == []
