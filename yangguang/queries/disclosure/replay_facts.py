"""The facts of a round in the manifest of its bundle: rules with their sources, seed, program, digests. (F-N1)"""

from dataclasses import asdict

from django.forms import model_to_dict

from yangguang.models import AdmissionRun, LotterySeed
from yangguang.queries.seasons.policy_rules import AnyRule, rules_at_instants
from yangguang.rules.runs.rounds import RoundKind
from yangguang.rules.seasons import policy_keys
from yangguang.rules.seasons.policy_scope import Axis

_TERMS = (
    policy_keys.MAIN_ROUNDS,
    policy_keys.MAX_CHOICES,
    policy_keys.MAX_MAJORS_PER_SCHOOL,
    policy_keys.SILENCE,
    policy_keys.TIE_ORDER,
)
"""What a round takes over when it is opened. How ties at the last seat end stands with each quota."""
_DISCLOSURE = (policy_keys.LAST_SCORE, policy_keys.SMALL_CELL)
_ROUND = ("number", "name", "kind", "max_choices", "max_majors_per_school")

README_TEXT = """录取回放包

里面有：
  manifest.json  批次、规则和依据、抽签种子和它的承诺、程序版本、各项摘要
  programmes.tsv 专业：名额类别、名额、方式、先后、流向、同分办法、录取上限
  rows.tsv       匿名号、可用的名额类别、志愿（专业代码:位次，按顺序；同分组不同时写作 专业代码:位次/同分组）
  list.tsv       公布的名单：匿名号、录取的专业、名额类别

怎样核对：
  1. 从同一网页下载 replay.py（一个文件，只需 Python 3.8 以上）。
  2. 运行  python3 replay.py 这个文件.zip 网页上这个文件的SHA-256
  3. 看到“结论：一致”，就是文件是公布的那一份，您自己的电脑算出了同一份名单。
  不给 SHA-256 也能重算，但只能知道文件自己没有矛盾，不知道它是不是公布的那一份。
  加上  --find 匿名号  可以看自己的一行；匿名号在登录后的“结果与理由”里。

里面没有：姓名、报名号、证件号码、成绩、抽签号，也没有程序没有看过的志愿（录取志愿之后的志愿）和不符合条件的志愿。
录取人数少于公示下限的专业用 M- 开头的代号，它们的志愿各自成行。单独编班的名额和考生不在其中。
正在复核的专业（held_back）在复核结束前不公布。
"""


def load_facts(run: AdmissionRun) -> dict[str, object]:
    """The manifest's round, run, lottery and rules as they were when the run was published."""
    seed = LotterySeed.objects.get(round=run.round)
    assert run.published_at is not None
    return {
        "round": model_to_dict(run.round.season, ("year", "term")) | model_to_dict(run.round, _ROUND),
        "run": model_to_dict(run, ("number", "program", "input_hash", "output_hash"))
        | {"published_at": run.published_at.isoformat()},
        "lottery": {"commitment": seed.commitment, "seed": seed.revealed},
        "rules": [{"key": key, **asdict(rule)} for key, rule in sorted(_list_rules(run).items())],
    }


def _list_rules(run: AdmissionRun) -> dict[str, AnyRule]:
    """The rules that decided, by key: the terms of the round as of its opening, the others as of the publication."""
    assert run.published_at is not None
    opened_at = run.round.opened_at or run.published_at
    rules = rules_at_instants({opened_at, run.published_at}, *_TERMS, *_DISCLOSURE)
    facts = {Axis.ROUND: [RoundKind(run.round.kind).label]}
    rows = {key.name: rules[opened_at].find(key, facts) for key in _TERMS}
    rows |= {key.name: rules[run.published_at].find(key) for key in _DISCLOSURE}
    return {name: rule for name, rule in rows.items() if rule is not None}
