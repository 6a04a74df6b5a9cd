"""Spreadsheets: an old ledger or another system's list becomes cases, row by row, each row with its own verdict."""
