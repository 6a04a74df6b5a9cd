"""What is known: the facts of cases and units, and with them everything that the reckoning may ask about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from huiyin.core.facts import INSTEAD_OF, LIMIT_PASSED, Fact
from huiyin.core.in_force import governing
from huiyin.core.known import Case, Known, Units, note
from huiyin.core.moments import SHANGHAI, in_shanghai
from huiyin.core.precedence import in_order
from huiyin.core.records import Approval, Clock, Mark, Paper, Record, Retention, Score, WarningSignal
from huiyin.core.recurrence import PERIOD_KINDS, period_of
from huiyin.core.rules import Adopted
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.facts.keepers import Keeper, case_keeper, keepers
from huiyin.desk.journal.actions import Key
from huiyin.desk.people.queries import holders
from huiyin.desk.places import queries as places
from huiyin.rulebook.load import vocabulary

SHELVES: Mapping[type[Record], str] = {
    Clock: "clocks",
    WarningSignal: "warnings",
    Approval: "approvals",
    Score: "scores",
    Mark: "marks",
    Paper: "papers",
    Retention: "kept",
}
"""The field of ``Known`` for each kind of record that the reckoning asks about."""

_FACTS = (
    "SELECT jsonb_agg(jsonb_build_array(f.case_id, f.event, f.at, f.unit_code, f.by_role, f.details, f.entered_at, f.derived, f.about, "
    "f.by_person) ORDER BY f.number, f.id) FROM facts_fact f WHERE f.organisation_id = %(organisation)s AND f.case_id = ANY(%(case)s)"
)


_KEYS = (
    "SELECT jsonb_agg(jsonb_build_array(k.about_id, encode(k.key, 'hex'))) FROM journal_key k "
    "WHERE k.organisation_id = %(organisation)s AND k.about_id = ANY(%(case)s)"
)


@dataclass(slots=True)
class Past:
    """What is known of one subject: the records by shelf, the case with its row, and how many facts it has had.

    ``thing`` is the key of a thing that is no case (``core/subjects.py``). ``key`` is that of its words, ``destroyed`` whether it was
    thrown away.
    """

    known: Known
    row: Mapping[str, Any] | None = None
    facts: int = 0
    passed: set[tuple[str, datetime]] = field(default_factory=set)
    thing: str = ""
    key: Key | None = None
    destroyed: bool = False


@dataclass(frozen=True, slots=True)
class House:
    """The organisation as one action sees it: read once, remembered under its edition."""

    organisation_id: UUID
    edition: UUID
    units: Units

    @classmethod
    def of(cls, organisation_id: UUID) -> House:
        """The organisation as it stands now. Raises Organisation.DoesNotExist."""
        edition = places.edition(organisation_id)
        units = places.units(organisation_id, edition)
        return cls(organisation_id, edition, replace(units, holders=partial(_holders, organisation_id, edition)))

    @property
    def root(self) -> str | None:
        """The code of the topmost unit; None where there are no units yet."""
        return next((one.code for one in self.units.by_code.values() if one.parent not in self.units.by_code), None)

    def adopted(self, unit: str, at: datetime, began_at: datetime | None = None) -> tuple[Adopted, ...]:
        """The regulations that bind ``unit``, the highest first: those in force when the case began (None: at ``at``), with the
        settings of ``at``."""
        day = in_shanghai(began_at or at).date()
        return _binding(adopted_for(self.organisation_id, at, self.edition), self.units.path(unit), day)

    def adopted_for_case(self, case: Case, at: datetime, fact: Fact | None = None) -> tuple[Adopted, ...]:
        """The regulations that govern the case, the highest first, with the settings of ``at``; ``fact`` is one that is just coming in."""
        found = (self.adopted(case.unit, at, began_at) for began_at in governing(case, fact))
        return next(filter(None, found), ())

    def adopted_for_row(self, case_id: UUID, unit: str, received_at: datetime, at: datetime) -> tuple[Adopted, ...]:
        """As ``adopted_for_case``, for a case of which only its row is at hand: its facts are read where no regulation was in force."""
        if found := self.adopted(unit, at, received_at):
            return found
        past = known(self.organisation_id, case_id)
        return self.adopted_for_case(past.case, at) if past is not None and past.case is not None else ()

    def adopted_anywhere(self, at: datetime) -> tuple[Adopted, ...]:
        """All regulations in force somewhere in the organisation on the day of ``at``: their periods open together."""
        day = in_shanghai(at).date()
        return tuple(one for one in adopted_for(self.organisation_id, at, self.edition) if _is_in_force(one, day))


def _is_in_force(one: Adopted, day: date) -> bool:
    return (one.from_on is None or one.from_on <= day) and (one.until_on is None or day <= one.until_on)


@lru_cache(maxsize=4_096)
def _binding(adopted: tuple[Adopted, ...], path: tuple[str, ...], day: date) -> tuple[Adopted, ...]:
    return in_order((one for one in adopted if _is_in_force(one, day)), path)


def _holders(organisation_id: UUID, edition: UUID, role: str, unit: str, at: datetime) -> frozenset[str]:
    """Who holds the role, as the reckoning names persons; those who have left since among them, so that the past is told as it was."""
    found = holders(organisation_id, role, unit, in_shanghai(at).date(), edition, also_left=True)
    return frozenset(map(str, found))


def load_cases(cursor: Any, house: House, case_ids: Sequence[UUID]) -> dict[str, Past]:
    """What is known of the cases, by id as text, read in one statement; a case without facts is left out."""
    params = {"organisation": house.organisation_id, "case": list(case_ids), "unit": [], "period": [], "issue": None}
    cursor.execute(_statement_of_cases(case_keeper().table), params)
    facts, rows, keys, *shelves = (_loaded(value) for value in cursor.fetchone())
    by_case: dict[str, list[Fact]] = {}
    about: dict[str, str] = {}
    for one in facts:
        by_case.setdefault(one[0], []).append(_fact_of(one))
        about[one[0]] = one[8]
    row_of = {row["id"]: row for row in rows}
    records = _by_case(shelves)
    found = {key: _past(house, past, row_of.get(key), records.get(key, {}), about[key]) for key, past in by_case.items()}
    for case, secret in keys:
        if case in found:
            found[case].key, found[case].destroyed = Key(UUID(case), bytes.fromhex(secret)) if secret else None, not secret
    return found


def thing_id(organisation_id: UUID, key: str) -> UUID:
    """The id under which everything about the thing ``key`` is kept: always the same for the same organisation and key."""
    return uuid5(organisation_id, key)


@lru_cache(maxsize=4)
def _statement_of_cases(table: str) -> str:
    cases = f'SELECT jsonb_agg(to_jsonb(c)) FROM "{table}" c WHERE c.organisation_id = %(organisation)s AND c.id = ANY(%(case)s)'
    return f"SELECT {', '.join(f'({one})' for one in (_FACTS, cases, _KEYS, *(_records(k, k.of_case) for k in _asked('of_case'))))}"


def _asked(condition: str) -> list[Keeper]:
    return [one for one in keepers().values() if one.record_type in SHELVES and one.record and getattr(one, condition)]


def _records(keeper: Keeper, condition: str) -> str:
    return f'SELECT jsonb_agg(to_jsonb(r)) FROM "{keeper.table.name}" r WHERE r.organisation_id = %(organisation)s AND ({condition})'


def _loaded(value: Any) -> list[Any]:
    found: list[Any] = json.loads(value) if isinstance(value, str) else value or []
    return found


def _by_case(shelves: Iterable[list[Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for keeper, rows in zip(_asked("of_case"), shelves, strict=True):
        for row in rows:
            record = keeper.record(row) if keeper.record else None
            if record is not None and record.case is not None:
                shelf = found.setdefault(record.case, {}).setdefault(SHELVES[keeper.record_type], {})
                shelf[record.key] = record
    return found


def _past(house: House, facts: Sequence[Fact], row: Mapping[str, Any] | None, records: Mapping[str, Any], thing: str) -> Past:
    standing = {one.name: one.at for one in records.get("marks", {}).values() if one.ended_at is None}
    case = replace(fold(facts), marks=standing)
    about = thing.partition(":")[0] or "case"
    known = Known(house.units, replace(case, record=about) if thing else case, **records, about=about)
    passed = {(str(fact.details.get("clock")), fact.at) for fact in facts if fact.event == LIMIT_PASSED}
    return Past(known, row, len(facts), passed, thing)


def fold(facts: Sequence[Fact]) -> Case:
    """The case that its facts tell, in their order; marks stand in records of their own and are not among them."""
    first = facts[0]
    case = Case(str(first.case), str(first.unit), str(first.details.get("record") or "complaint"), first.at)
    for fact in facts:
        if fact.event != LIMIT_PASSED:
            case = note(case, fact)
    return case


def _fact_of(one: Sequence[Any]) -> Fact:
    case, event, at, unit, by, details, entered_at, derived = one[:8]
    person = one[9] if len(one) > 9 else None
    return Fact(event, moment(at), case, unit or None, by or None, details_back(details), moment(entered_at), derived, person)


def moment(text: str) -> datetime:
    """A moment as the database writes it in JSON, by the clock of Shanghai."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


