"""Makes the public bundle of a published run, once, without any decision by a person. (F-N1)"""

from secrets import token_bytes

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import AdmissionRun, ReplayBundle
from yangguang.queries.disclosure.replay import build_bundle
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states

KEY_BYTES = 32


@action("bundle.make", Right.BUNDLE_MAKE)
def make(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> ReplayBundle:
    """Make and store the bundle; a second call for the same run returns the stored one.

    The key of its ids is random, belongs to this round alone, and is stored sealed: a reader who knows every 报名号
    and the lottery's seed still cannot see whose row is whose.

    Raises:
        Refused: not published, or it would not replay.
    """
    run = AdmissionRun.objects.select_for_update(of=("self",)).select_related("round__season").get(pk=run.pk)
    entry.set_subject(run)
    if run.state != run_states.PUBLISHED:
        raise Refused("这次运算没有公布，不能制作回放包", why="回放包公开全部志愿的去向", now="请在公布之后制作")
    bundle: ReplayBundle | None = ReplayBundle.objects.defer("content").filter(run=run).first()
    if bundle is not None:
        entry.add_facts(digest=bundle.sha256, again=True)
        return bundle
    bundle = build_bundle(run, token_bytes(KEY_BYTES))
    bundle.save()
    entry.add_facts(digest=bundle.sha256, rows=bundle.rows)
    return bundle
