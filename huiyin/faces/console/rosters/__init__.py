"""Rosters: who is on which duty on which day, what is not covered, and signing in and out."""
