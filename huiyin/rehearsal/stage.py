"""The stage: who plays a timeline through. On the core: the facts in order, the watch between them, nothing but the reckoning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from huiyin.core.converting import goes_on_as
from huiyin.core.facts import LIMIT_PASSED, PERIOD_OPENINGS, YEAR_CLOSED, Fact
from huiyin.core.follow import follow
from huiyin.core.known import Units
from huiyin.core.moments import in_shanghai
from huiyin.core.precedence import in_order
from huiyin.core.records import Clock
from huiyin.core.recurrence import next_opening, openings_at
from huiyin.core.rules import Adopted, Regulation
from huiyin.core.subjects import about_of, first_subject, subjects
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
    units = replace(Units.of(scenario.units), holders=lambda role, unit, at: frozenset(scenario.posts.get(role, ())))
    return play_facts(scenario.timeline, units, adopted_in(scenario, drafts), scenario.until)


def play_facts(
    facts: Iterable[Fact],
    units: Units,
    adopted: tuple[Adopted, ...],
    until: datetime,
    *,
    openings: bool = True,
    since: datetime | None = None,
) -> Book:
    """Play ``facts`` (in the order of their entering) through under ``adopted`` and return the book as it stands at ``until``.

    Without ``openings`` no period opens: for facts that concern cases only. Periods open from ``since`` on, else from the first fact.
    """
    play = _Play(Book(units), adopted, openings)
    if openings and since is not None:
        play.open_from(since)
    play.run(facts, until)
    return play.book


class _Play:
    def __init__(self, book: Book, adopted: tuple[Adopted, ...], openings: bool = True) -> None:
        self.book, self.adopted, self.openings = book, adopted, openings
        self.opening: datetime | None = None

    def run(self, timeline: Iterable[Fact], until: datetime) -> None:
        """All facts in their order, each after whatever the watch found before it, and the watch to the end."""
        for fact in timeline:
            entered = fact.entered_at or fact.at
            if self.opening is None and self.openings:
                self.open_from(entered)
            self._watch_before(entered)
            self._open_at(entered)
            if fact.event not in PERIOD_OPENINGS and fact.event != YEAR_CLOSED:
                self._act(fact)
        self._watch_before(until)
        self._open_at(until)
        if looks_at_end(until):
            self._look_at(until)

    def open_from(self, moment: datetime) -> None:
        """Let the first period open at the midnight of ``moment`` or the next one."""
        midnight = in_shanghai(moment)
        self.opening = midnight if openings_at(midnight) else next_opening("day", midnight)

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
        for opening in opened_at(at):
            self._act(replace(opening, unit=self.adopted[0].unit if self.adopted else None))

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
        first = first_subject(fact)
        case = self.book.cases.get(first.key) if first.key else None
        unit = case.unit if case else fact.unit
        adopted = binding(self.adopted, self.book, unit, first.fact)
        played = []
        for subject in subjects(adopted, self.book.units, fact, case):
            if not subject.only_if_known or subject.key in self.book.cases:
                heard = replace(subject.fact, unit=subject.fact.unit or unit)
                played.append((heard, follow(adopted, self.book.known(replace(subject, fact=heard)), heard)))
        refused = next((outcome for _, outcome in played if outcome.refusal is not None), None)
        if refused is not None:
            self.book.keep(fact, refused)
            return
        for heard, outcome in played:
            self.book.keep(heard, outcome)
        for heard, outcome in played:
            for found in outcome.derived:
                self._pass_on(found, heard, adopted)
        new = goes_on_as(fact, self.book.cases.get(fact.case or ""))
        if new is not None:
            self._act(new)

    def _pass_on(self, found: Fact, heard: Fact, adopted: list[Adopted]) -> None:
        """What was found out about one thing may concern another one: an issue, a month, the unit's duties."""
        case = self.book.cases.get(heard.case or "")
        told = replace(found, unit=heard.unit, details={**carried(heard), **found.details})
        for subject in subjects(adopted, self.book.units, told, case)[1:]:
            if subject.key != heard.case:
                self.book.keep(subject.fact, follow(adopted, self.book.known(subject), subject.fact))


def looks_at_end(until: datetime) -> bool:
    """Whether the watch looks at the end of a scenario itself. What comes true at 24:00 belongs to the day that then begins (D12); a limit
    that ends at any other moment is kept by an act of that moment, so nothing has followed from it yet."""
    return bool(openings_at(until))


def opened_at(midnight: datetime) -> Iterator[Fact]:
    """The openings that the watch makes at a midnight, the shortest period first; with a year's, that the year before closed."""
    for period in openings_at(midnight):
        yield Fact(_EVENT_OF[period.kind], midnight, by="platform")
        if period.kind == "year":
            yield Fact(YEAR_CLOSED, midnight, by="platform", details={"period": str(int(period.name) - 1)})


def carried(heard: Fact) -> dict[str, object]:
    """What goes on with something found out: the period that the act was about."""
    return {"period": heard.details["period"]} if heard.details.get("period") else {}


def binding(adopted: tuple[Adopted, ...], book: Book, unit: str | None, fact: Fact) -> list[Adopted]:
    """The regulations that bind the unit of ``fact``: adopted by it or a unit above it, and in force when the case began."""
    opening = fact.event in PERIOD_OPENINGS or fact.event == YEAR_CLOSED
    bound = adopted if opening else in_order(adopted, book.units.path(unit or ""))
    case = book.cases.get(fact.case) if fact.case else None
    case = case if about_of(case) == "case" else None
    day: date = in_shanghai(case.received_at if case else fact.at).date()
    return [one for one in bound if (one.from_on is None or one.from_on <= day) and (one.until_on is None or day <= one.until_on)]
