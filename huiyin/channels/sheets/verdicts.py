"""From a row of a file to what our house would register, by the mapping; and what is wrong with a row that cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as holding
from datetime import datetime
from typing import Any

from huiyin.channels.sheets.kinds import ALL_FIELDS
from huiyin.channels.sheets.mappings import OTHERWISE, STATES, SheetMapping, read_at
from huiyin.channels.sheets.tables import Cell, Row, Table, text_of
from huiyin.core.moments import BadText
from huiyin.desk.imports.actions import Line, Old
from huiyin.desk.imports.intake import LONG_AGO, Door, Reason, read_received, read_registration
from huiyin.desk.imports.intake.entries import Entry, read_entry
from huiyin.desk.imports.models import REFUSED, TAKEN

_LOST = re.compile(r"[0-9]\.[0-9]+[eE]\+?[0-9]+")
_MOMENTS = ("at", "closed_at")
MOST_OF_AN_ID = 120
_LONG_AGO = Reason("受理时间在三年以前，请核对", "received more than three years ago: please check")
_NOT_A_WORD = Reason("“{}”不在对应表中；请在对照表中写明它是什么", "found {!r}, which the mapping does not know; say in it what that is")
_DIGITS_LOST = Reason(
    "“{}”的末几位数字已丢失；请把该列设为文本格式后重新填写",
    "found {!r}, whose last digits are lost; format the column as text, enter it again",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of a row: a case (``old``), a home, resident or account (``entry``), or the reasons why not. A preview also says
    what stood in the row (``raw``), and by ``found`` whether it is there already, or would change what is."""

    number: int
    old: Old | None
    errors: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    raw: Mapping[str, str] = holding(default_factory=dict)
    found: str = ""
    entry: Entry | None = None

    @property
    def kind(self) -> str:
        """The verdict that the row would have, as rows that were taken keep it."""
        return REFUSED if self.old is None and self.entry is None else self.found or TAKEN


def wrong(field: str, why: Reason, *found: str) -> Reason:
    """Why a field cannot be taken, with what was found in it."""
    zh, en = ALL_FIELDS.get(field, (field, field))
    return Reason(f"{zh}：{why.zh.format(*found) if found else why.zh}", f"{en}: {why.en.format(*found) if found else why.en}")


def missing_columns(table: Table, mapping: SheetMapping) -> tuple[str, ...]:
    """The columns that the mapping names and the file does not have."""
    return tuple(column for column in mapping.columns if column not in table.header)


def lines(table: Table, mapping: SheetMapping, at: datetime) -> list[Line]:
    """The rows as they are kept until they are taken, each with its own time where it can be read."""
    return [_line(table, row, mapping, at) for row in table.rows]


def _line(table: Table, row: Row, mapping: SheetMapping, at: datetime) -> Line:
    # Cells keep what they were: text as it stands, a date cell with a mark that it was one, a rounded number as its reader shows it.
    raw = {name: _kept(cell) for name, cell in zip(table.header, _padded(row, len(table.header)), strict=True) if name}
    if row.error:
        return Line(row.number, raw, row.notes, (row.error,))
    try:
        happened_at = read_received(told_of(raw, mapping).get("at"), at)
    except BadText:
        happened_at = None
    return Line(row.number, raw, row.notes, (), happened_at)


def _padded(row: Row, width: int) -> tuple[Cell, ...]:
    return (*row.cells[:width], *(None for _ in range(width - len(row.cells))))


def _kept(cell: Cell) -> str:
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        try:
            return f"{_NUMBER}{text_of(cell)}"
        except BadText:
            return f"{_NUMBER}{cell!r}"
    return f"{_DATE}{text_of(cell)}" if isinstance(cell, datetime) else text_of(cell).replace("\0", "")


_NUMBER, _DATE = "\u2060#", "\u2060@"
"""Marks before cells that a spreadsheet held as number or date; U+2060 is never typed."""


def shown(kept: str) -> str:
    """A kept cell as it stood in the file."""
    return kept.removeprefix(_NUMBER).removeprefix(_DATE)


def judge(raw: Mapping[str, str], mapping: SheetMapping, door: Door, number: int = 0, notes: tuple[Reason, ...] = ()) -> Verdict:
    """The verdict on a kept row. It asks the database for nothing but the home that it names."""
    errors: list[Reason] = []
    found = told_of(raw, mapping, errors)
    at, closed_at = (_moment(found, field, door.at, errors) for field in _MOMENTS)
    state = str(found.get("state") or ("closed" if closed_at else "open"))
    if state not in STATES:
        errors.append(wrong("state", _NOT_A_WORD, state[:40]))
    elif state == "closed" and closed_at is None and not any(one.zh.startswith(ALL_FIELDS["closed_at"][0]) for one in errors):
        errors.append(wrong("closed_at", Reason("已办结的工单缺少办结时间；请填写", "a closed case needs the time of closing; fill it in")))
    if closed_at and at and closed_at < at:
        errors.append(wrong("closed_at", Reason("早于受理时间；请更正", "before the case was received; correct it")))
    if at is not None and door.at - at > LONG_AGO:
        notes = (*notes, _LONG_AGO)
    if errors:
        return Verdict(number, None, tuple(errors), notes)
    return _as_case(found, at, closed_at if state == "closed" else None, mapping, door, number, notes)


