"""An entry made, amended, closed; a file of rows looked at and taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.rules import RegisterField, RegisterRule, Words
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.registers.actions.comparing import hold_others_against
from huiyin.desk.registers.actions.recording import correct_acts, record_acts
from huiyin.desk.registers.actions.writing import amend, close, make
from huiyin.desk.registers.columns import MOST_TEXT, BadEntry, digest_of, happened_at, lacking, read_values
from huiyin.desk.registers.models import Entry, Sheet
from huiyin.desk.registers.queries import book_of, rule_of
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text

MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file: its number there, its cells by column, and what made it unreadable (in Chinese), if anything did."""

    number: int
    cells: Mapping[str, Any]
    error: str = ""


@transaction.atomic
def add_entry(
    organisation_id: UUID, register: str, unit_code: str, sent: Mapping[str, Any], *, by: By, at: datetime,
    told_at: datetime | None = None, elsewhere: bool = False,
) -> Entry:  # fmt: skip
    """Make an entry of ``sent`` (by column); ``at`` is when it is entered, ``told_at`` when it happened. The acts that it records are
    stored with it; ``elsewhere``: they were done before they came to us, and no regulation can refuse them any more.

    Where nobody tells when it happened, the entry's own first required moment or day says it, if that is past. Raises BadText for a
    register that the unit does not keep now or a moment to come; BadEntry, which names every column that is wrong; Refused, where a
    regulation forbids what it records.
    """
    rule = _filled_by_hand(organisation_id, register, unit_code, at)
    values = read_values(rule.fields, sent)
    made = _enter(organisation_id, register, unit_code, rule, values, by, at, told_at, elsewhere=elsewhere)
    hold_others_against(organisation_id, register, unit_code)
    return made


def _enter(
    organisation_id: UUID, register: str, unit_code: str, rule: RegisterRule, values: dict[str, str], by: By, at: datetime,
    told_at: datetime | None = None, *, elsewhere: bool = False,
) -> Entry:  # fmt: skip
    then, key = _moment(rule, values, told_at, at), new_id(at)
    draft = Entry(organisation_id=organisation_id, id=key, register=register, unit_code=unit_code)
    record_acts(draft, values, by=by, at=at, told_at=told_at, elsewhere=elsewhere)
    return make(organisation_id, register, unit_code, rule, values, by, at, then, key=key)


def kept(organisation_id: UUID, register: str, unit_code: str, at: datetime) -> RegisterRule:
    """The rule of a register that the unit keeps now. Raises BadText for any other one."""
    book = book_of(organisation_id, unit_code, register, at)
    if book is None or not book.in_force:
        raise BadText(
            f"found the register {register[:80]!r}, expected one that the unit {unit_code[:40]!r} keeps now; choose one of these",
            f"该单位现在没有“{register[:80]}”这本台账；请从本单位的台账中选择",
        )
    return book.rule


def _filled_by_hand(organisation_id: UUID, register: str, unit_code: str, at: datetime) -> RegisterRule:
    rule = kept(organisation_id, register, unit_code, at)
    if rule.of_cases is not None:
        raise BadText(
            f"found a register that is kept of cases ({register}): its lines come from these; register the case",
            f"“{rule.name[0]}”由工单自动登记；请登记工单",
        )
    return rule


def _moment(rule: RegisterRule, values: Mapping[str, str], told_at: datetime | None, at: datetime) -> datetime:
    if told_at is not None and told_at > at:
        raise BadText(
            f"found the moment {told_at.isoformat()}, expected one that is past; correct it",
            f"发生时间 {in_shanghai(told_at):%Y-%m-%d %H:%M} 还没有到；请更正",
        )
    own = happened_at(rule.fields, values)
    # What is planned for a day to come is entered today all the same.
    return told_at or (own if own is not None and own <= at else at)


