"""Limits that run: their records, the watch that looks when they pass, and the check that none is lost."""
