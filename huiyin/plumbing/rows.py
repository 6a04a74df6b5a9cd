"""Rows collected during one action and written in one statement: one round trip, one parse, one plan for all tables.

The hot paths write many small rows of several tables. Sent one by one they cost more than the work itself; collected here they leave
as a single ``WITH … INSERT … ON CONFLICT DO UPDATE`` whose text depends only on which tables take part.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID


class Cursor(Protocol):
    """What is needed of a database cursor."""

    def execute(self, sql: str, params: Any = None, /) -> Any:
        """Run one statement."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the writer sees it.

    ``columns`` maps each column to its PostgreSQL type; ``key`` are the columns of the unique key by which a row is replaced.
    A table without ``key`` only takes new rows. ``kept`` are columns that keep their first value when the row is replaced.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...] = ()
    kept: frozenset[str] = frozenset()


@dataclass(slots=True)
class Rows:
    """Rows waiting to be written, by table. Within one flush a later row with the same key replaces an earlier one."""

    waiting: dict[Table, list[Mapping[str, Any]]] = field(default_factory=dict)

    def put(self, table: Table, row: Mapping[str, Any]) -> None:
        """Collect ``row`` (a value for each column of ``table``) for the next flush."""
        self.waiting.setdefault(table, []).append(row)

    def flush(self, cursor: Cursor) -> int:
        """Write everything that waits in one statement and forget it; returns the number of rows written."""
        if not self.waiting:
            return 0
        tables = tuple(self.waiting)
        batches = [_last_of_each_key(table, self.waiting[table]) for table in tables]
        params = [json.dumps(batch, default=_as_json, ensure_ascii=False) for batch in batches]
        self.waiting = {}
        cursor.execute(_statement(tables), params)
        return sum(len(batch) for batch in batches)


def _last_of_each_key(table: Table, rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    if not table.key or len(rows) == 1:
        return rows
    return list({tuple(str(row[column]) for column in table.key): row for row in rows}.values())


@lru_cache(maxsize=512)
def _statement(tables: tuple[Table, ...]) -> str:
    """The one statement that writes to ``tables``; the last table is its main part, the others are common table expressions."""
    parts = [_insert(table) for table in tables]
    named = ", ".join(f"w{number} AS ({part})" for number, part in enumerate(parts[:-1]))
    return f"WITH {named} {parts[-1]}" if named else parts[-1]


def _insert(table: Table) -> str:
    names = ", ".join(f'"{name}"' for name, _ in table.columns)
    typed = ", ".join(f'"{name}" {kind}' for name, kind in table.columns)
    sql = f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM jsonb_to_recordset(%s::jsonb) AS r({typed})'
    if not table.key:
        return sql
    key = ", ".join(f'"{name}"' for name in table.key)
    fixed = {*table.key, *table.kept}
    moved = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name, _ in table.columns if name not in fixed)
    return f"{sql} ON CONFLICT ({key}) DO UPDATE SET {moved}" if moved else f"{sql} ON CONFLICT ({key}) DO NOTHING"


def _as_json(value: Any) -> Any:
    """How values that JSON does not know are written."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, (Mapping,)):
        return dict(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"cannot write {type(value).__name__} to the database; give text, a number, a moment, a day, an id or JSON")
