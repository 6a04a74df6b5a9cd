"""The reading of what others tell us: cases (``cases``), and homes, residents and staff (``entries``, by what is ``known`` of them)."""

from huiyin.desk.imports.intake.cases import (
    LONG_AGO,
    BadField,
    Door,
    Reason,
    check_words,
    read_received,
    read_registration,
    remarks,
    unit_of,
)

__all__ = ["LONG_AGO", "BadField", "Door", "Reason", "check_words", "read_received", "read_registration", "remarks", "unit_of"]
