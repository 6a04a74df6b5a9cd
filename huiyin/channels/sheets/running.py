"""Bringing a file in: looked at, begun, taken row by row, ended. It may stop anywhere and be gone on with."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from huiyin.channels.sheets.files import read_table
from huiyin.channels.sheets.kinds import EXAMPLE_ID
from huiyin.channels.sheets.mappings import SheetMapping
from huiyin.channels.sheets.tables import BadTable, Table
from huiyin.channels.sheets.templates import refused_rows
from huiyin.channels.sheets.verdicts import Verdict, judge, judge_entry, lines, missing_columns, shown, why_not
from huiyin.core.moments import BadText, in_shanghai
from huiyin.desk.imports import actions, queries
from huiyin.desk.imports.actions import Line
from huiyin.desk.imports.intake import Door, Reason
from huiyin.desk.imports.intake.entries import preview as preview_of
from huiyin.desk.imports.intake.known import Known, known_of
from huiyin.desk.imports.models import CASES, EXISTING, REFUSED, Import, ImportRow
from huiyin.desk.journal.actions import By

_AT_ONCE = 200
Progress = Callable[[int], None]
_BROKEN = Reason("此行使程序出错，没有导入；请联系管理员", "the row broke the programme and was not taken; tell the administrator")
_EXAMPLE_LEFT_OUT = Reason("模板的示例行没有导入", "the example of the template was left out")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was handed over, read, with the mapping that fits it."""

    name: str
    digest: bytes
    table: Table
    mapping: SheetMapping


def open_file(name: str, data: bytes, mapping: SheetMapping, *, replay: bool = False) -> File:
    """The file, read by its mapping. Raises BadTable: another kind of file, broken, or without a column that the mapping names."""
    table = read_table(name, data, sheet=mapping.sheet, encoding=mapping.encoding)
    if missing := missing_columns(table, mapping):
        raise BadTable(
            f"the file lacks the column(s) {', '.join(missing)}; it has: {', '.join(table.header)}; correct the mapping or the file",
            f"文件缺少列：{'、'.join(missing)}；现有：{'、'.join(table.header)}；请更正映射或文件",
        )
    table = _without_example(table, mapping)
    told = json.dumps([mapping.model_dump(), replay], sort_keys=True, ensure_ascii=False)
    return File(name, hashlib.sha256(hashlib.sha256(data).digest() + told.encode()).digest(), table, mapping)


def _without_example(table: Table, mapping: SheetMapping) -> Table:
    """The table without the example that our template begins with."""
    at = {table.header.index(column) for column in mapping.columns_of(mapping.kind.marks)}
    rows = tuple(row for row in table.rows if not any(row.cells[one] == EXAMPLE_ID for one in at if one < len(row.cells)))
    return table if len(rows) == len(table.rows) else replace(table, rows=rows, notes=(*table.notes, _EXAMPLE_LEFT_OUT))


def preview(file: File, door: Door, by: UUID | None = None) -> Iterator[Verdict]:
    """The verdict on every row as it would be taken now by the person, nothing being stored. A row that is there already is said so."""
    rows = lines(file.table, file.mapping, door.at)
    if file.mapping.of != CASES:
        yield from _preview_entries(rows, file.mapping, door, by)
        return
    seen: set[str] = set()
    for start in range(0, len(rows), _AT_ONCE):
        batch = [_judged(line, file.mapping, door) for line in rows[start : start + _AT_ONCE]]
        ids = [one.old.source_id for one in batch if one.old is not None]
        known = queries.known_ids(door.organisation_id, file.mapping.source, ids)
        for one in batch:
            key = one.old.source_id if one.old is not None else ""
            exists = key in known or key in seen
            seen |= {key} - {""}
            yield replace(one, found=EXISTING if exists else "")


def _preview_entries(rows: Sequence[Line], mapping: SheetMapping, door: Door, by: UUID | None) -> Iterator[Verdict]:
    """The same for homes, residents and staff: what a row would change, after those before it."""
    judged = [_judged(line, mapping, door) for line in rows]
    entries = [one.entry for one in judged if one.entry is not None]
    known = known_of(mapping.of, door.organisation_id, entries, in_shanghai(door.at).date(), by)
    for one in judged:
        try:
            yield replace(one, found=preview_of(one.entry, known)) if one.entry is not None else one
        except BadText as error:
            yield replace(one, entry=None, errors=(why_not(error),))


def _judged(line: Line, mapping: SheetMapping, door: Door) -> Verdict:
    if line.errors:
        return Verdict(line.number, None, line.errors, line.notes, line.raw)
    how = judge if mapping.of == CASES else judge_entry
    return replace(how(line.raw, mapping, door, line.number, line.notes), raw=line.raw)


def begin(file: File, organisation_id: UUID, *, by: By, at: datetime, replay: bool = False, unattended_at: str | None = None) -> Import:
    """The import of the file, begun now or earlier. With ``replay`` every row is entered at its own time, in the order of these times.

    ``unattended_at`` leaves the rows to the watch, for cases at the unit of that code and below it (empty: anywhere).
    """
    return actions.begin(
        organisation_id,
        file_name=file.name,
        digest=file.digest,
        source=file.mapping.source,
        mapping={**file.mapping.model_dump(), "kind": file.table.kind, "delimiter": file.table.delimiter},
        header=[name for name in file.table.header if name],
        lines=lines(file.table, file.mapping, at),
        by=by,
        at=at,
        notes=file.table.notes,
        as_it_came=replay,
        unattended=unattended_at is not None,
        unit_code=unattended_at or "",
    )


