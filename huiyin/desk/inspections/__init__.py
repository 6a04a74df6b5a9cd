"""Inspections by a standard: findings with photos and what is done about them, what the live records say of each standard."""
