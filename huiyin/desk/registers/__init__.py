"""Registers: the running lists that clauses ask a unit to keep, with the columns that the regulation declares."""
