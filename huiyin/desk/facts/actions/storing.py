"""Storing facts in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome
from huiyin.desk.facts.actions.desk import Desk, lock, subject_of_case, subject_of_issue, subject_of_unit
from huiyin.desk.facts.queries import House, load_cases
from huiyin.plumbing.prepared import prepared_cursor
from huiyin.plumbing.rows import Rows

Kept = Mapping[str, Mapping[str, Any]]
"""For each case, by its id as text, its row as it was written."""


def store(
    organisation_id: UUID,
    facts: Sequence[Fact],
    *,
    by: UUID | None,
    at: datetime,
    rows: Rows | None = None,
    about: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Outcome]:
    """Store ``facts`` in order, with everything that follows from them, in one transaction (an open one is joined).

    ``by`` is the person who acts, ``at`` when it is entered (each fact says itself when it happened). ``rows`` are further rows of the same
    action, written in the same statement. ``about`` holds, for each case that begins here (by its id as text, a new one), what the room of
    cases keeps besides its facts. Limits of the same case or unit that passed before a fact and were not looked at yet pass first.
    Returns an outcome for each fact. Raises Refused (nothing stands), BadFact, and what the database raises.
    """
    return store_cases(organisation_id, facts, by=by, at=at, rows=rows, about=about)[0]


def store_cases(
    organisation_id: UUID,
    facts: Sequence[Fact],
    *,
    by: UUID | None,
    at: datetime,
    rows: Rows | None = None,
    about: Mapping[str, Mapping[str, Any]] | None = None,
    also: Callable[[Rows, Sequence[Outcome], Kept], None] | None = None,
    savepoint: bool = True,
) -> tuple[list[Outcome], Kept]:
    """As ``store``; returns the outcomes, and for each case, by id as text, its row as it was written (number, status, version …).

    ``also`` puts further rows of the same action, when all of that is known, into the same statement. Without a ``savepoint`` an open
    transaction is lost as a whole when anything goes wrong here: two statements less for who wants just that.
    """
    with transaction.atomic(savepoint=savepoint), prepared_cursor() as cursor:
        desk = Desk(cursor, House.of(organisation_id), by, at, rows if rows is not None else Rows(), about or {})
        _open_subjects(desk, facts)
        outcomes = [desk.follow(fact) for fact in facts]
        desk.collect()
        if also is not None:
            also(desk.rows, outcomes, desk.kept)
        desk.rows.flush(cursor)
    return outcomes, desk.kept


def _open_subjects(desk: Desk, facts: Sequence[Fact]) -> None:
    """Lock what the facts are about, always in the same order, and read what is known of the cases."""
    cases = {fact.case for fact in facts if fact.case is not None} - desk.about.keys()
    lock(desk.cursor, sorted({*_subjects(desk, facts, cases)}))
    if cases:
        desk.cases.update(load_cases(desk.cursor, desk.house, [UUID(case) for case in sorted(cases)]))


def _subjects(desk: Desk, facts: Sequence[Fact], cases: Iterable[str]) -> Iterable[str]:
    organisation_id = desk.house.organisation_id
    yield from (subject_of_case(organisation_id, case) for case in cases)
    for fact in facts:
        if fact.case is None:
            yield subject_of_unit(organisation_id, fact.unit or desk.house.root or "")
            if issue := fact.text("issue"):
                yield subject_of_issue(organisation_id, issue)
