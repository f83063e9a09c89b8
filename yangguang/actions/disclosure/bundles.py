"""Making the public bundle of a published run, once; nobody decides anything in it. (F-N1)"""

from hashlib import sha256
from secrets import token_bytes

from yangguang.actions.base.action import action
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.gateways.ciphers import sm3
from yangguang.models import AdmissionRun, ReplayBundle
from yangguang.queries.disclosure import replay
from yangguang.rules.accounts.actors import Actor
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import Refused
from yangguang.rules.runs import run_states

KEY_BYTES = 32


@action("bundle.make", Right.BUNDLE_MAKE)
def make(entry: AuditRecord, *, by: Actor, run: AdmissionRun) -> ReplayBundle:
    """Make and keep the bundle; asked again, the same run gives the same bundle.

    The key of its ids is random, belongs to this round alone, and is kept sealed: whoever knows every 报名号 and the
    lottery's seed still cannot tell whose row is whose.

    Raises:
        Refused: not published, or it would not replay.
    """
    run = AdmissionRun.objects.select_for_update(of=("self",)).select_related("round__season").get(pk=run.pk)
    entry.set_subject(run)
    if run.state != run_states.PUBLISHED:
        raise Refused("这次运算没有公布，不能制作回放包", why="回放包公开全部志愿的去向", now="请在公布之后制作")
    known: ReplayBundle | None = ReplayBundle.objects.defer("content").filter(run=run).first()
    if known is not None:
        entry.add_facts(digest=known.sha256, again=True)
        return known
    key = token_bytes(KEY_BYTES)
    made = replay.make(run, key)
    bundle: ReplayBundle = ReplayBundle.objects.create(
        run=run,
        key=key.hex(),
        content=made.content,
        size=len(made.content),
        sha256=sha256(made.content).hexdigest(),
        sm3=sm3(made.content).hex(),
        list_sm3=made.list_sm3,
        rows=made.rows,
        programmes=made.programmes,
        masked=made.masked,
        left_out=made.left_out,
        is_cut=made.is_cut,
    )
    entry.add_facts(digest=bundle.sha256, rows=bundle.rows)
    return bundle
