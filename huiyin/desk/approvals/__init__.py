"""Decisions that a clause gives to certain posts: which are waited for, and how they were taken."""
