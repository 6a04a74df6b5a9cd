"""An entry made, amended, closed; a file of rows looked at and taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.rules import RegisterRule
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions.forgetting import NOTE, Forgotten
from huiyin.desk.journal.actions import By, Key, key_of, write_now
from huiyin.desk.registers.actions.comparing import KEPT, hold_against, hold_others_against
from huiyin.desk.registers.columns import MOST_TEXT, BadEntry, digest_of, happened_at, read_values, words_of
from huiyin.desk.registers.models import Entry, Numbering, Sheet, Version
from huiyin.desk.registers.queries import book_of, rule_of
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text

MOST_ROWS = 2000
MOST_OF_A_NUMBER = 24


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file: its number there, its cells by column, and what made it unreadable (in Chinese), if anything did."""

    number: int
    cells: Mapping[str, Any]
    error: str = ""


@transaction.atomic
def add_entry(
    organisation_id: UUID, register: str, unit_code: str, sent: Mapping[str, Any], *, by: By, at: datetime, told_at: datetime | None = None
) -> Entry:
    """Make an entry of ``sent`` (by column); ``at`` is when it is entered, ``told_at`` when it happened.

    Where nobody tells when it happened, the entry's own first required moment or day says it, if that is past. Raises BadText for a
    register that the unit does not keep now or a moment to come; BadEntry, which names every column that is wrong.
    """
    rule = _kept(organisation_id, register, unit_code, at)
    values = read_values(rule.fields, sent)
    made = _make(organisation_id, register, unit_code, rule, values, by, at, _moment(rule, values, told_at, at))
    hold_others_against(organisation_id, register, unit_code)
    return made


def _kept(organisation_id: UUID, register: str, unit_code: str, at: datetime) -> RegisterRule:
    book = book_of(organisation_id, unit_code, register, at)
    if book is None or not book.in_force:
        raise BadText(
            f"found the register {register[:80]!r}, expected one that the unit {unit_code[:40]!r} keeps now; choose one of these",
            f"该单位现在没有“{register[:80]}”这本台账；请从本单位的台账中选择",
        )
    return book.rule


def _moment(rule: RegisterRule, values: Mapping[str, str], told_at: datetime | None, at: datetime) -> datetime:
    if told_at is not None and told_at > at:
        raise BadText(
            f"found the moment {told_at.isoformat()}, expected one that is past; correct it",
            f"发生时间 {in_shanghai(told_at):%Y-%m-%d %H:%M} 还没有到；请更正",
        )
    own = happened_at(rule.fields, values)
    # What is planned for a day to come is entered today all the same.
    return told_at or (own if own is not None and own <= at else at)


def _make(
    organisation_id: UUID, register: str, unit_code: str, rule: RegisterRule, values: dict[str, str], by: By, at: datetime, then: datetime
) -> Entry:
    year = in_shanghai(then).year
    made = Entry(
        organisation_id=organisation_id,
        id=new_id(at),
        register=register,
        unit_code=unit_code,
        year=year,
        number=_next_number(organisation_id, register, unit_code, year),
        values=values,
        words=words_of(rule.fields, values),
        digest=digest_of(values),
        at=then,
        entered_at=at,
        by_person=by.person,
        by_role=by.role,
    )
    hold_against(made, rule)
    made.save(force_insert=True)
    _keep_version(made, "", by, at)
    _journal(made, "registers.add_entry", by, at)
    return made


def _next_number(organisation_id: UUID, register: str, unit_code: str, year: int) -> int:
    key = {"organisation_id": organisation_id, "register": register, "unit_code": unit_code, "year": year}
    # Made without a number if the year has none yet, so that two who come first at once wait for each other here.
    Numbering.objects.bulk_create([Numbering(**key, last=0)], ignore_conflicts=True)
    Numbering.objects.filter(**key).update(last=F("last") + 1)
    return Numbering.objects.get(**key).last


def _keep_version(entry: Entry, reason: str, by: By, at: datetime) -> None:
    Version(
        organisation_id=entry.organisation_id,
        entry_id=entry.id,
        version=entry.version,
        values=entry.values,
        at=entry.at,
        reason=reason,
        entered_at=at,
        by_person=by.person,
        by_role=by.role,
    ).save(force_insert=True)


def _journal(entry: Entry, action: str, by: By, at: datetime, **more: Any) -> None:
    body = {"register": entry.register, "unit": entry.unit_code, "number": entry.label, "version": entry.version, **more}
    # The names and numbers of residents stay in the register: the journal proves what it said.
    body["sha256"] = digest_of(entry.values).hex()
    if entry.compared:
        body["compared"] = {"state": entry.compared, **entry.compared_with}
    clauses = rule_of(entry.register).cites
    key = _key_of(entry, at) if more else None
    write_now(entry.organisation_id, action, by=by, at=at, subject=f"entry:{entry.id}", clauses=clauses, body=body, key=key)


def _key_of(entry: Entry, at: datetime) -> Key | None:
    """The key of the case that the entry names: what is said of the entry is said of that case."""
    numbers = [value for value in entry.values.values() if 0 < len(value) <= MOST_OF_A_NUMBER]
    case = Case.objects.filter(organisation_id=entry.organisation_id, number__in=numbers).values_list("id", flat=True).first()
    return key_of(entry.organisation_id, case, at) if case else None


