"""A long past replayed in parts, several at once: what does not concern each other is replayed by itself, and the answer is the same.

Cases concern each other when they are of the same issue or one came of the other; where a regulation looks at what happens in a unit
(its months, its households …), all cases of a unit concern it and one another. Periods open where their unit is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from multiprocessing import get_context
from typing import Final

from huiyin.core.facts import Fact
from huiyin.core.known import Units, names_of
from huiyin.core.rules import Adopted
from huiyin.core.subjects import DUTY, LISTENING, about_of
from huiyin.rehearsal.book import Book
from huiyin.rehearsal.past import Change, Comparison, changes_between
from huiyin.rehearsal.stage import play_facts

PART_FACTS: Final = 40_000
"""So many facts are replayed at once, that the books of the parts need little room."""
_LINKS: Final = ("new_case", "earlier", "into")
_EVERYTHING: Final = "house"


@dataclass(frozen=True, slots=True)
class Part:
    """Facts that concern each other, in their order, and the units whose duties are theirs; none: no period opens."""

    facts: tuple[Fact, ...]
    units: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Work:
    """What every process has to know: it is handed over by the fork, not sent."""

    parts: Sequence[Part]
    units: Units
    now: tuple[Adopted, ...]
    draft: tuple[Adopted, ...]
    since: datetime
    until: datetime


_work: _Work | None = None


def compare_in_parts(
    facts: Sequence[Fact],
    units: Units,
    now: tuple[Adopted, ...],
    draft: tuple[Adopted, ...],
    until: datetime,
    *,
    processes: int,
    part_facts: int = PART_FACTS,
) -> Comparison:
    """As ``past.compare``, in so many ``processes`` and parts of about ``part_facts`` facts; the answer is the same, but that acts of one
    kind that are refused in the same minute are counted once in each part."""
    global _work
    if not facts:
        return Comparison(0, 0, ())
    parts = parts_of(facts, units, (*now, *draft), max(processes, len(facts) // part_facts))
    _work = _Work(parts, units, now, draft, facts[0].entered_at or facts[0].at, until)
    try:
        if processes == 1:
            found = [_replay(number) for number in range(len(parts))]
        else:
            with get_context("fork").Pool(processes) as pool:
                found = pool.map(_replay, range(len(parts)), chunksize=1)
    finally:
        _work = None
    changes = _merged(change for _, changed in found for change in changed)
    return Comparison(len(facts), sum(cases for cases, _ in found), changes)


def _replay(number: int) -> tuple[int, tuple[Change, ...]]:
    work = _work
    if work is None:
        raise RuntimeError("found no past to replay, expected the one that compare_in_parts has put there")
    part = work.parts[number]
    opens = bool(part.units)
    books = (play_facts(part.facts, work.units, one, work.until, openings=opens, since=work.since) for one in (work.now, work.draft))
    old, new = (_own(book, part) for book in books)
    return len(old.cases), changes_between(old, new)


def _own(book: Book, part: Part) -> Book:
    """The book without what the openings brought to other parts' units."""
    for place, shelf in book.shelves.items():
        case = book.cases.get(place.removeprefix("case "))
        if place.startswith("unit ") or (case is not None and about_of(case) != "case"):
            for kept in shelf.values():
                for key in [key for key, record in kept.items() if record.unit not in part.units]:
                    del kept[key]
    book.cases = {key: case for key, case in book.cases.items() if about_of(case) == "case" or case.unit in part.units}
    return book


def parts_of(facts: Sequence[Fact], units: Units, adopted: Sequence[Adopted], number: int) -> list[Part]:
    """The facts in at most ``number`` parts of like size that do not concern each other; every unit belongs to one of them."""
    groups = _Groups(units, adopted)
    for fact in facts:
        groups.add(fact)
    bins: list[list[Fact]] = [[] for _ in range(number)]
    # The first part has the units that nothing else concerns: opening their periods is work as well.
    days = (facts[-1].at - facts[0].at).days if facts else 0
    size = [len(units.by_code) * days, *[0] * (number - 1)]
    where: dict[str, int] = {}
    for root, count in sorted(groups.sizes(facts).items(), key=lambda one: (-one[1], one[0])):
        where[root] = size.index(min(size))
        size[where[root]] += count
    for fact in facts:
        bins[where[groups.root(groups.node(fact))]].append(fact)
    home: dict[int, set[str]] = defaultdict(set)
    for code in units.by_code:
        home[where.get(groups.root(f"unit:{code}"), 0)].add(code)
    return [Part(tuple(found), frozenset(home[place])) for place, found in enumerate(bins) if found or home[place]]


class _Groups:
    """Which facts concern each other: a forest of what they are about."""

    def __init__(self, units: Units, adopted: Sequence[Adopted]) -> None:
        heard = [one.regulation.heard for one in adopted]
        self.listening = any(one.get(about) for one in heard for about in LISTENING)
        self.whole = any(one.get(_EVERYTHING) for one in heard)
        self.serving = frozenset().union(*(one.get(DUTY, frozenset()) for one in heard))
        self.parent: dict[str, str] = {}
        self.unit_of: dict[str, str] = {}
        for code in units.by_code if self.whole else ():
            self._join(f"unit:{code}", _EVERYTHING)

    def node(self, fact: Fact) -> str:
        """What the fact is about."""
        return f"case:{fact.case}" if fact.case is not None else f"unit:{fact.unit}"

    def add(self, fact: Fact) -> None:
        """Note what the fact brings together."""
        node = self.node(fact)
        self.root(node)
        if issue := fact.text("issue"):
            self._join(node, f"issue:{issue}")
        if fact.case is None:
            return
        for name in _LINKS:
            if other := fact.text(name):
                self._join(node, f"case:{other}")
        if fact.unit:
            self.unit_of.setdefault(fact.case, fact.unit)
        unit = fact.unit or self.unit_of.get(fact.case)
        if unit and (self.listening or not self.serving.isdisjoint(names_of(fact))):
            self._join(node, f"unit:{unit}")

    def root(self, node: str) -> str:
        """The one that stands for all that concern each other."""
        path = []
        while (above := self.parent.setdefault(node, node)) != node:
            path.append(node)
            node = above
        for one in path:
            self.parent[one] = node
        return node

    def sizes(self, facts: Iterable[Fact]) -> Mapping[str, int]:
        """How many facts each group has."""
        found: dict[str, int] = defaultdict(int)
        for fact in facts:
            found[self.root(self.node(fact))] += 1
        return found

    def _join(self, one: str, other: str) -> None:
        self.parent[self.root(one)] = self.root(other)


def _merged(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes of all parts, those of one unit, clause and kind as one."""
    found: dict[tuple[str, str, str], list[Change]] = defaultdict(list)
    for one in changes:
        found[one.unit, one.clause, one.what].append(one)
    return tuple(_sum(key, several) for key, several in sorted(found.items()))


def _sum(key: tuple[str, str, str], several: Sequence[Change]) -> Change:
    def added(numbers: Iterator[Decimal]) -> Decimal:
        return sum(numbers, Decimal())

    cases = tuple(sorted(case for one in several for case in one.cases))
    moved = [one.moved for one in several if one.moved is not None]
    least_and_most = (min(least for least, _ in moved), max(most for _, most in moved)) if moved else None
    return Change(*key, added(one.before for one in several), added(one.after for one in several), cases, least_and_most)
