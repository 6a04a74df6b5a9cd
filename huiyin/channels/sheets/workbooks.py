"""Reading .xlsx: what the container holds is looked at before anything is unpacked for good, and nothing in it is run or fetched."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum, WorksheetNotFound

from huiyin.channels.sheets.tables import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    BadTable,
    Cell,
    Row,
    Table,
    text_of,
    too_large,
)
from huiyin.desk.imports.intake import Reason

_HIGHEST_RATIO = 100
# Below this size a high ratio is only a neat file.
_NO_BOMB_BYTES = 4 * 1024 * 1024
_OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(rb'<c r="([A-Z]{1,4})([0-9]{1,8})"')
_ROW = re.compile(rb'<row\b[^>]*?\br="([0-9]{1,8})"([^>]*)>')
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*><f[^>]*?(?:/>|>([^<]*)</f>)')
_FORMULA_AS_TEXT = Reason("公式没有计算，按文字导入", "a formula was not worked out but taken as text")
_HIDDEN_ROW = Reason("此行在文件中是隐藏的", "the row is hidden in the file")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}


def read_workbook(data: bytes, sheet: str | None = None) -> Table:
    """The table on ``sheet`` (or the first one that shows). Formulas come as their text, with a note; hidden rows are taken and noted.

    Raises BadTable: 415 for another kind of file (old .xls, macros, password), 422 for bombs, entities, too many cells.
    """
    parts = _parts_of(data)
    notes = list(_notes_of_container(parts))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        name, index = _choose(book, sheet)
        notes += [_hidden_sheet(one.name) for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible]
        xml = _sheet_xml(parts, index)
        _refuse_wide(xml)
        page = book.get_sheet_by_name(name)
        cells = page.to_python(skip_empty_area=False)
        merged = page.merged_cell_ranges
    except PasswordError:
        raise _other_kind("加密的工作簿", "an encrypted workbook") from None
    except (CalamineError, WorksheetNotFound, OSError, ValueError) as error:
        raise BadTable(f"the workbook cannot be read ({error}); save it again as .xlsx", "工作簿无法读取；请另存为 .xlsx") from None
    if merged:
        notes.append(
            Reason(
                f"有 {len(merged)} 处合并单元格：只有左上角的一格有内容",
                f"{len(merged)} merged cells: only the first one of each says something",
            )
        )
    header = tuple(text_of(_plain(cell)).strip() for cell in cells[0]) if cells else ()
    rows = tuple(_rows(cells, _formulas(xml), _hidden_rows(xml)))
    return Table("xlsx", _without_tail(header), rows, tuple(notes))


def _other_kind(zh: str, en: str) -> BadTable:
    return BadTable(f"found {en}; save it as .xlsx or .csv", f"这是{zh}；请另存为 .xlsx 或 .csv", 415)


def _parts_of(data: bytes) -> Mapping[str, bytes]:
    """The XML parts of the container by name, unpacked within limits."""
    if data.startswith(_OLD_CONTAINER):
        raise _other_kind("旧格式（.xls）或加密的工作簿", "an old .xls or an encrypted workbook")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            _refuse_bombs(box, len(data))
            names = box.namelist()
            if "xl/workbook.xml" not in names:
                raise _other_kind("别的文件", "another kind of file")
            if any(name.endswith("vbaProject.bin") for name in names):
                raise _other_kind("带宏的工作簿（.xlsm）", "a workbook with macros (.xlsm)")
            parts = {name: box.read(name) for name in names if name.endswith((".xml", ".rels"))}
    except (zipfile.BadZipFile, RuntimeError, EOFError):
        raise _other_kind("损坏的或别的文件", "a broken file or another kind of file") from None
    for name, content in parts.items():
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<\0!\0" in content:
            raise BadTable(f"found entities in {name}; save the file again as .xlsx", "文件中有 XML 实体定义；请另存为 .xlsx")
    return parts


def _refuse_bombs(box: zipfile.ZipFile, packed: int) -> None:
    unpacked = sum(part.file_size for part in box.infolist())
    if unpacked > MOST_BYTES or (unpacked > _NO_BOMB_BYTES and unpacked > packed * _HIGHEST_RATIO):
        raise BadTable(
            f"found {unpacked} bytes packed into {packed}; at most {MOST_BYTES} at a ratio of {_HIGHEST_RATIO} are taken; split the file",
            f"解压后有 {unpacked} 字节，最多 {MOST_BYTES} 字节、压缩比 {_HIGHEST_RATIO}；请拆分文件",
        )


def _hidden_sheet(name: str) -> Reason:
    return Reason(f"工作表“{name}”是隐藏的，没有导入", f"the sheet {name!r} is hidden and was not read")


def _notes_of_container(parts: Mapping[str, bytes]) -> Iterator[Reason]:
    if any(name.startswith("xl/externalLinks/") for name in parts):
        yield Reason("文件引用了别的工作簿：没有读取", "the file refers to another workbook, which was not read")
    if any(b"ddeLink" in content or b"oleLink" in content for name, content in parts.items() if "externalLink" in name):
        yield Reason("文件含有 DDE 或 OLE 链接：没有执行", "the file holds DDE or OLE links, which were not run")


def _choose(book: CalamineWorkbook, sheet: str | None) -> tuple[str, int]:
    shown = [(one.name, index) for index, one in enumerate(book.sheets_metadata) if one.visible == SheetVisibleEnum.Visible]
    found = [(name, index) for name, index in shown if sheet in (None, name)]
    if not found:
        names = "、".join(name for name, _ in shown)
        raise BadTable(f"found no visible sheet {sheet!r}; there are: {names}", f"没有名为“{sheet}”的工作表；现有：{names}")
    return found[0]


def _sheet_xml(parts: Mapping[str, bytes], index: int) -> bytes:
    """The XML of the sheet at ``index``: by the relations of the workbook, else by its number."""
    ids = re.findall(rb'<sheet\b[^>]*?\br:id="([^"]+)"', parts["xl/workbook.xml"])
    rels = parts.get("xl/_rels/workbook.xml.rels", b"")
    if index < len(ids):
        for relation in re.findall(rb"<Relationship\b[^>]*>", rels):
            if b'Id="' + ids[index] + b'"' in relation and (target := re.search(rb'Target="/?(?:xl/)?([^"]+)"', relation)):
                return parts.get("xl/" + target[1].decode("ascii", "replace"), b"")
    return parts.get(f"xl/worksheets/sheet{index + 1}.xml", b"")


def _refuse_wide(xml: bytes) -> None:
    """A single cell far out makes readers lay out everything before it: such sheets are refused before they are read."""
    last_row = max((int(found[1]) for found in _ROW.finditer(xml)), default=0)
    last_column = 0
    for found in _CELL.finditer(xml):
        last_column = max(last_column, _column(found[1]))
        last_row = max(last_row, int(found[2]))
    if last_row > MOST_ROWS + 1 or last_column > MOST_COLUMNS:
        raise too_large(last_row - 1, last_column)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _formulas(xml: bytes) -> Mapping[tuple[int, int], str]:
    return {(int(found[2]), _column(found[1])): "=" + _unescaped(found[3] or b"") for found in _FORMULA.finditer(xml)}


def _unescaped(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    for entity, sign in _ENTITIES.items():
        text = text.replace(entity, sign)
    return text


def _hidden_rows(xml: bytes) -> frozenset[int]:
    if b"hidden=" not in xml:
        return frozenset()
    tags = (re.search(rb'\br="([0-9]+)"', tag) for tag in re.findall(rb'<row\b[^>]*\bhidden="(?:1|true)"[^>]*>', xml))
    return frozenset(int(found[1]) for found in tags if found)


def _rows(cells: Sequence[Sequence[object]], formulas: Mapping[tuple[int, int], str], hidden: frozenset[int]) -> Iterator[Row]:
    for number, row in enumerate(cells[1:], 2):
        texts = {column: formulas[number, column + 1] for column in range(len(row)) if (number, column + 1) in formulas}
        plain = tuple(texts.get(column, _plain(cell)) for column, cell in enumerate(row))
        if any(cell is not None and cell != "" for cell in plain):
            notes = [_FORMULA_AS_TEXT] if texts else []
            notes += [_HIDDEN_ROW] if number in hidden else []
            yield Row(number, plain, tuple(notes))


def _plain(cell: object) -> Cell:
    return cell if isinstance(cell, str | float | int | bool | datetime | date | time) else None if cell is None else str(cell)


def _without_tail(header: tuple[str, ...]) -> tuple[str, ...]:
    while header and not header[-1]:
        header = header[:-1]
    return header
