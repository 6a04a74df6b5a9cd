"""What was in a file: a header, rows with their numbers, and notes on what was found besides."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from huiyin.core.moments import BadText
from huiyin.desk.imports.intake import Reason

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100
LONGEST_CELL = 100_000
_DELIMITERS = ",;\t|"
_NUL = Reason("此行有空字符 U+0000；请删去后重新填写", "found the sign U+0000; delete it and enter the row again")
# Larger whole numbers have lost digits on their way through a spreadsheet.
_EXACT = 10**15

Cell = str | float | bool | datetime | date | time | None


class BadTable(BadText):
    """A file that cannot be taken as a whole. ``status`` is 415 for another kind of file, 422 for one that is wrong inside."""

    def __init__(self, en: str, zh: str, status: int = 422) -> None:
        super().__init__(en, zh)
        self.status = status


class LostDigits(BadText):
    """A number that a spreadsheet has rounded."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file as its reader counts (the header is 1), its cells, and what has to be said of it."""

    number: int
    cells: tuple[Cell, ...]
    notes: tuple[Reason, ...] = ()
    error: Reason | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file as read. ``kind`` is "xlsx" or "csv", ``encoding`` how the text was coded, ``unsure`` whether that was a guess."""

    kind: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Reason, ...] = ()
    encoding: str = ""
    unsure: bool = False
    delimiter: str = field(default=",")


def text_of(cell: Cell) -> str:
    """The cell as text: 12.0 as 12, a moment as 2026-02-03 10:00:00. Raises LostDigits for numbers of more than 15 digits."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        if abs(cell) >= _EXACT:
            raise LostDigits(
                f"found the number {cell!r}, whose last digits are lost; format the column as text and enter it again",
                f"数字 {cell!r} 的末几位已丢失；请把该列设为文本格式后重新填写",
            )
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat() if isinstance(cell, date | time) else cell


def checked(table: Table) -> Table:
    """The table, if its header can be used. Raises BadTable: no header, a column twice, no row, too many rows or columns."""
    names = [name for name in table.header if name]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if not names:
        raise BadTable("found no header in the first row; write the names of the columns there", "第一行没有列名；请在第一行写列名")
    if doubled:
        raise BadTable(
            f"found the column(s) {', '.join(doubled)} twice; rename one of each",
            f"列名重复：{'、'.join(doubled)}；请改名或删去其中一列",
        )
    if len(table.header) > MOST_COLUMNS or len(table.rows) > MOST_ROWS:
        raise too_large(len(table.rows), len(table.header))
    return table


def too_large(rows: int, columns: int) -> BadTable:
    """The refusal of a table of so many rows and columns."""
    return BadTable(
        f"found {rows} rows and {columns} columns; at most {MOST_ROWS} and {MOST_COLUMNS} are taken; split the file",
        f"有 {rows} 行 {columns} 列，最多 {MOST_ROWS} 行 {MOST_COLUMNS} 列；请拆分文件",
    )


def read_csv(data: bytes, encoding: str | None = None) -> Table:
    """The table in ``data``: UTF-8 with or without mark, UTF-16 with mark, else GB18030 (``unsure``: shown before it is taken).

    A row with U+0000 carries that as its error. Raises BadTable: text in none of these encodings, U+0000 in the header.
    """
    text, coding, unsure = _decoded(data, encoding)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=lambda sign: (first.count(sign), -_DELIMITERS.index(sign)))
    rows = list(_csv_rows(text, delimiter))
    if rows and rows[0].error:
        why = rows[0].error
        raise BadTable(f"the header cannot be read ({why.en}); save the file again as CSV UTF-8", f"第一行：{why.zh}")
    header = tuple(text_of(name).strip() for name in rows[0].cells) if rows else ()
    return Table("csv", header, tuple(rows[1:]), (), coding, unsure, delimiter)


def _decoded(data: bytes, encoding: str | None) -> tuple[str, str, bool]:
    tries = [encoding] if encoding else ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for coding in ("gb18030" if one and re.fullmatch(r"(?i)gbk|gb2312|cp936|gb18030", one) else one for one in tries):
        try:
            return data.decode(str(coding)), str(coding), coding == "gb18030" and encoding is None
        except (UnicodeDecodeError, LookupError):
            continue
    raise BadTable(
        f"found text that is none of {', '.join(map(str, tries))}; save the file as CSV UTF-8",
        "文件不是 UTF-8、GBK 或 UTF-16 文本；请另存为“CSV UTF-8”",
        415,
    )


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Every row that is not empty; one that cannot be read carries its error and stops nothing."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, (), error=Reason(f"此行不是有效的 CSV（{error}）；请核对引号", f"no valid CSV ({error}); check the quotes"))
            continue
        if any("\0" in cell for cell in cells):
            yield Row(number, tuple(cell.replace("\0", "\ufffd") for cell in cells), error=_NUL)
        elif any(cell.strip() for cell in cells):
            yield Row(number, tuple(cells))
        if number > MOST_ROWS + 1:
            raise too_large(number - 1, len(cells))
