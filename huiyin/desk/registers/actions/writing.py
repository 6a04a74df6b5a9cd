"""Entries as they are written: made, given another version, closed, each with its line in the journal. Nothing is judged here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from huiyin.core.moments import in_shanghai
from huiyin.core.rules import RegisterRule
from huiyin.desk.cases.models import Case
from huiyin.desk.journal.actions import By, Key, key_of, write_now
from huiyin.desk.registers.actions.comparing import KEPT, hold_against, hold_others_against
from huiyin.desk.registers.columns import digest_of, words_of
from huiyin.desk.registers.models import Entry, Numbering, Version
from huiyin.desk.registers.queries import rule_of
from huiyin.plumbing.ids import new_id

MOST_OF_A_NUMBER = 24


def make(
    organisation_id: UUID,
    register: str,
    unit_code: str,
    rule: RegisterRule,
    values: dict[str, str],
    by: By,
    at: datetime,
    then: datetime,
    *,
    key: UUID | None = None,
    case: UUID | None = None,
) -> Entry:
    """A new entry that says ``values``, entered ``at``, of what happened ``then``; ``key`` is its id, ``case`` the case it is about."""
    year = in_shanghai(then).year
    made = Entry(
        organisation_id=organisation_id,
        id=key or new_id(at),
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
        case_id=case,
    )
    hold_against(made, rule)
    made.save(force_insert=True)
    _keep_version(made, "", by, at)
    _journal(made, "registers.add_entry", by, at)
    return made


def amend(locked: Entry, values: dict[str, str], why: str, by: By, at: datetime, then: datetime | None = None) -> Entry:
    """Let the entry say ``values`` from now on, of what happened ``then``, if that changes; nothing changed makes no new version."""
    then = then or locked.at
    if values == locked.values and then == locked.at:
        return locked
    rule = rule_of(locked.register)
    locked.values, locked.words, locked.digest = values, words_of(rule.fields, values), digest_of(values)
    locked.version, locked.at = locked.version + 1, then
    hold_against(locked, rule)
    locked.save(update_fields=["values", "words", "digest", "version", "at", *KEPT])
    _keep_version(locked, why, by, at)
    _journal(locked, "registers.amend_entry", by, at, reason=why)
    return locked


def close(locked: Entry, note: str, by: By, at: datetime) -> Entry:
    """Close the entry with a note."""
    locked.closed_at, locked.closed_by, locked.closing_note = at, by.person, note
    locked.save(update_fields=["closed_at", "closed_by", "closing_note"])
    hold_others_against(locked.organisation_id, locked.register, locked.unit_code)
    _journal(locked, "registers.close_entry", by, at, note=note)
    return locked


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


def _key_of(entry: Entry, at: datetime) -> Key:
    """The key of the case that the entry names, because what is said of the entry is said of that case; else its own."""
    if entry.case_id is not None:
        return key_of(entry.organisation_id, entry.case_id, at)
    numbers = [value for value in entry.values.values() if 0 < len(value) <= MOST_OF_A_NUMBER]
    case = Case.objects.filter(organisation_id=entry.organisation_id, number__in=numbers).values_list("id", flat=True).first()
    return key_of(entry.organisation_id, case or entry.id, at)
