"""试算 of a draft: the stored facts replayed under the rules in force and under the changed ones, and what would have been different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from huiyin.core.facts import Fact
from huiyin.core.known import Units
from huiyin.core.records import CANCELLED, LATE, OVERDUE, Clock, Score, WarningSignal
from huiyin.core.rules import Adopted
from huiyin.rehearsal.book import Book
from huiyin.rehearsal.stage import play_facts


@dataclass(frozen=True, slots=True)
class Change:
    """What would have been different for one project under one clause.

    ``what`` is limit, lateness, warning, points or refusal; ``before`` and ``after`` are counts (for points sums); ``cases`` names them.
    ``moved`` is by how much limits that there are in both would have ended later (negative: sooner), the least and the most.
    """

    unit: str
    clause: str
    what: str
    before: Decimal
    after: Decimal
    cases: tuple[str, ...]
    moved: tuple[timedelta, timedelta] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A past replayed twice: how many facts and cases there were, and every change by project and clause."""

    facts: int
    cases: int
    changes: tuple[Change, ...]


def compare(facts: tuple[Fact, ...], units: Units, now: tuple[Adopted, ...], draft: tuple[Adopted, ...], until: datetime) -> Comparison:
    """Replay ``facts`` under the regulations ``now`` in force and under ``draft``; ``until`` is where both stop."""
    old, new = (play_facts(facts, units, adopted, until) for adopted in (now, draft))
    return Comparison(len(facts), len(old.cases), changes_between(old, new))


def changes_between(old: Book, new: Book) -> tuple[Change, ...]:
    """What is different in the one book of a past from the other, by unit and clause."""
    changes = [*_limits(old, new), *_lateness(old, new), *_warnings(old, new), *_points(old, new), *_refusals(old, new)]
    return tuple(sorted(changes, key=lambda one: (one.unit, one.clause, one.what)))


Place = tuple[str, str]
"""A unit and a clause."""


def _clocks(book: Book) -> Mapping[tuple[str, str], Clock]:
    """The clocks that count, by what they are about and their clause: a rule may have another id in a draft.
    Of several the first one counts."""
    clocks = (one for one in book.records() if isinstance(one, Clock) and one.state != CANCELLED)
    latest_first = sorted(clocks, key=lambda one: one.starts_at, reverse=True)
    return {(one.case or f"{one.unit}/{one.period}", one.cites[0]): one for one in latest_first}


def _limits(old: Book, new: Book) -> Iterator[Change]:
    """Limits that would have ended at another moment, or not have run, or have run besides."""
    before, after = _clocks(old), _clocks(new)
    changed: dict[Place, list[tuple[str, Clock | None, Clock | None]]] = {}
    for key in before.keys() | after.keys():
        was, would = before.get(key), after.get(key)
        if (was.due_at if was else None) != (would.due_at if would else None):
            either = was or would
            assert either is not None
            changed.setdefault((either.unit, key[1]), []).append((key[0], was, would))
    for (unit, clause), all_of_it in changed.items():
        counts = [sum(one[number] is not None for one in all_of_it) for number in (1, 2)]
        about = tuple(sorted(one[0] for one in all_of_it))
        yield Change(unit, clause, "limit", Decimal(counts[0]), Decimal(counts[1]), about, _moved(all_of_it))


def _moved(changed: Iterable[tuple[str, Clock | None, Clock | None]]) -> tuple[timedelta, timedelta] | None:
    """By how much the limits end later, the least and the most; None where none has an end in both."""
    spans = [
        would.due_at - was.due_at
        for _about, was, would in changed
        if was is not None and would is not None and was.due_at is not None and would.due_at is not None
    ]
    return (min(spans), max(spans)) if spans else None


def _lateness(old: Book, new: Book) -> Iterator[Change]:
    before, after = ({key: one for key, one in _clocks(book).items() if one.state in (LATE, OVERDUE)} for book in (old, new))
    yield from _counted("lateness", ((one.unit, key[1], key[0]) for key, one in before.items()), _named(after))


def _named(clocks: Mapping[tuple[str, str], Clock]) -> Iterator[tuple[str, str, str]]:
    return ((one.unit, key[1], key[0]) for key, one in clocks.items())


def _warnings(old: Book, new: Book) -> Iterator[Change]:
    yield from _counted("warning", _grounds(old), _grounds(new))


def _grounds(book: Book) -> Iterator[tuple[str, str, str]]:
    for one in book.records():
        if isinstance(one, WarningSignal):
            for ground in one.grounds:
                yield one.unit, ground.clause, one.case or f"{one.unit}/{one.issue}"


def _refusals(old: Book, new: Book) -> Iterator[Change]:
    def told(book: Book) -> Iterator[tuple[str, str, str]]:
        refused = zip(book.refusals, book.refused_for, strict=True)
        return ((unit, one.clause, case or f"{one.event} {one.at:%Y-%m-%d %H:%M}") for one, (unit, case) in refused)

    yield from _counted("refusal", told(old), told(new))


def _counted(what: str, before: Iterable[tuple[str, str, str]], after: Iterable[tuple[str, str, str]]) -> Iterator[Change]:
    was, would = set(before), set(after)
    changed: dict[Place, set[str]] = {}
    for unit, clause, about in was ^ would:
        changed.setdefault((unit, clause), set()).add(about)
    counts = [Counter((unit, clause) for unit, clause, _ in kept) for kept in (was, would)]
    for place, cases in changed.items():
        yield Change(*place, what, Decimal(counts[0][place]), Decimal(counts[1][place]), tuple(sorted(cases)))


def _points(old: Book, new: Book) -> Iterator[Change]:
    before, after = _sums(old), _sums(new)
    for place in before.keys() | after.keys():
        was, would = before.get(place, {}), after.get(place, {})
        if was != would:
            cases = tuple(sorted(case for case in was.keys() | would.keys() if was.get(case) != would.get(case)))
            yield Change(*place, "points", sum(was.values(), Decimal()), sum(would.values(), Decimal()), cases)


def _sums(book: Book) -> Mapping[Place, Mapping[str, Decimal]]:
    found: dict[Place, dict[str, Decimal]] = {}
    for one in book.records():
        if isinstance(one, Score):
            cases = found.setdefault((one.unit, one.clause), {})
            about = one.case or f"{one.unit}/{one.issue}"
            cases[about] = cases.get(about, Decimal()) + one.amount
    return found
