"""Registers as files: out as Excel or CSV, where nothing that somebody typed can run; in by the names of the columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.channels.sheets.files import read_table
from huiyin.channels.sheets.tables import MOST_BYTES, Cell, LostDigits, Row, Table, text_of
from huiyin.core.moments import BadText
from huiyin.desk.registers.actions import Line
from huiyin.desk.registers.columns.of_cases import CaseLine
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import Book
from huiyin.faces.console.registers.words import column_word, compared_words, shown
from huiyin.faces.console.scores.sheets import workbook
from huiyin.plumbing.text import fold_text

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
_RUNS: Final = "=+-@\t\r"


def heading(book: Book) -> list[str]:
    """The names of the columns of the file: number, unit, moment, those of the register, closed, with what note."""
    return [_("编号"), _("单位"), _("发生时间"), *map(column_word, book.rule.fields), *_compared(book), _("销账时间"), _("销账说明")]


def rows(book: Book, entries: Iterable[Entry | CaseLine], units: Mapping[str, str]) -> Iterator[list[str | Decimal]]:
    """The entries as rows of the file, names and telephones hidden as on the page."""
    for entry in entries:
        told: list[str | Decimal] = [entry.label, units.get(entry.unit_code, entry.unit_code), _moment(entry.at)]
        for field in book.rule.fields:
            value = entry.values.get(field.key)
            told.append(Decimal(value) if field.kind == "number" and value else shown(field, value))
        compared = [compared_words(entry)] if book.rule.at_most else []
        yield [*told, *compared, _moment(entry.closed_at), entry.closing_note]


def _compared(book: Book) -> list[str]:
    return [_("核对")] if book.rule.at_most else []


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def as_xlsx(name: str, head: Sequence[str], lines: Iterable[Sequence[str | Decimal]]) -> bytes:
    """A workbook with one sheet; every text is written as text."""
    return workbook("".join(sign for sign in name if sign not in r"[]:*?/\'"), head, lines)


def as_csv(head: Sequence[str], lines: Iterable[Sequence[str | Decimal]]) -> bytes:
    """The same as CSV in UTF-8 with its mark, so that spreadsheets read it right."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow(head)
    # A text that a spreadsheet would take for a formula gets an apostrophe, which it does not show.
    sheet.writerows([[_safe(cell) if isinstance(cell, str) else str(cell) for cell in line] for line in lines])
    return "\ufeff".encode() + out.getvalue().encode()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell[:1] and cell[0] in _RUNS else cell


def read_lines(book: Book, name: str, data: bytes) -> tuple[list[Line], list[str]]:
    """The rows of a file by the register's columns, which it names in Chinese, English or by their keys; and the columns not used.

    Raises BadText (BadTable) for another kind of file, a broken one, or one that names no column of the register.
    """
    table = read_table(name, data)
    columns = _columns(book, table)
    if not columns:
        wanted = "、".join(field.name[0] for field in book.rule.fields)
        raise BadText(
            f"found the columns {', '.join(table.header)}, expected some of: {wanted}; take the template",
            f"文件的列名是：{'、'.join(table.header)}；应有：{wanted}。请使用模板",
        )
    unused = [one for place, one in enumerate(table.header) if one and place not in columns]
    return [_line(row, columns) for row in table.rows], unused


def _columns(book: Book, table: Table) -> dict[int, str]:
    known = {fold_text(name): field.key for field in book.rule.fields for name in (field.key, *reversed(field.name))}
    return {place: known[fold_text(one)] for place, one in enumerate(table.header) if fold_text(one) in known}


def _line(row: Row, columns: dict[int, str]) -> Line:
    cells: dict[str, Any] = {}
    for place, key in columns.items():
        cell: Cell = row.cells[place] if place < len(row.cells) else None
        try:
            cells[key] = cell if isinstance(cell, date) else text_of(cell)
        except LostDigits as error:
            return Line(row.number, {}, error.zh)
    return Line(row.number, cells, row.error.zh if row.error else "")


def too_large(size: int) -> bool:
    """Whether a file of so many bytes is not even read."""
    return size > MOST_BYTES
