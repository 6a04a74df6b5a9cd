"""Organisations, their units and households."""
