"""How facts and what follows from them are written: the row of a fact, the body of its journal entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from huiyin.core.facts import LIMIT_PASSED, Fact
from huiyin.core.known import begin, note
from huiyin.core.subjects import Subject
from huiyin.desk.facts.keepers import Context, matter_keeper
from huiyin.desk.journal.digest import plain
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.rows import Rows, Table

TABLE = Table(
    "facts_fact",
    (
        ("organisation_id", "uuid"),
        ("id", "uuid"),
        ("event", "text"),
        ("at", "timestamptz"),
        ("entered_at", "timestamptz"),
        ("case_id", "uuid"),
        ("number", "int"),
        ("unit_code", "text"),
        ("by_role", "text"),
        ("by_person", "uuid"),
        ("details", "jsonb"),
        ("derived", "bool"),
        ("clock_key", "text"),
        ("about", "text"),
    ),
)


def fact_row(context: Context, key: UUID, fact: Fact, number: int, unit: str, by: UUID | None) -> dict[str, Any]:
    """The row of ``fact`` under the id ``key``, the ``number``-th of its case; ``unit`` is the case's where the fact names none."""
    return {
        "organisation_id": context.organisation_id,
        "id": key,
        "event": fact.event,
        "at": fact.at,
        "entered_at": fact.entered_at or context.entered_at,
        "case_id": fact.case,
        "number": number,
        "unit_code": fact.unit or unit,
        "by_role": fact.by or "",
        "by_person": by,
        "details": stored_details(fact, context),
        "derived": fact.derived,
        "clock_key": fact.details.get("clock") if fact.event == LIMIT_PASSED else None,
        "about": context.about,
    }


def remember(rows: Rows, context: Context, subject: Subject, key: str, by: UUID | None) -> None:
    """Put a fact that the thing ``key`` only remembers, and the thing itself if this is the first that is known of it."""
    fact = replace(subject.fact, case=key, entered_at=subject.fact.entered_at or context.entered_at)
    thing = note(begin(fact, subject.about), fact)
    context = replace(context, case=thing, about=str(subject.key))
    rows.put(TABLE, fact_row(context, new_id(context.entered_at), fact, 0, thing.unit, by))
    matter_keeper().keep(rows, context, [fact])


def stored_details(fact: Fact, context: Context) -> Mapping[str, Any]:
    """The details as JSON. A case's first fact always says what kind of record the case is, so that the facts alone tell it."""
    details: dict[str, Any] = plain(fact.details)
    if context.case is not None and fact.at == context.case.received_at and not fact.derived:
        details.setdefault("record", context.case.record)
    return details
