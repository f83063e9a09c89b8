-- The first answer to a request with this idempotency key. Two copies of a request in flight wait for each other
-- here (20002 is `LockClass.REQUEST`): in a volatile function the second query has a snapshot of its own, so the
-- later copy sees the first answer.
CREATE FUNCTION first_answer(of_account bigint, request_key text)
RETURNS SETOF yangguang_idempotencykey
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(20002, hashtext(of_account || '/' || request_key));
    RETURN QUERY SELECT k.* FROM yangguang_idempotencykey AS k WHERE k.account = of_account AND k.key = request_key;
END
$$;
