"""Inspections: the checklist on the spot, the score sheet, the audit from the live records, rectification."""
