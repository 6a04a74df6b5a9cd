"""A mapping: which column of somebody's file is which field of ours. It is data; what a file does not say, nobody invents."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from huiyin.channels.sheets.kinds import CASES, KINDS, Kind
from huiyin.core.moments import BadText, in_shanghai, parse_moment
from huiyin.plumbing.strict_yaml import BadYaml, parse_yaml

STATES: Final = ("open", "closed")
OTHERWISE: Final = "*"
_ZONE = re.compile(r"[+-][0-9]{2}:[0-9]{2}")
_NAMES_ZONE = re.compile(r":[0-9.]+\s?(Z|[+-][0-9]{2}:?[0-9]{2})$")


class BadMapping(BadText):
    """A mapping that cannot be used. ``lacking`` are the fields for which it names neither a column nor a constant."""

    def __init__(self, en: str, zh: str, lacking: tuple[str, ...] = ()) -> None:
        super().__init__(en, zh)
        self.lacking = lacking


class SheetMapping(BaseModel):
    """How a file is read.

    ``of`` is what its rows become (a key of KINDS).
    ``source`` names where the rows come from: with ``source_id`` it makes a row known again. ``columns``: their column → our field (a list
    of fields where one column is several). ``constants``: field → value for all rows. ``values``: field → their word → ours; the word ``*``
    stands for all others. ``dates``: field → format of strptime, for texts that are not ISO or Chinese. ``zone``: the offset in which their
    times are meant, if not Shanghai's. ``join``: field → what stands between several columns of it. ``dispatch``: whether open cases
    are handed to their units at once.
    """

    model_config = ConfigDict(extra="forbid")
    of: str = CASES.key
    source: str = Field(min_length=1, max_length=60)
    columns: dict[str, str | list[str]]
    constants: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    dates: dict[str, str] = Field(default_factory=dict)
    zone: str = "+08:00"
    join: dict[str, str] = Field(default_factory=dict)
    dispatch: bool = False
    sheet: str | None = None
    encoding: str | None = None

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if not _ZONE.fullmatch(value):
            raise ValueError("expected an offset such as +08:00")
        return value

    @field_validator("of")
    @classmethod
    def _known_kind(cls, value: str) -> str:
        if value not in KINDS:
            raise ValueError(f"found {value[:20]!r}, expected one of {', '.join(KINDS)}")
        return value

    @model_validator(mode="after")
    def _known_fields(self) -> SheetMapping:
        named = {field for fields in self.columns.values() for field in _listed(fields)}
        for field in (*named, *self.constants, *self.values, *self.dates, *self.join):
            if field not in self.kind.fields:
                raise ValueError(f"found the field {field!r}, expected one of {', '.join(self.kind.fields)}")
        return self

    @property
    def kind(self) -> Kind:
        """What its rows become."""
        return KINDS[self.of]

    @property
    def lacking(self) -> tuple[str, ...]:
        """The fields that every row needs and that nothing gives: neither a column nor a constant."""
        named = {field for fields in self.columns.values() for field in _listed(fields)}
        return tuple(field for field in self.kind.required if field not in named and not self.constants.get(field))

    def columns_of(self, field: str) -> list[str]:
        """The columns that make the field, in the order in which the mapping names them."""
        return [column for column, fields in self.columns.items() if field in _listed(fields)]

    def with_constants(self, constants: MappingOf[str, str]) -> SheetMapping:
        """The mapping in which all rows have these values: no column gives them any more."""
        columns = {name: [one for one in _listed(fields) if one not in constants] for name, fields in self.columns.items()}
        return self.model_copy(update={"columns": columns, "constants": {**self.constants, **constants}}) if constants else self

    def arrivals(self) -> SheetMapping:
        """The mapping of what was known when a row arrived: nothing of how it ended."""
        ends = ("state", "closed_at")
        columns = {name: [one for one in _listed(fields) if one not in ends] for name, fields in self.columns.items()}
        constants = {field: value for field, value in self.constants.items() if field not in ends}
        return self.model_copy(update={"columns": columns, "constants": constants})

    @property
    def offset(self) -> timezone:
        """The zone of times that name none."""
        hours, minutes = int(self.zone[:3]), int(self.zone[0] + self.zone[4:])
        return timezone(timedelta(hours=hours, minutes=minutes))


def _listed(fields: str | list[str]) -> list[str]:
    return [fields] if isinstance(fields, str) else fields


def parse_mapping(raw: bytes, name: str, constants: MappingOf[str, str] | None = None) -> SheetMapping:
    """The mapping in a YAML (or JSON) file, with further constants, which count more than its own.

    Raises BadMapping with the line, or the path, of what is wrong; with ``lacking`` where nothing gives a field that every case needs.
    """
    try:
        mapping = SheetMapping.model_validate(parse_yaml(raw, name).value)
    except BadYaml as error:
        raise BadMapping(str(error), f"映射文件有误：{error}") from None
    except ValidationError as error:
        _refuse(name, error)
    return complete(mapping.with_constants(constants or {}), name)


def complete(mapping: SheetMapping, name: str) -> SheetMapping:
    """The mapping, if it gives all that every row needs. Raises BadMapping with what it is ``lacking``."""
    if found := mapping.lacking:
        english, chinese = ", ".join(found), "、".join(mapping.kind.fields[field][0] for field in found)
        raise BadMapping(
            f"{name}: nothing gives the field(s) {english}: name a column or a constant for each",
            f"对照表 {name} 没有给出：{chinese}；请为每一项指定一列或一个固定值",
            found,
        )
    return mapping


def _refuse(name: str, error: ValidationError) -> NoReturn:
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"])) or name
    raise BadMapping(f"{name}: {where}: {first['msg']}", f"映射文件 {name} 的 {where} 有误：{first['msg']}；请更正") from None


def read_mapping(path: Path, constants: MappingOf[str, str] | None = None) -> SheetMapping:
    """The mapping in the file ``path``, with further constants. Raises BadMapping, FileNotFoundError."""
    return parse_mapping(path.read_bytes(), path.name, constants)


def read_at(mapping: SheetMapping, field: str, cell: object, text: str) -> datetime:
    """The moment in a cell, in Shanghai. Raises BadText: a number (a serial without a date format), or a text that is no moment."""
    if isinstance(cell, bool | int | float):
        raise BadText(
            f"found the number {text}, expected a date and time; format the column as a date",
            f"“{text}”是数字，不是日期；请把该列设为日期格式，或写成 2026-02-13 10:00",
        )
    if isinstance(cell, datetime):
        return in_shanghai(cell.replace(tzinfo=mapping.offset))
    form = mapping.dates.get(field)
    if form is None:
        moment = parse_moment(_with_time(text))
        return moment if _NAMES_ZONE.search(text) else in_shanghai(moment.replace(tzinfo=mapping.offset))
    try:
        return _sane(text, in_shanghai(datetime.strptime(text, form).replace(tzinfo=mapping.offset)))
    except ValueError:
        raise BadText(
            f"found {text!r}, expected a moment of the form {form}; correct the cell or the mapping",
            f"“{text}”不符合日期格式 {form}；请更正此格或映射",
        ) from None


def _with_time(text: str) -> str:
    # A day alone is its beginning: old ledgers often know no more.
    return f"{text} 00:00" if re.fullmatch(r"[0-9]{4}([-/])[0-9]{1,2}\1[0-9]{1,2}", text) else text


def _sane(text: str, moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2100:
        raise BadText(
            f"found {text!r}, expected a year from 2000 to 2100; correct the cell",
            f"“{text}”不在 2000 至 2100 年之间；请更正",
        )
    return moment
