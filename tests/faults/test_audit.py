"""The log under eight threads on one chain has no gap and no fork; without its guard it has."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tests.support.builders.crowd import at_once, wipe
from yangguang.actions.base import audit
from yangguang.actions.base.audit_record import AuditRecord
from yangguang.models import AuditChainHead, AuditEntry
from yangguang.queries.audit.log_chain import find_broken_links
from yangguang.rules.accounts.actors import GUEST

THREADS, EACH = 8, 25
GUARD = "WHERE shard = %s AND length = %s AND link = %s RETURNING shard"
NO_GUARD = "WHERE shard = %s AND (%s::bigint, %s::bytea) IS NOT NULL RETURNING shard"


def writes(shard: int) -> Callable[[], int]:
    """One thread's entries on one chain, every fourth transaction rolled back after it wrote."""

    def act() -> int:
        audit._ends.shard, audit._ends.end = shard, None
        for n in range(EACH):
            with transaction.atomic():
                audit.write(AuditRecord("test.write", GUEST))
                if n % 4 == 3:
                    transaction.set_rollback(True)
        return EACH

    return act


def count_committed() -> int:
    return THREADS * sum(n % 4 != 3 for n in range(EACH))


@pytest.mark.parametrize("chains", [1, 3])
def test_eight_threads_write_chains_without_gap_or_fork(committed: None, chains: int) -> None:
    answers = at_once([writes(n % chains) for n in range(THREADS)], THREADS)

    assert answers == [EACH] * THREADS
    assert list(find_broken_links()) == []
    assert (
        AuditEntry.objects.count() == count_committed() == sum(AuditChainHead.objects.values_list("length", flat=True))
    )


def test_without_the_conditional_append_the_chain_breaks(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert GUARD in audit._APPEND
    monkeypatch.setattr(audit, "_APPEND", audit._APPEND.replace(GUARD, NO_GUARD))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE yangguang_auditentry DROP CONSTRAINT audit_no_gap_no_fork")
    try:
        at_once([writes(0)] * THREADS, THREADS)
        assert list(find_broken_links()) != []
    finally:
        wipe()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE yangguang_auditentry ADD CONSTRAINT audit_no_gap_no_fork UNIQUE (shard, position)"
            )


def test_a_fork_is_refused_by_the_table_itself(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_APPEND", audit._APPEND.replace(GUARD, NO_GUARD))
    answers = at_once([writes(0)] * THREADS, THREADS)

    assert any(type(answer).__name__ in ("IntegrityError", "UniqueViolation") for answer in answers)
