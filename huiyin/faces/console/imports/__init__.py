"""Bringing old ledgers in: template, upload, mapping, a verdict on every row, progress, result."""
