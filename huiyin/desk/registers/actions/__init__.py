"""Every write about registers: entries made, amended and closed, rows of a file taken; all held against what they may not exceed."""

from huiyin.desk.registers.actions.entries import Line, add_entry, amend_entry, close_entry, forget_entries, look_at_rows, take_rows

__all__ = ["Line", "add_entry", "amend_entry", "close_entry", "forget_entries", "look_at_rows", "take_rows"]