@transaction.atomic
def amend_entry(entry: Entry, sent: Mapping[str, Any], reason: str, *, by: By, at: datetime, told_at: datetime | None = None) -> Entry:
    """Let the entry say something else from now on; what it said before stays. ``sent`` gives the columns that change, "" empties one; an
    act that these record for the first time is stored, one that it has recorded is put right.

    Raises BadText without a reason, for a closed entry, a moment to come, or an act that cannot be put right; BadEntry; Refused. Nothing
    changed makes no new version.
    """
    why = clean_text(reason.strip(), most=2000, field="reason")
    amended = _amend(entry, sent, why, by, at, told_at)
    hold_others_against(amended.organisation_id, amended.register, amended.unit_code)
    return amended


def _amend(
    entry: Entry, sent: Mapping[str, Any], why: str, by: By, at: datetime, told_at: datetime | None = None, *, closing: bool = False
) -> Entry:
    read = _read(entry)
    rule = rule_of(read.register)
    _refuse_closed(read)
    values = read_values(rule.fields, {**read.values, **sent}, lacking=lacking(rule.fields, read.values))
    if closing and (open_yet := rule.lacks_to_close(values)):
        raise BadEntry({field.key: _not_done(field) for field in open_yet})
    then = read.at if told_at is None else _moment(rule, values, told_at, at)
    correct_acts(read, values, by=by, at=at, told_at=told_at if not closing else None, closing=closing)
    record_acts(read, values, by=by, at=at, told_at=told_at, closing=closing)
    locked = _locked(read)
    return amend(locked, values, why, by, at, then)


def _not_done(field: RegisterField) -> Words:
    zh, en = field.name
    return f"{en} ({field.key}): found nothing, expected it before the entry is closed; fill it in", f"{zh}：未填写，填写后才能销账"


@transaction.atomic
def close_entry(entry: Entry, note: str, *, by: By, at: datetime, sent: Mapping[str, Any] | None = None) -> Entry:
    """Close an entry: the key is back, the measure is done. ``sent`` fills columns at the same time (to whom the key went back).

    Raises BadText for a register whose entries are not closed, an entry that is closed, or without a note; BadEntry, also where the
    register asks for something first; Refused, where a regulation forbids what is recorded with it.
    """
    said = clean_text(note.strip(), most=2000, field="closing_note")
    if not rule_of(entry.register).closes:
        raise BadText(
            f"found an entry of {entry.register}, expected one of a register whose entries are closed; leave it as it is",
            "这本台账的记录不需要销账",
        )
    return close(_amend(entry, _with_day(entry, sent or {}, at), said, by, at, closing=True), said, by, at)


