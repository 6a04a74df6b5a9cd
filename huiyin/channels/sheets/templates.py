"""Workbooks that we give out: the template to fill in, and the rows that were refused with the reasons."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter

from huiyin.channels.sheets.mappings import FIELDS, STATES

REASON = "错误原因"
_ROWS_WITH_CHOICES = 1000
_NOTES = (
    "每行一张工单；第一行的列名不要改动，列的顺序可以改。",
    "来源编号：在原系统中的编号，同一编号只导入一次。请把该列设为文本格式。",
    "受理时间、办结时间：写成 2026-02-13 10:00，或使用日期格式的单元格。",
    "状态：open 为未办结，closed 为已办结（须填办结时间）。",
    "灰色的示例行在导入前请删去。",
)
_EXAMPLE: Mapping[str, str] = {
    "source_id": "LZ-0001",
    "at": "2026-02-13 10:00",
    "story": "3栋电梯停运两天，无人处理",
    "household": "3-2-1501",
    "contact_name": "王女士",
    "contact_phone": "13800138000",
    "state": "open",
}
_CONTROLS = dict.fromkeys([*range(0, 9), 11, 12, *range(14, 32)], "\ufffd")


def make_template(choices: Mapping[str, Sequence[str]]) -> bytes:
    """An .xlsx to fill in: a list to choose from under each column in ``choices`` (by field), a grey example, a sheet of notes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, grey, text = (
        book.add_format({"bold": True}),
        book.add_format({"font_color": "#808080"}),
        book.add_format({"num_format": "@"}),
    )
    page = book.add_worksheet("工单")
    page.freeze_panes(1, 0)
    offered = {"state": STATES, **choices}
    for column, (field, label) in enumerate(FIELDS.items()):
        page.set_column(column, column, 40 if field == "story" else 16, text)
        page.write_string(0, column, label, bold)
        example = _EXAMPLE.get(field) or next(iter(offered.get(field, ())), "")
        page.write_string(1, column, example, grey)
        # Excel takes no list longer than 255 characters inside a rule.
        if 0 < len(",".join(offered.get(field, ()))) <= 255:
            page.data_validation(1, column, _ROWS_WITH_CHOICES, column, {"validate": "list", "source": list(offered[field])})
    notes = book.add_worksheet("说明")
    notes.set_column(0, 0, 80)
    for row, line in enumerate(_NOTES):
        notes.write_string(row, 0, line)
    book.close()
    return out.getvalue()


def refused_rows(kind: str, header: Sequence[str], rows: Iterable[tuple[Mapping[str, str], Sequence[str]]], delimiter: str = ",") -> bytes:
    """The refused rows as a file of the same kind: their columns, and the column 错误原因. Everything is text: nothing can run."""
    columns = [name for name in header if name and name != REASON]
    lines = [[*(cells.get(name, "") for name in columns), "；".join(reasons)] for cells, reasons in rows]
    return _xlsx([*columns, REASON], lines) if kind == "xlsx" else _csv([*columns, REASON], lines, delimiter)


def _xlsx(header: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "#b00020"})
    page = book.add_worksheet("错误的行")
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
