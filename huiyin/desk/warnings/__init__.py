"""Warnings: kept with number and grounds, verified, sent on, answered."""
