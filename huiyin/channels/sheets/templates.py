"""Workbooks that we give out: the template to fill in, and the rows that were refused with the reasons."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from huiyin.channels.sheets.kinds import CASES, Kind
from huiyin.desk.imports.intake import Reason

REASON: Final = "错误原因"
REASONS: Final = (REASON, "why refused")
_ROWS_WITH_CHOICES = 1000
_OFFERED: Final = ("可以填写的内容：", "What may stand in a column:")
_CONTROLS = dict.fromkeys([*range(0, 9), 11, 12, *range(14, 32)], "\ufffd")
_QUIET = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def make_template(choices: Mapping[str, Sequence[str]], kind: Kind = CASES, *, chinese: bool = True) -> bytes:
    """An .xlsx to fill in: under each column in ``choices`` (by field) a list to choose from, a grey example, a sheet of notes."""
    out, labels, index = io.BytesIO(), kind.labels(chinese=chinese), 0 if chinese else 1
    lines = [line[index] for line in (*kind.notes, _OFFERED)]
    book = xlsxwriter.Workbook(out, _QUIET)
    bold, grey, text = book.add_format({"bold": True}), book.add_format({"font_color": "#808080"}), book.add_format({"num_format": "@"})
    page, notes = book.add_worksheet(kind.page[index]), book.add_worksheet("说明" if chinese else "Notes")
    page.freeze_panes(1, 0)
    needed = ("、" if chinese else ", ").join(labels[field] for field in kind.required)
    for row, line in enumerate(lines):
        notes.write_string(row, 0, line.format(needed=needed))
    notes.set_column(0, 0, 80)
    listed = [field for field in kind.fields if choices.get(field)]
    notes.set_column(1, len(listed), 18)
    for column, (field, label) in enumerate(labels.items()):
        page.set_column(column, column, 40 if field in kind.wide else 16, text)
        page.write_string(0, column, label, bold)
        offered = choices.get(field, ())
        page.write_string(1, column, kind.example[field][index] if field in kind.example else next(iter(offered), ""), grey)
        if offered:
            # Excel takes no list longer than 255 characters inside a rule, so the lists stand on the sheet of notes.
            rule = {"validate": "list", "source": _list(notes, len(lines), 1 + listed.index(field), label, offered, bold)}
            page.data_validation(1, column, _ROWS_WITH_CHOICES, column, rule)
    book.close()
    return out.getvalue()


def _list(notes: Worksheet, top: int, column: int, label: str, offered: Sequence[str], bold: Format) -> str:
    """Write what a column offers on the sheet of notes; out: where it stands, for a rule."""
    notes.write_string(top, column, label, bold)
    for row, one in enumerate(offered, top + 1):
        notes.write_string(row, column, one)
    return f"='{notes.get_name()}'!{xl_range_abs(top + 1, column, top + len(offered), column)}"


def refused_rows(
    kind: str,
    header: Sequence[str],
    rows: Iterable[tuple[Mapping[str, str], Sequence[Reason]]],
    delimiter: str = ",",
    *,
    chinese: bool = True,
) -> bytes:
    """The refused rows as a file of the same kind: their columns, and a column with the reasons. Everything is text: nothing can run."""
    columns = [name for name in header if name and name not in REASONS]
    heading = [*columns, REASONS[0 if chinese else 1]]
    lines = [[*(cells.get(name, "") for name in columns), told(reasons, chinese=chinese)] for cells, reasons in rows]
    return _xlsx(heading, lines) if kind == "xlsx" else _csv(heading, lines, delimiter)


def told(reasons: Iterable[Sequence[str]], *, chinese: bool) -> str:
    """Reasons (also as they are kept: pairs of Chinese and English) in a line."""
    return "；".join(one[0] for one in reasons) if chinese else "; ".join(one[1] for one in reasons)


def _xlsx(header: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _QUIET)
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "#b00020"})
    page = book.add_worksheet(header[-1])
    page.freeze_panes(1, 0)
    for column, name in enumerate(header):
        page.write_string(0, column, name, bold)
    for number, line in enumerate(lines, 1):
        for column, cell in enumerate(line):
            page.write_string(number, column, cell.translate(_CONTROLS)[:32_767], red if column == len(line) - 1 else None)
    book.close()
    return out.getvalue()


def _csv(header: Sequence[str], lines: Sequence[Sequence[str]], delimiter: str) -> bytes:
    out = io.StringIO(newline="")
    sheet = csv.writer(out, delimiter=delimiter)
    sheet.writerow(header)
    # A text that a spreadsheet would take for a formula gets an apostrophe, which it does not show.
    sheet.writerows([["'" + cell if cell[:1] in "=+-@\t\r" and cell else cell for cell in line] for line in lines])
    return "\ufeff".encode() + out.getvalue().encode()
