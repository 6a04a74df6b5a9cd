"""Who keeps what: for each kind of consequence the table it is stored in, and how a record becomes a row and a row a record.

The rooms above name their keepers in ``config/keepers.py``; the setting ``HUIYIN_KEEPERS`` points at that list, so this room need not
know them. A keeper says how its records are found for a case and for a unit, as conditions of one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from huiyin.core.facts import Fact
from huiyin.core.known import Case, Units
from huiyin.core.records import Clock, Record
from huiyin.plumbing.rows import Rows, Table


@dataclass(frozen=True, slots=True)
class Context:
    """In what act a record is kept: the organisation and its units, the fact's id, who acted, and when it was entered.

    ``case`` is the case as it now stands, ``row`` its row as the room of cases keeps it (number, title, household_code …); empty for
    facts about a unit. ``about`` is the key of the thing that the act is about, empty for cases and units. ``limits`` are the clocks that
    the act has changed.
    """

    organisation_id: UUID
    units: Units
    fact_id: UUID
    by_person: UUID | None
    entered_at: datetime
    case: Case | None = None
    row: Mapping[str, Any] = field(default_factory=dict)
    edition: UUID | None = None
    about: str = ""
    limits: tuple[Clock, ...] = ()


@dataclass(frozen=True, slots=True)
class Keeper:
    """One kind of record: its class, its table, and the way there and back.

    ``row`` makes the table's row of a record (None: there is nothing to keep); ``record`` makes the record of a row as ``to_jsonb`` gives
    it (moments are texts).
    ``of_case`` and ``of_unit`` are SQL conditions on the table, its columns unqualified, with the parameters ``%(case)s`` (ids of cases,
    uuid[]), ``%(unit)s`` (unit codes, text[]), ``%(period)s`` (names of periods, text[]: write ``period = ANY(%(period)s)``) and
    ``%(issue)s`` (one text or null). The condition on the organisation is added by the reader. An empty one means that the table has
    no such records. ``also`` is called after ``row``, for further rows.
    """

    record_type: type[Record]
    table: Table
    row: Callable[[Context, Any], Mapping[str, Any] | None]
    record: Callable[[Mapping[str, Any]], Any] | None = None
    of_case: str = ""
    of_unit: str = ""
    also: Callable[[Rows, Context, Any], None] | None = None


@dataclass(frozen=True, slots=True)
class CaseKeeper:
    """How the room of cases keeps what a case has become; the setting ``HUIYIN_CASE_KEEPER`` names it.

    ``table`` is read by ``id``. ``keep`` gets the rows, the context, the row as it was (None: the case begins here), the new facts
    in order, and what the caller says about the case (the columns of a form); it puts the new row and returns it. ``tallies`` is a
    statement with ``%(organisation)s``, ``%(unit)s`` (text[]), ``%(issue)s``, ``%(year)s`` and ``%(household)s`` that counts, for
    each unit, the other households that have complained of the issue. ``goes_on`` gets the row of a case that goes on as another one and
    gives what is said about that one.
    """

    table: str
    keep: Callable[[Rows, Context, Mapping[str, Any] | None, Sequence[Fact], Mapping[str, Any]], Mapping[str, Any]]
    tallies: str
    goes_on: Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class MatterKeeper:
    """How the room of matters keeps that there is a thing (a survey, an inspection, a month of a unit …); the setting
    ``HUIYIN_MATTER_KEEPER`` names it. ``keep`` gets the rows, the context and the new facts; it puts the thing's row and returns it."""

    keep: Callable[[Rows, Context, Sequence[Fact]], Mapping[str, Any]]


@lru_cache(maxsize=1)
def matter_keeper() -> MatterKeeper:
    """The keeper of things that the settings name."""
    found: MatterKeeper = import_string(settings.HUIYIN_MATTER_KEEPER)
    return found


@lru_cache(maxsize=1)
def case_keeper() -> CaseKeeper:
    """The keeper of cases that the settings name."""
    found: CaseKeeper = import_string(settings.HUIYIN_CASE_KEEPER)
    return found


@lru_cache(maxsize=1)
def keepers() -> Mapping[type[Record], Keeper]:
    """All keepers by the class of record that they keep."""
    listed: tuple[Keeper, ...] = import_string(settings.HUIYIN_KEEPERS)
    return {keeper.record_type: keeper for keeper in listed}


def keep(rows: Rows, context: Context, record: Record) -> None:
    """Hand ``record`` to its keeper. Raises KeyError for a kind of record that nobody keeps: the list in ``config/keepers.py`` lacks it."""
    keeper = keepers()[type(record)]
    row = keeper.row(context, record)
    if row is not None:
        rows.put(keeper.table, row)
    if keeper.also is not None:
        keeper.also(rows, context, record)
