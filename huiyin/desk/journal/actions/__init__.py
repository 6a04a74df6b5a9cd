"""Every write to the journal: entries as they happen, seals that chain them, the keys of what people said."""

from huiyin.desk.journal.actions.keys import KEYS, Destroyed, Key, key_of, new_key
from huiyin.desk.journal.actions.sealing import seal
from huiyin.desk.journal.actions.writing import TABLE, By, entry_row, shred, write, write_now

__all__ = [
    "KEYS",
    "TABLE",
    "By",
    "Destroyed",
    "Key",
    "entry_row",
    "key_of",
    "new_key",
    "seal",
    "shred",
    "write",
    "write_now",
]
