"""The stage: who plays a timeline through. On the core: the facts in order, the watch between them, nothing but the reckoning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from huiyin.core.facts import LIMIT_PASSED, PERIOD_OPENINGS, Fact
from huiyin.core.follow import follow
from huiyin.core.known import Units
from huiyin.core.moments import in_shanghai
from huiyin.core.records import Clock
from huiyin.core.recurrence import next_opening, openings_at
from huiyin.core.rules import Adopted, Regulation
from huiyin.rehearsal.book import Book
from huiyin.rehearsal.organisation import usual_adopter
from huiyin.rehearsal.scenario import Scenario
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation

_EVENT_OF = {kind: event for event, kind in PERIOD_OPENINGS.items()}
_LEVELS = {"group": 0, "company": 1, "unit": 2}


def adopted_in(scenario: Scenario, drafts: dict[str, Regulation] | None = None) -> tuple[Adopted, ...]:
    """The regulations that the scenario adopts, the highest level first; ``drafts`` stand in for those of the rulebook."""
    found = []
    for one in scenario.adopt:
        rules = (drafts or {}).get(one.stem) or regulation(one.stem)
        unit = one.unit or usual_adopter(one.stem, scenario.units)
        found.append(Adopted(rules, unit, load_workdays(), one.from_on, None, scenario.settings))
    return tuple(sorted(found, key=lambda one: _LEVELS.get(one.regulation.level, 9)))


def play_on_core(scenario: Scenario, drafts: dict[str, Regulation] | None = None) -> Book:
    """Play the scenario through on the core alone and return the book of what followed."""
    return play_facts(scenario.timeline, Units.of(scenario.units), adopted_in(scenario, drafts), scenario.until)


def play_facts(facts: Iterable[Fact], units: Units, adopted: tuple[Adopted, ...], until: datetime) -> Book:
    """Play ``facts`` (in the order of their entering) through under ``adopted`` and return the book as it stands at ``until``."""
    play = _Play(Book(units), adopted)
    play.run(facts, until)
    return play.book


class _Play:
    def __init__(self, book: Book, adopted: tuple[Adopted, ...]) -> None:
        self.book, self.adopted = book, adopted
        self.opening: datetime | None = None

    def run(self, timeline: Iterable[Fact], until: datetime) -> None:
        """All facts in their order, each after whatever the watch found before it, and the watch to the end."""
        for fact in timeline:
            entered = fact.entered_at or fact.at
            if self.opening is None:
                midnight = in_shanghai(entered)
                self.opening = midnight if openings_at(midnight) else next_opening("day", midnight)
            self._watch_before(entered)
            self._open_at(entered)
            if fact.event not in PERIOD_OPENINGS:
                self._act(fact)
        self._watch_before(until)
        self._open_at(until)
        self._look_at(until)

    def _watch_before(self, moment: datetime) -> None:
        """Everything that comes due strictly before ``moment``, in order; openings before looks of the same time."""
        while True:
            clock = self.book.next_look()
            look = clock.look_at if clock else None
            if self.opening is not None and self.opening < moment and (look is None or self.opening <= look):
                self._open_at(self.opening)
            elif clock is not None and look is not None and look < moment:
                self._look(clock, look)
            else:
                return

    def _open_at(self, moment: datetime) -> None:
        """Open the periods that begin at ``moment``, if the watch has not done so yet."""
        if self.opening is None or self.opening > moment:
            return
        at, self.opening = self.opening, next_opening("day", self.opening)
        for period in openings_at(at):
            for adopted in self.adopted:
                self._act(Fact(_EVENT_OF[period.kind], at, unit=adopted.unit, by="platform"))

    def _look_at(self, moment: datetime) -> None:
        """Let every clock whose next look has come by ``moment`` look, until none is left."""
        while (clock := self.book.next_look()) is not None and clock.look_at is not None and clock.look_at <= moment:
            self._look(clock, clock.look_at)

    def _look(self, clock: Clock, at: datetime) -> None:
        self._act(Fact(LIMIT_PASSED, at, clock.case, clock.unit, "platform", {"clock": clock.key}))
        if self.book.next_look() == clock:
            # A rule that is no longer in force says nothing about its clock: the watch must not look at it for ever.
            self.book.put(replace(clock, look_at=None))

    def _act(self, fact: Fact) -> None:
        known = self.book.known(fact)
        unit = known.case.unit if known.case else fact.unit
        self.book.keep(fact, follow(binding(self.adopted, self.book, unit, fact), known, fact))


def binding(adopted: tuple[Adopted, ...], book: Book, unit: str | None, fact: Fact) -> list[Adopted]:
    """The regulations that bind the unit of ``fact``: adopted by it or a unit above it, and in force when the case began."""
    path = book.units.path(unit or "")
    case = book.cases.get(fact.case) if fact.case else None
    day: date = in_shanghai(case.received_at if case else fact.at).date()
    return [
        one
        for one in adopted
        if one.unit in path and (one.from_on is None or one.from_on <= day) and (one.until_on is None or day <= one.until_on)
    ]
