"""The student's desk: registration, choices, receipt, progress with reasons, answer, record, who looked."""
