"""The auditor's desk: the log, its verification, the invariants; it reads masked data and changes nothing."""
