"""What stands in the columns of a register: values as people type them, and what of a case stands there."""

from huiyin.desk.registers.columns.values import (
    MOST_TEXT,
    BadEntry,
    digest_of,
    happened_at,
    lacking,
    read_value,
    read_values,
    show_value,
    words_of,
)

__all__ = [
    "MOST_TEXT",
    "BadEntry",
    "digest_of",
    "happened_at",
    "lacking",
    "read_value",
    "read_values",
    "show_value",
    "words_of",
]
