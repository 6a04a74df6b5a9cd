"""The monthly report as a workbook. Every text is written as text: nothing that somebody typed becomes a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name, a line above, the heads of the columns, and the rows."""

    name: str
    lead: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(tables: Sequence[Table]) -> bytes:
    """A workbook with one sheet a table, in their order."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for place, table in enumerate(tables, 1):
            _write(book.add_worksheet(_name(table.name, place)), table, bold)
    return made.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, table: Table, bold: object) -> None:
    sheet.write_string(0, 0, table.lead)
    for column, head in enumerate(table.heads):
        sheet.write_string(1, column, head, bold)
    for line, row in enumerate(table.rows, 2):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, column, value)
            else:
                sheet.write_number(line, column, value)
    sheet.freeze_panes(2, 1)
    sheet.set_column(0, max(len(table.heads) - 1, 0), 16)


def _name(name: str, place: int) -> str:
    """A name that a sheet may have: 31 letters at most, none of []:*?/\\, no two alike."""
    plain = "".join(letter for letter in name if letter not in "[]:*?/\\'")
    return f"{place} {plain}"[:31]
