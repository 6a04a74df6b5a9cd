"""A file of unknown kind: what it is goes by what is in it, not by its name."""

from __future__ import annotations

from huiyin.channels.sheets.tables import MOST_BYTES, BadTable, Table, checked, read_csv
from huiyin.channels.sheets.workbooks import read_workbook


def read_table(name: str, data: bytes, *, sheet: str | None = None, encoding: str | None = None) -> Table:
    """The table in a file that was called ``name``.

    Raises BadTable with status 415 for anything but .xlsx and .csv (also when the name says so and the content does not), 422 for an
    empty or doubled header, or more than 50 MB, 50,000 rows or 100 columns.
    """
    ending = name.rpartition(".")[2].lower()
    if not data:
        raise BadTable("found an empty file; choose another", "文件是空的；请另选文件", 415)
    if len(data) > MOST_BYTES:
        raise BadTable(f"found {len(data)} bytes; at most {MOST_BYTES} are taken; split the file", "文件超过 50 MB；请拆分")
    if ending not in ("xlsx", "csv", "txt"):
        raise BadTable(
            f"found a file named .{ending[:20]}; save it as .xlsx or .csv",
            f"不接受 .{ending[:20]} 文件；请另存为 .xlsx 或 .csv",
            415,
        )
    packed = data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    if packed != (ending == "xlsx"):
        raise BadTable(
            f"found a file named .{ending} that is something else inside; save it again as .xlsx or .csv",
            f"文件名是 .{ending}，内容却不是；请用表格软件另存为 .xlsx 或 .csv",
            415,
        )
    return checked(read_workbook(data, sheet) if packed else _csv(data, encoding))


def _csv(data: bytes, encoding: str | None) -> Table:
    if data.lstrip()[:9].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"%pdf")):
        raise BadTable("found a web page or document; save it as .xlsx or .csv", "这是网页或文档；请另存为 .xlsx 或 .csv", 415)
    return read_csv(data, encoding)