def judge_entry(raw: Mapping[str, str], mapping: SheetMapping, door: Door, number: int = 0, notes: tuple[Reason, ...] = ()) -> Verdict:
    """The verdict on a kept row of homes, residents or staff, as far as the row itself says it. It asks the database for nothing."""
    errors: list[Reason] = []
    found = told_of(raw, mapping, errors)
    if errors:
        return Verdict(number, None, tuple(errors), notes)
    try:
        return Verdict(number, None, (), notes, entry=read_entry(mapping.of, door, found))
    except BadText as error:
        return Verdict(number, None, (why_not(error),), notes)


def why_not(error: BadText) -> Reason:
    """Why a row cannot be taken, with the name of its field where the error knows it."""
    return wrong(str(getattr(error, "field", "")).partition(".")[0], Reason(error.zh, error.en))


def _as_case(
    found: Mapping[str, Any],
    at: datetime | None,
    closed_at: datetime | None,
    mapping: SheetMapping,
    door: Door,
    number: int,
    notes: tuple[Reason, ...],
) -> Verdict:
    told = {**found, "received_at": at, "external_numbers": {mapping.source: found["source_id"]}}
    try:
        form = read_registration(door, told)
    except BadText as error:
        return Verdict(number, None, (why_not(error),), notes)
    dispatch = mapping.dispatch and closed_at is None
    return Verdict(number, Old(form, str(found["source_id"])[:MOST_OF_AN_ID], closed_at, dispatch), (), notes)


def told_of(raw: Mapping[str, str], mapping: SheetMapping, errors: list[Reason] | None = None) -> dict[str, Any]:
    """Field → what the row says: constants, then columns, then the words exchanged; what cannot be is added to ``errors``."""
    problems: list[Reason] = errors if errors is not None else []
    told: dict[str, Any] = dict(mapping.constants)
    for field in mapping.kind.fields:
        columns = [column for column in mapping.columns_of(field) if column in raw]
        if columns:
            told[field] = _joined(field, [raw[column] for column in columns], mapping, problems)
    for field in mapping.kind.required:
        said = any(one.zh.startswith(f"{ALL_FIELDS[field][0]}：") for one in problems)
        if not said and not str(told.get(field) or "").strip():
            problems.append(wrong(field, Reason("缺少内容；请填写", "nothing is there; fill it in")))
    return told


def _joined(field: str, cells: list[str], mapping: SheetMapping, errors: list[Reason]) -> Any:
    if field in mapping.kind.moments:
        return _moment_of(field, next((cell for cell in cells if cell), ""), mapping, errors)
    if field in mapping.kind.exact and any(_LOST.fullmatch(shown(cell)) for cell in cells):
        errors.append(wrong(field, _DIGITS_LOST, shown(cells[0])))
        return "?"
    text = mapping.join.get(field, " ").join(shown(cell) for cell in cells if cell)
    # What stands around a text in a file is the file's; clean_text takes it as it is otherwise.
    return _exchanged(field, text.strip(), mapping, errors)


def _exchanged(field: str, text: str, mapping: SheetMapping, errors: list[Reason]) -> str:
    words = mapping.values.get(field)
    if words is None or not text:
        return text if words is None else words.get("", text)
    if text not in words and OTHERWISE not in words:
        errors.append(wrong(field, _NOT_A_WORD, text[:40]))
    return words.get(text, words.get(OTHERWISE, text))


def _moment_of(field: str, kept: str, mapping: SheetMapping, errors: list[Reason]) -> Any:
    text = shown(kept).strip()
    if not text:
        return None
    cell: object = 0 if kept.startswith(_NUMBER) else datetime.fromisoformat(text) if kept.startswith(_DATE) else text
    try:
        return read_at(mapping, field, cell, text)
    except (BadText, ValueError) as error:
        said = Reason(error.zh, error.en) if isinstance(error, BadText) else Reason(f"“{text}”不是时间；请更正", f"found {text!r}, no time")
        errors.append(wrong(field, said))
        return None


def _moment(found: Mapping[str, Any], field: str, at: datetime, errors: list[Reason]) -> datetime | None:
    try:
        return read_received(found.get(field), at, field)
    except BadText as error:
        errors.append(wrong(field, Reason(error.zh, error.en)))
        return None
