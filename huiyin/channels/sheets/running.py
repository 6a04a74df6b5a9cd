"""Bringing a file in: looked at, begun, taken row by row, ended. It may stop anywhere and be gone on with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from huiyin.channels.sheets.files import read_table
from huiyin.channels.sheets.mappings import SheetMapping
from huiyin.channels.sheets.tables import BadTable, Table
from huiyin.channels.sheets.templates import refused_rows
from huiyin.channels.sheets.verdicts import Verdict, judge, lines, missing_columns, shown
from huiyin.desk.imports import actions, queries
from huiyin.desk.imports.actions import Line
from huiyin.desk.imports.intake import Door
from huiyin.desk.imports.models import EXISTING, Import
from huiyin.desk.journal.actions import By

_AT_ONCE = 200
Progress = Callable[[int], None]


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
    told = json.dumps([mapping.model_dump(), replay], sort_keys=True, ensure_ascii=False)
    return File(name, hashlib.sha256(hashlib.sha256(data).digest() + told.encode()).digest(), table, mapping)


def preview(file: File, door: Door) -> Iterator[Verdict]:
    """The verdict on every row as it would be taken now, nothing being stored. A row that is there already comes with a note."""
    rows = lines(file.table, file.mapping, door.at)
    for start in range(0, len(rows), _AT_ONCE):
        batch = [_judged(line, file.mapping, door) for line in rows[start : start + _AT_ONCE]]
        ids = [one.old.source_id for one in batch if one.old is not None]
        known = queries.known_ids(door.organisation_id, file.mapping.source, ids)
        for one in batch:
            exists = one.old is not None and one.old.source_id in known
            yield Verdict(one.number, one.old, one.errors, (*one.notes, EXISTING)) if exists else one


def _judged(line: Line, mapping: SheetMapping, door: Door) -> Verdict:
    if line.errors:
        return Verdict(line.number, None, line.errors, line.notes)
    return judge(line.raw, mapping, door, line.number, line.notes)


def begin(file: File, organisation_id: UUID, *, by: By, at: datetime, replay: bool = False) -> Import:
    """The import of the file, begun now or earlier. With ``replay`` every row is entered at its own time, in the order of these times."""
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
    )


def carry_on(one: Import, mapping: SheetMapping, *, by: By, at: datetime, progress: Progress = lambda _done: None) -> Mapping[str, int]:
    """Take every waiting row, each in a transaction of its own; returns the counts by verdict. Safe to stop and to run again."""
    done = 0
    mapping = mapping.arrivals() if one.as_it_came else mapping
    while rows := queries.waiting(one, _AT_ONCE, by_time=one.as_it_came):
        now = Door.of(one.organisation_id, at)
        for row in rows:
            # In a replay the row's own time is the present; a row whose time cannot be read is refused for that.
            moment = row.happened_at if one.as_it_came and row.happened_at is not None else at
            verdict = judge(row.raw, mapping, Door(now.organisation_id, now.edition, now.reach, moment), row.number)
            if verdict.old is None:
                actions.refuse(row, *verdict.errors)
            else:
                actions.take(row, verdict.old, by=by, at=moment)
        done += len(rows)
        progress(done)
    return queries.counts(actions.end(one, by=by, at=at))


def error_file(one: Import) -> bytes:
    """The rows that were refused, as a file of the kind that was handed over, with the column 错误原因."""
    rows = (({name: shown(cell) for name, cell in row.raw.items()}, row.errors) for row in queries.refused(one))
    return refused_rows(str(one.mapping.get("kind", "csv")), one.header, rows, str(one.mapping.get("delimiter", ",")))
