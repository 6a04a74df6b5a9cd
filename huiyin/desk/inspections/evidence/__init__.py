"""What the live records say of each standard of an inspection: by the rules of its clauses, and by the proofs that it declares."""

from huiyin.desk.inspections.evidence.counting import (
    Counted,
    Evidence,
    Record,
    clauses_of,
    evidence,
    key_of,
    keys_behind,
    proposed_count,
    records,
    rules_behind,
)
from huiyin.desk.inspections.evidence.present import Site, Span
from huiyin.desk.inspections.evidence.proving import SITE_KIND, Proving

__all__ = [
    "SITE_KIND",
    "Counted",
    "Evidence",
    "Proving",
    "Record",
    "Site",
    "Span",
    "clauses_of",
    "evidence",
    "key_of",
    "keys_behind",
    "proposed_count",
    "records",
    "rules_behind",
]