def mapping_of(one: Import) -> SheetMapping:
    """The mapping by which an import was begun."""
    return SheetMapping.model_validate({name: told for name, told in one.mapping.items() if name in SheetMapping.model_fields})


def carry_on(
    one: Import,
    mapping: SheetMapping,
    *,
    by: By,
    at: datetime,
    progress: Progress = lambda _done: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Mapping[str, int]:
    """Take every waiting row, each in a transaction of its own; returns the counts by verdict.

    Safe to stop and to run again: ``stopped`` is asked before each row. A row that breaks the programme is refused, and stops no other.
    """
    if one.of != CASES:
        return _carry_entries_on(one, mapping, by, at, progress, stopped)
    done = 0
    mapping = mapping.arrivals() if one.as_it_came else mapping
    while rows := queries.waiting(one, _AT_ONCE, by_time=one.as_it_came):
        now = Door.of(one.organisation_id, at, one.unit_code or None)
        for row in rows:
            if stopped():
                return queries.counts(one)
            # In a replay the row's own time is the present; a row whose time cannot be read is refused for that.
            moment = row.happened_at if one.as_it_came and row.happened_at is not None else at
            _take(row, mapping, replace(now, at=moment), by)
        done += len(rows)
        progress(done)
    return queries.counts(actions.end(one, by=by, at=at))


def _take(row: ImportRow, mapping: SheetMapping, door: Door, by: By) -> None:
    try:
        verdict = judge(row.raw, mapping, door, row.number)
        if verdict.old is None:
            actions.refuse(row, *verdict.errors)
        else:
            actions.take(row, verdict.old, by=by, at=door.at)
    except (OperationalError, InterfaceError):
        # The database is away: the row waits.
        raise
    except Exception:
        log.exception("row %s of the import %s broke the programme", row.number, row.import_id)
        actions.refuse(row, _BROKEN)


def _carry_entries_on(
    one: Import, mapping: SheetMapping, by: By, at: datetime, progress: Progress, stopped: Callable[[], bool]
) -> Mapping[str, int]:
    """The same for homes, residents and staff, of which an organisation takes one batch at a time: what is known of them must be so."""
    done = 0
    while rows := queries.waiting(one, _AT_ONCE):
        with _register_of(one):
            door = Door.of(one.organisation_id, at, one.unit_code or None)
            judged = [judge_entry(row.raw, mapping, door, row.number) for row in rows]
            entries = [verdict.entry for verdict in judged if verdict.entry is not None]
            known = known_of(one.of, one.organisation_id, entries, in_shanghai(at).date(), by.person)
            for row, verdict in zip(rows, judged, strict=True):
                if stopped():
                    return queries.counts(one)
                _enter(row, verdict, known, by, at)
        done += len(rows)
        progress(done)
    return queries.counts(actions.end(one, by=by, at=at))


def _enter(row: ImportRow, verdict: Verdict, known: Known, by: By, at: datetime) -> None:
    try:
        if verdict.entry is None:
            actions.refuse(row, *verdict.errors)
        else:
            actions.enter(row, verdict.entry, known, by=by, at=at)
    except (OperationalError, InterfaceError):
        # The database is away: the row waits.
        raise
    except Exception:
        log.exception("row %s of the import %s broke the programme", row.number, row.import_id)
        actions.refuse(row, _BROKEN)


@contextmanager
def _register_of(one: Import) -> Iterator[None]:
    """Hold what the rows are written into against other imports of the same kind, for the length of a `with` block."""
    key = [f"register:{one.organisation_id}:{one.of}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", key)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)


@contextmanager
def alone(one: Import) -> Iterator[bool]:
    """Whether this connection has the import for itself, for the length of a `with` block; a process that is killed gives it back."""
    key = f"import:{one.id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


def carry_on_unattended(clock: Callable[[], datetime], stopped: Callable[[], bool] = lambda: False) -> int:
    """Take the waiting rows of every import that nobody waits for; returns of how many. Any number of processes may do so at once: each
    import is with one of them, and one that is killed leaves it to the next."""
    done = 0
    for one in queries.unattended():
        with alone(one) as mine:
            if mine:
                carry_on(one, mapping_of(one), by=By(one.by_role, one.by_person), at=clock(), stopped=stopped)
                done += 1
    return done


def error_file(one: Import, *, chinese: bool = True) -> bytes:
    """The rows that were refused, as a file of the kind that was handed over, with a column for the reasons."""
    rows = ((_shown(row.raw), [Reason(*why) for why in row.errors]) for row in queries.refused(one))
    kind, delimiter = str(one.mapping.get("kind", "csv")), str(one.mapping.get("delimiter", ","))
    return refused_rows(kind, one.header, rows, delimiter, chinese=chinese)


def error_file_of(file: File, verdicts: Iterable[Verdict], *, chinese: bool = True) -> bytes:
    """The same of a file that is only looked at, by the verdicts on its rows."""
    rows = ((_shown(one.raw), one.errors) for one in verdicts if one.kind == REFUSED)
    return refused_rows(file.table.kind, file.table.header, rows, file.table.delimiter, chinese=chinese)


def _shown(raw: Mapping[str, str]) -> dict[str, str]:
    return {name: shown(cell) for name, cell in raw.items()}