def _with_day(entry: Entry, sent: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    """What is sent, and when the act was done to which the closing comes: now, where nobody says otherwise."""
    days = {one.at: in_shanghai(at) for one in rule_of(entry.register).records if one.closes and one.at}
    return {**{key: now for key, now in days.items() if key not in _read(entry).values}, **{key: one for key, one in sent.items() if one}}


def _refuse_closed(entry: Entry) -> None:
    if entry.destroyed_at is not None:
        raise BadText(
            f"found the entry {entry.label} destroyed, expected one that is kept; make a new entry instead",
            f"{entry.label} 已销毁，不能再改；如有变化请另记一条",
        )
    if entry.closed_at is not None:
        raise BadText(
            f"found the entry {entry.label} closed, expected an open one; make a new entry instead",
            f"{entry.label} 已销账，不能再改；如有变化请另记一条",
        )


def _read(entry: Entry) -> Entry:
    return Entry.objects.get(organisation_id=entry.organisation_id, id=entry.id)


def _locked(read: Entry) -> Entry:
    """The entry for us alone. What it records was stored before, so that nobody waits for it the other way round; raises BadText where
    somebody else has changed it meanwhile."""
    locked = Entry.objects.select_for_update().get(organisation_id=read.organisation_id, id=read.id)
    if (locked.version, locked.closed_at) != (read.version, read.closed_at):
        raise BadText(
            f"found that {read.label} was changed by somebody else just now; look at it again, then change it",
            f"{read.label} 刚刚被其他人改过；请刷新后再改",
        )
    return locked


@transaction.atomic
def look_at_rows(
    organisation_id: UUID,
    register: str,
    unit_code: str,
    file_name: str,
    lines: Iterable[Line],
    *,
    by: By,
    at: datetime,
) -> Sheet:
    """Keep the rows of a file and the verdict on each; nothing is entered yet.

    Raises BadText for a register that the unit does not keep now, or more than 2000 rows.
    """
    rule = _filled_by_hand(organisation_id, register, unit_code, at)
    judged = [_judged(rule, line) for line in lines]
    if len(judged) > MOST_ROWS:
        raise BadText(
            f"found {len(judged)} rows, expected at most {MOST_ROWS}; split the file",
            f"有 {len(judged)} 行，最多 {MOST_ROWS} 行；请拆分文件",
        )
    _mark_same(organisation_id, register, unit_code, judged)
    made = Sheet(
        organisation_id=organisation_id,
        id=new_id(at),
        register=register,
        unit_code=unit_code,
        file_name=file_name[:260],
        rows=judged,
        by_person=by.person,
        at=at,
    )
    made.save(force_insert=True)
    return made


def _judged(rule: RegisterRule, line: Line) -> dict[str, Any]:
    errors = [line.error] if line.error else []
    values = {key: str(cell)[:MOST_TEXT] for key, cell in line.cells.items() if cell is not None}
    if not errors:
        try:
            values = read_values(rule.fields, line.cells)
        except BadEntry as error:
            errors = [zh for _, zh in error.problems.values()]
    return {"number": line.number, "values": values, "errors": errors, "same": False}


def _mark_same(organisation_id: UUID, register: str, unit_code: str, judged: list[dict[str, Any]]) -> None:
    """Mark the rows that say the same as an entry that is there, or as a row before them: they would be taken twice."""
    rows = Entry.objects.filter(organisation_id=organisation_id, register=register, unit_code=unit_code)
    known = {bytes(one) for one in rows.values_list("digest", flat=True)}
    for row in judged:
        if not row["errors"]:
            digest = digest_of(row["values"])
            row["same"] = digest in known
            known.add(digest)


@transaction.atomic
def take_rows(sheet: Sheet, *, by: By, at: datetime) -> int:
    """Enter the rows that can be taken and are not there yet, all or none; returns how many. Taken twice, they are taken once.

    Raises BadText for a register that the unit no longer keeps.
    """
    locked = Sheet.objects.select_for_update().get(organisation_id=sheet.organisation_id, id=sheet.id)
    if locked.taken_at is not None:
        return locked.taken
    rule = kept(locked.organisation_id, locked.register, locked.unit_code, at)
    wanted = [row for row in locked.rows if not row["errors"]]
    _mark_same(locked.organisation_id, locked.register, locked.unit_code, wanted)
    fresh = [row for row in wanted if not row["same"]]
    for row in fresh:
        try:
            # What stands in a file was done before it came to us.
            _enter(locked.organisation_id, locked.register, locked.unit_code, rule, row["values"], by, at, elsewhere=True)
        except BadEntry as error:
            raise BadText(f"row {row['number']}: {error.en}", f"第 {row['number']} 行：{error.zh}") from None
    hold_others_against(locked.organisation_id, locked.register, locked.unit_code)
    locked.taken_at, locked.taken = at, len(fresh)
    locked.save(update_fields=["taken_at", "taken"])
    body = {"register": locked.register, "unit": locked.unit_code, "file": locked.file_name, "rows": len(locked.rows), "taken": len(fresh)}
    write_now(locked.organisation_id, "registers.take_rows", by=by, at=at, subject=f"sheet:{locked.id}", clauses=rule.cites, body=body)
    return len(fresh)
