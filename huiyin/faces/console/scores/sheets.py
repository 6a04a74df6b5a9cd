"""The ledger as a workbook. Every text is written as text: nothing that somebody typed becomes a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO

import xlsxwriter

Cell = str | Decimal


def workbook(name: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]], sums: Iterable[Sequence[Cell]] = ()) -> bytes:
    """A workbook with one sheet: the heading, the rows, and below them, set apart, the rows of their sums."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(name[:31])
        bold, number = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "0.0##"})
        summed = book.add_format({"bold": True, "top": 1, "num_format": "0.0##"})
        for column, text in enumerate(heading):
            sheet.write_string(0, column, text, bold)
        last = 0
        for last, row in enumerate(rows, 1):
            _write(sheet, last, row, number)
        for below, total in enumerate(sums, last + 1):
            _write(sheet, below, total, summed)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heading) - 1, 18)
    return made.getvalue()


def _write(sheet: object, line: int, row: Sequence[Cell], number: object) -> None:
    for column, value in enumerate(row):
        if isinstance(value, Decimal):
            sheet.write_number(line, column, float(value), number)  # type: ignore[attr-defined]
        else:
            sheet.write_string(line, column, value)  # type: ignore[attr-defined]
