"""Reads of the journal: its head, its entries, and the proof that nothing in it was changed."""

from huiyin.desk.journal.queries.heads import Head, head, organisations_waiting, sealed_until
from huiyin.desk.journal.queries.proof import Verdict, verify
from huiyin.desk.journal.queries.reading import DESTROYED, Ring, entries_of, is_destroyed

__all__ = [
    "DESTROYED",
    "Head",
    "Ring",
    "Verdict",
    "entries_of",
    "head",
    "is_destroyed",
    "organisations_waiting",
    "sealed_until",
    "verify",
]