@transaction.atomic
def amend_entry(entry: Entry, sent: Mapping[str, Any], reason: str, *, by: By, at: datetime, told_at: datetime | None = None) -> Entry:
    """Let the entry say something else from now on; what it said before stays. ``sent`` gives the columns that change, "" empties one.

    Raises BadText without a reason, for a closed entry or a moment to come; BadEntry. Nothing changed makes no new version.
    """
    why = clean_text(reason.strip(), most=2000, field="reason")
    amended = _amend(_locked(entry), sent, why, by, at, told_at)
    hold_others_against(amended.organisation_id, amended.register, amended.unit_code)
    return amended


def _amend(locked: Entry, sent: Mapping[str, Any], why: str, by: By, at: datetime, told_at: datetime | None = None) -> Entry:
    rule = rule_of(locked.register)
    _refuse_closed(locked)
    values = read_values(rule.fields, {**locked.values, **sent})
    then = locked.at if told_at is None else _moment(rule, values, told_at, at)
    if values == locked.values and then == locked.at:
        return locked
    locked.values, locked.words, locked.digest = values, words_of(rule.fields, values), digest_of(values)
    locked.version, locked.at = locked.version + 1, then
    hold_against(locked, rule)
    locked.save(update_fields=["values", "words", "digest", "version", "at", *KEPT])
    _keep_version(locked, why, by, at)
    _journal(locked, "registers.amend_entry", by, at, reason=why)
    return locked


@transaction.atomic
def close_entry(entry: Entry, note: str, *, by: By, at: datetime, sent: Mapping[str, Any] | None = None) -> Entry:
    """Close an entry: the key is back, the measure is done. ``sent`` fills columns at the same time (to whom the key went back).

    Raises BadText for a register whose entries are not closed, an entry that is closed, or without a note; BadEntry.
    """
    locked, said = _locked(entry), clean_text(note.strip(), most=2000, field="closing_note")
    if not rule_of(locked.register).closes:
        raise BadText(
            f"found an entry of {locked.register}, expected one of a register whose entries are closed; leave it as it is",
            "这本台账的记录不需要销账",
        )
    _refuse_closed(locked)
    if sent:
        locked = _amend(locked, sent, said, by, at)
    locked.closed_at, locked.closed_by, locked.closing_note = at, by.person, said
    locked.save(update_fields=["closed_at", "closed_by", "closing_note"])
    hold_others_against(locked.organisation_id, locked.register, locked.unit_code)
    _journal(locked, "registers.close_entry", by, at, note=said)
    return locked


def _refuse_closed(entry: Entry) -> None:
    if entry.closed_at is not None:
        raise BadText(
            f"found the entry {entry.label} closed, expected an open one; make a new entry instead",
            f"{entry.label} 已销账，不能再改；如有变化请另记一条",
        )


def _locked(entry: Entry) -> Entry:
    return Entry.objects.select_for_update().get(organisation_id=entry.organisation_id, id=entry.id)


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
    rule = _kept(organisation_id, register, unit_code, at)
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
    rule = _kept(locked.organisation_id, locked.register, locked.unit_code, at)
    wanted = [row for row in locked.rows if not row["errors"]]
    _mark_same(locked.organisation_id, locked.register, locked.unit_code, wanted)
    fresh = [row["values"] for row in wanted if not row["same"]]
    for values in fresh:
        _make(locked.organisation_id, locked.register, locked.unit_code, rule, values, by, at, _moment(rule, values, None, at))
    hold_others_against(locked.organisation_id, locked.register, locked.unit_code)
    locked.taken_at, locked.taken = at, len(fresh)
    locked.save(update_fields=["taken_at", "taken"])
    body = {"register": locked.register, "unit": locked.unit_code, "file": locked.file_name, "rows": len(locked.rows), "taken": len(fresh)}
    write_now(locked.organisation_id, "registers.take_rows", by=by, at=at, subject=f"sheet:{locked.id}", clauses=rule.cites, body=body)
    return len(fresh)


def forget_entries(cursor: Any, forgotten: Forgotten) -> None:
    """What entries that name the number of a case say, in all their versions; their numbers, moments and who made them stay."""
    named = {"organisation": forgotten.organisation_id, "number": forgotten.number}
    cursor.execute(
        "SELECT DISTINCT entry_id FROM registers_version v, jsonb_each_text(v.values) e "
        "WHERE v.organisation_id = %(organisation)s AND e.value = %(number)s",
        named,
    )
    for (key,) in cursor.fetchall():
        entry = Entry.objects.get(organisation_id=forgotten.organisation_id, id=key)
        for version in Version.objects.filter(organisation_id=forgotten.organisation_id, entry_id=key):
            said, why = _without_words(entry, version.values, forgotten.number), NOTE if version.reason else ""
            Version.objects.filter(pk=version.pk).update(values=said, reason=why)
        entry.values, entry.words = _without_words(entry, entry.values, forgotten.number), forgotten.number
        entry.digest, entry.closing_note = digest_of(entry.values), NOTE if entry.closing_note else ""
        entry.save(update_fields=["values", "words", "digest", "closing_note"])


def _without_words(entry: Entry, values: Mapping[str, str], number: str) -> dict[str, str]:
    """The values of a version with a note for every text; days, numbers and choices stay, and the number of the case."""
    texts = {field.key for field in rule_of(entry.register).fields if field.kind == "text"}
    return {key: NOTE if key in texts and value not in ("", number) else value for key, value in values.items()}
