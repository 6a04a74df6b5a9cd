"""Makes many cases of few: cases that were lived through by actions are copied with ids and numbers of their own.

Each copy has all rows of its case (facts, clocks, messages …) with its own ids and numbers everywhere, and the day's sequence is moved on,
so what holds for the first holds for the copies. The journal is left out: nobody acted, so nothing may stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

LEFT_OUT = ("journal_", "facts_request", "cases_draft", "django_", "imports_")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SIGNAL = re.compile(r"\b(TS|BX|JY|YJ)\d{10,}\b")


@dataclass(frozen=True, slots=True)
class Template:
    """The rows of one case by table, as COPY writes them, cut where a copy's own ids and numbers have to stand."""

    pieces: dict[str, tuple[str, ...]]
    ids: tuple[str, ...]
    numbers: tuple[str, ...]


def multiply(connection: Any, cases: Sequence[UUID], copies: int, *, first: int = 1) -> int:
    """Add so many copies of the cases, in turn; returns how many cases were added.

    ``first`` numbers the first copy: several calls on one database take numbers that do not meet. ``connection`` may write to all tables
    and is left with statistics up to date.
    """
    templates = [_template(connection, case) for case in cases]
    for table in sorted({table for template in templates for table in template.pieces}):
        with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
            for text in _copies(table, templates, copies, first):
                copy.write(text)
    _move_sequences_on(connection)
    connection.execute("ANALYZE")
    return copies


def _copies(table: str, templates: Sequence[Template], copies: int, first: int) -> Iterator[str]:
    waiting: list[str] = []
    for copy in range(first, first + copies):
        template = templates[copy % len(templates)]
        if pieces := template.pieces.get(table):
            own = {old: _own_id(copy, place) for place, old in enumerate(template.ids)}
            own |= {old: _own_number(old, copy) for old in template.numbers}
            waiting += [own.get(piece, piece) for piece in pieces]
        if len(waiting) > 20_000:
            yield "".join(waiting)
            waiting = []
    yield "".join(waiting)


def _own_id(copy: int, place: int) -> str:
    return f"0197{place:04x}-0000-7000-8000-{copy:012x}"


def _own_number(old: str, copy: int) -> str:
    # Beyond the four digits of the sequence, so that no copy meets a number that was given.
    return f"{old[:8]}{10_000 + copy}"


def _template(connection: Any, case: UUID) -> Template:
    texts = {table: _rows(connection, table, column, case) for table, column in _tables(connection)}
    texts = {table: text for table, text in texts.items() if text}
    kept = _kept_ids(connection)
    ids = {one for text in texts.values() for one in _UUID.findall(text)} - kept
    numbers = {found[0] for text in texts.values() for found in _SIGNAL.finditer(text)}
    cut = re.compile("|".join(f"({re.escape(one)})" for one in sorted(ids | numbers)))
    pieces = {table: tuple(part for part in cut.split(text) if part) for table, text in texts.items()}
    return Template(pieces, tuple(sorted(ids)), tuple(sorted(numbers)))


def _tables(connection: Any) -> list[tuple[str, str]]:
    """The tables that hold rows of a case, with the column that names it."""
    found = connection.execute(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'case_id' ORDER BY 1"
    ).fetchall()
    named = [(table, "case_id") for (table,) in found if not table.startswith(LEFT_OUT)]
    return [("cases_case", "id"), *named]


def _rows(connection: Any, table: str, column: str, case: UUID) -> str:
    with connection.cursor() as cursor, cursor.copy(f"COPY (SELECT * FROM \"{table}\" WHERE {column} = '{case}') TO STDOUT") as copy:
        return b"".join(bytes(block) for block in copy).decode()


def _kept_ids(connection: Any) -> set[str]:
    """Ids that copies share: organisations, people, units, homes."""
    found: set[str] = set()
    for table in ("places_organisation", "people_staff", "places_unit", "places_household", "people_resident"):
        found |= {str(one[0]) for one in connection.execute(f'SELECT id FROM "{table}"').fetchall()}
    return found


def _move_sequences_on(connection: Any) -> None:
    """The numbers that were given stay given: each day's sequence stands at its highest number."""
    connection.execute(
        "UPDATE cases_numbersequence s SET last = greatest(s.last, (SELECT max(substr(c.number, 9)::int) FROM cases_case c "
        "WHERE c.organisation_id = s.organisation_id AND substr(c.number, 1, 8) = s.type || to_char(s.day_on, 'YYMMDD')))"
    )
