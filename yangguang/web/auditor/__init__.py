"""The auditor's desk: the log, its proofs, the invariants; it reads everything masked and changes nothing."""
