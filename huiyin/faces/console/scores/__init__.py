"""The deductions ledger: entries with clause, warning and case; sums that equal their entries; appeals; export."""
