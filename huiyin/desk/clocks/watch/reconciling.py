"""Every open clock worked out again from its facts: what differs from the stored one is told, nothing is quietly mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from huiyin.core.facts import Fact
from huiyin.core.follow import follow
from huiyin.core.known import Known
from huiyin.core.records import Clock
from huiyin.desk.facts.actions import carried_on
from huiyin.desk.facts.queries import House, facts_of_case, load_cases

_AT_ONCE = 500
_COMPARED = ("starts_at", "due_at", "target_at", "state", "stopped_at", "look_at")
_ORPHANS = (
    ("open, due and never looked at again before its due moment", "look_at IS NULL AND state = 'running' AND due_at IS NOT NULL"),
    ("looked at though it is no longer open", "look_at IS NOT NULL AND state NOT IN ('running', 'overdue')"),
    ("marked overdue before it was due", "state = 'overdue' AND due_at > %(now)s"),
    ("long due and still not looked at", "look_at < %(now)s - interval '1 minute'"),
    ("set aside with an error", "error <> ''"),
    (
        "of a case that is not there",
        "case_id IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM facts_fact f WHERE f.organisation_id = c.organisation_id AND f.case_id = c.case_id)",
    ),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A clock that is not as it should be: what is wrong, what is stored and what was worked out."""

    key: str
    what: str
    stored: str
    expected: str


def reconcile(organisation_id: UUID, now: datetime) -> list[Difference]:
    """Work out every open clock of the organisation afresh from the facts of its case; returns what differs, and orphans.

    Nothing is written. An empty list means that all clocks stand as the facts tell.
    """
    return [*_orphans(organisation_id, now), *_recomputed(organisation_id, now)]


def _orphans(organisation_id: UUID, now: datetime) -> Iterator[Difference]:
    with connection.cursor() as cursor:
        for what, condition in _ORPHANS:
            cursor.execute(
                "SELECT key, state, due_at, look_at, error FROM clocks_clock c WHERE organisation_id = %(organisation)s "
                f"AND ({condition}) ORDER BY key",
                {"organisation": organisation_id, "now": now},
            )
            for key, state, due_at, look_at, error in cursor.fetchall():
                yield Difference(key, what, f"{state}, due {due_at}, next look {look_at} {error}".strip(), "")


def _recomputed(organisation_id: UUID, now: datetime) -> Iterator[Difference]:
    house = House.of(organisation_id)
    after = UUID(int=0)
    while cases := _cases_with_open_clocks(organisation_id, after):
        after = cases[-1]
        with connection.cursor() as cursor:
            stored = load_cases(cursor, house, cases)
        for case_id in cases:
            if (past := stored.get(str(case_id))) is not None:
                fresh = replayed(house, facts_of_case(organisation_id, case_id), past.known.about)
                yield from _compare(past.known.clocks, fresh)


def _cases_with_open_clocks(organisation_id: UUID, after: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT case_id FROM clocks_clock WHERE organisation_id = %s AND case_id > %s "
            "AND state IN ('running', 'overdue') ORDER BY case_id LIMIT %s",
            [organisation_id, after, _AT_ONCE],
        )
        return [row[0] for row in cursor.fetchall()]


def replayed(house: House, facts: Sequence[Fact], about: str = "case") -> dict[str, Clock]:
    """The clocks that the facts of a case (or of another thing) give when they come in one after the other, from nothing."""
    known = Known(house.units, about=about)
    found_out: Counter[tuple[str, datetime]] = Counter()
    for fact in facts:
        # What was found out comes again by itself; what was found out elsewhere and passed on to a thing has to be told again.
        if fact.derived and (about == "case" or found_out[fact.event, fact.at] > 0):
            found_out[fact.event, fact.at] -= 1
            continue
        case = known.case
        if case is not None and about == "case":
            adopted = house.adopted_for_case(case, fact.at, fact)
        else:
            adopted = house.adopted(case.unit if case is not None else str(fact.unit), fact.at)
        outcome = follow(adopted, known, fact)
        found_out.update((one.event, one.at) for one in outcome.derived)
        known = carried_on(known, outcome)
    return dict(known.clocks)


def _compare(stored: Any, fresh: dict[str, Clock]) -> Iterator[Difference]:
    for key in sorted({*stored, *fresh}):
        if key not in fresh:
            yield Difference(key, "stored, but its facts tell of no such clock", stored[key].state, "")
        elif key not in stored:
            yield Difference(key, "missing, though its facts tell of it", "", fresh[key].state)
        else:
            for name in _COMPARED:
                was, should = getattr(stored[key], name), getattr(fresh[key], name)
                if was != should:
                    yield Difference(key, f"{name} differs", str(was), str(should))