@lru_cache(maxsize=1)
def _kinds() -> tuple[frozenset[str], frozenset[str]]:
    facts = vocabulary()["facts"].items()
    return (
        frozenset(key for key, fact in facts if fact.get("kind") == "moment"),
        frozenset(key for key, fact in facts if fact.get("kind") == "day"),
    )


def put_right(organisation_id: UUID) -> list[UUID]:
    """The ids of the facts in whose place another one stands, because what told of them was corrected."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT jsonb_array_elements_text(details -> '{INSTEAD_OF}')::uuid FROM facts_fact "
            f"WHERE organisation_id = %s AND details ? '{INSTEAD_OF}'",
            [organisation_id],
        )
        return [row[0] for row in cursor.fetchall()]


def details_back(details: Mapping[str, Any]) -> Mapping[str, Any]:
    """The details of a fact as they were before they became JSON: moments and days are no longer text."""
    moments, days = _kinds()
    if not (moments | days) & details.keys():
        return details
    return {key: _back(key, value, moments, days) for key, value in details.items()}


def _back(key: str, value: Any, moments: frozenset[str], days: frozenset[str]) -> Any:
    if not isinstance(value, str) or not value:
        return value
    if key in moments:
        return moment(value)
    return date.fromisoformat(value) if key in days else value


def load_unit(cursor: Any, house: House, units: Sequence[str], periods: Sequence[str], issue: str | None) -> dict[str, dict[str, Any]]:
    """The records about units for the periods and the issue, by shelf of ``Known`` and key, read in one statement."""
    asked = _asked("of_unit")
    if not asked:
        return {}
    statement = f"SELECT {', '.join(f'({_records(one, one.of_unit)})' for one in asked)}"
    params = {"organisation": house.organisation_id, "case": [], "unit": list(units), "period": list(periods), "issue": issue}
    cursor.execute(statement, params)
    found: dict[str, dict[str, Any]] = {}
    for keeper, rows in zip(asked, cursor.fetchone(), strict=True):
        shelf = found.setdefault(SHELVES[keeper.record_type], {})
        for row in _loaded(rows):
            if keeper.record is not None:
                record = keeper.record(row)
                shelf[record.key] = record
    return found


def periods_of(fact: Fact) -> tuple[str, ...]:
    """The periods that a fact about a unit may serve: the one it names, or all in which it happens; at 24:00 those that close too."""
    named = fact.text("period")
    if named:
        return (named,)
    moments = (fact.at, fact.at - timedelta(microseconds=1))
    return tuple(dict.fromkeys(period_of(kind, at).name for at in moments for kind in PERIOD_KINDS))


def home_of(unit: str, household: str) -> str:
    """A household as it is counted: the same door number in two units is two households."""
    return f"{unit}/{household}"


def load_tallies(cursor: Any, house: House, unit: str, issue: str, year: int, household: str) -> dict[str, int]:
    """For each unit from ``unit`` upward how many distinct households have complained of the issue in the year, this one included."""
    path = house.units.path(unit)
    params = {
        "organisation": house.organisation_id,
        "unit": list(path),
        "issue": issue,
        "year": year,
        "household": home_of(unit, household) if household else "",
    }
    cursor.execute(case_keeper().tallies, params)
    others = dict(cursor.fetchall())
    own = 1 if household else 0
    return {code: int(others.get(code, 0)) + own for code in path}


def known(organisation_id: UUID, case_id: UUID) -> Known | None:
    """Everything that is known of a case; None where there is no such case."""
    with connection.cursor() as cursor:
        past = load_cases(cursor, House.of(organisation_id), [case_id]).get(str(case_id))
    return past.known if past else None


def facts_of_case(organisation_id: UUID, case_id: UUID) -> list[Fact]:
    """The facts of a case in the order in which they came in, those that were found out among them."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"organisation": organisation_id, "case": [case_id]})
        return [_fact_of(one) for one in _loaded(cursor.fetchone()[0])]


def facts_of_unit(organisation_id: UUID, unit: str, since: datetime, until: datetime) -> list[Fact]:
    """The facts about a unit (not about its cases) from ``since`` to before ``until``, in the order of time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT jsonb_agg(jsonb_build_array(f.case_id, f.event, f.at, f.unit_code, f.by_role, f.details, f.entered_at, f.derived) "
            "ORDER BY f.at, f.id) FROM facts_fact f WHERE f.organisation_id = %s AND f.case_id IS NULL AND f.unit_code = %s "
            "AND f.at >= %s AND f.at < %s",
            [organisation_id, unit, since, until],
        )
        return [_fact_of(one) for one in _loaded(cursor.fetchone()[0])]
