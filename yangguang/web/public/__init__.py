"""What everyone may see without logging in: schools, plans, rules, results, proofs."""
