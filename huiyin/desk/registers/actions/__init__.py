"""Every write about registers: entries made, amended and closed, rows of a file taken; all held against what they may not exceed, and
stored as the acts that they record. An act that was recorded elsewhere makes its entry here."""

from huiyin.desk.registers.actions.by_hand import add_by_hand
from huiyin.desk.registers.actions.entries import Line, add_entry, amend_entry, close_entry, look_at_rows, take_rows
from huiyin.desk.registers.actions.forgetting import TOLD_BY_AN_ENTRY, forget_entries, forget_entry
from huiyin.desk.registers.actions.lasting import DESTROYABLE, over
from huiyin.desk.registers.actions.recording import ACT_KEEPER

__all__ = [
    "ACT_KEEPER",
    "DESTROYABLE",
    "TOLD_BY_AN_ENTRY",
    "Line",
    "add_by_hand",
    "add_entry",
    "amend_entry",
    "close_entry",
    "forget_entries",
    "forget_entry",
    "look_at_rows",
    "over",
    "take_rows",
]
