"""What is known when a fact comes in: the case with its past, the records so far, the organisation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from huiyin.core.facts import ENTRY, PUTS_RIGHT, Fact
from huiyin.core.frozen import record
from huiyin.core.records import Approval, Clock, Mark, Paper, Retention, Score, WarningSignal

_SCHEMES = ("channel", "category", "severity")
_LONGER = ("level", "result", "clause", "into")
_SETTING = ("category", "severity")
_NAMING = frozenset(("missing_parts", *_LONGER, *_SETTING))
"""Details that give an act a longer name, or another one besides."""
_PLAIN = ("customer", "household", "issue", "record")
_KEPT = frozenset((*_PLAIN, *_SCHEMES))
"""Details that a case keeps by themselves."""
GONE = frozenset({"complaint_withdrawn", "case_joined", "case_voided"})
"""Events after which no regulation's limits run on a case: the complainant took it back (D14), it goes on in another one, it was none."""
REINSTATED = "case_reinstated"
"""The event after which they run again as before: the one of GONE was a mistake."""
MOVES = frozenset(
    {
        "case_dispatched", "case_reassigned", "case_transferred", "complaint_transferred_to_unit", "complaint_received_by_unit",
        "suggestion_transferred_to_unit", "handover_recalled",
    }
)  # fmt: skip
"""Events by which a case goes to the unit that they name."""
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the organisation. ``parent`` is its unit's code, ``households`` the number of its own households.

    ``traits`` are what regulations ask of a site: ``site`` (residential, public …), ``floor_area_m2``, ``delivered_on`` (a date) and
    ``phased``.
    """

    code: str
    kind: str
    parent: str | None = None
    households: int = 0
    traits: Mapping[str, Any] = field(default_factory=dict)


Holders = Callable[[str, str, datetime], frozenset[str]]
"""Who holds a role for a unit at a moment: the persons; nobody where that is not known."""
_NOBODY: Holders = lambda role, unit, at: frozenset()  # noqa: E731


@dataclass(frozen=True, slots=True)
class Units:
    """The tree of an organisation, by code, and who holds which role in it."""

    by_code: Mapping[str, Unit]
    children: Mapping[str, tuple[str, ...]]
    holders: Holders = field(default=_NOBODY, compare=False)

    @classmethod
    def of(cls, units: Iterable[Unit]) -> Units:
        """The tree of ``units``; a unit whose parent is not among them is a root."""
        by_code = {unit.code: unit for unit in units}
        children: dict[str, list[str]] = {}
        for unit in by_code.values():
            if unit.parent in by_code:
                children.setdefault(str(unit.parent), []).append(unit.code)
        return cls(by_code, {code: tuple(below) for code, below in children.items()})

    def path(self, code: str) -> tuple[str, ...]:
        """``code`` and the units above it, from the bottom up."""
        path: list[str] = []
        unit = self.by_code.get(code)
        while unit is not None:
            path.append(unit.code)
            unit = self.by_code.get(unit.parent) if unit.parent else None
        return tuple(path)

    def below(self, code: str) -> Iterator[Unit]:
        """``code`` itself and all units below it."""
        waiting = [code] if code in self.by_code else []
        while waiting:
            one = waiting.pop()
            yield self.by_code[one]
            waiting += reversed(self.children.get(one, ()))

    def ancestor(self, code: str, kind: str) -> Unit | None:
        """The unit of ``kind`` that ``code`` belongs to (itself included), or None."""
        unit = self.by_code.get(code)
        while unit is not None and unit.kind != kind:
            unit = self.by_code.get(unit.parent) if unit.parent else None
        return unit

    def held_at(self, code: str, at: datetime) -> Callable[[str], frozenset[str]]:
        """Who holds each role for the unit ``code`` at the moment, asked only when somebody wants to know."""
        return lambda role: self.holders(role, code, at)

    def households(self, code: str) -> int:
        """The number of households of ``code`` and everything below it."""
        return sum(unit.households for unit in self.below(code))


@record(frozen=True, slots=True)
class Happened:
    """The times of one event on a case: each with the roles it addressed and its details, and those of the first and the last told."""

    times: tuple[tuple[datetime, frozenset[str]], ...]
    first: Mapping[str, Any]
    last: Mapping[str, Any]
    told: tuple[Mapping[str, Any], ...] = ()

    @property
    def first_at(self) -> datetime:
        """When it happened first."""
        return self.times[0][0]

    @property
    def last_at(self) -> datetime:
        """When it happened last."""
        return self.times[-1][0]

    def together_with(self, other: Happened) -> Happened:
        """The times of both in their order, for whoever asks when they had reached somebody."""
        return Happened(tuple(sorted((*self.times, *other.times), key=lambda one: one[0])), self.first, other.last)

    def reached(self, roles: frozenset[str], since: datetime | None = None) -> datetime | None:
        """When the acts (from ``since`` on) had together reached all ``roles``; None if they have not.

        An act that names nobody reaches all.
        """
        if not roles and since is None:
            return self.times[0][0] if self.times else None
        missing = set(roles)
        for at, to in self.times:
            if since is not None and at < since:
                continue
            missing = missing - to if to else set()
            if not missing:
                return at
        return None


@record(frozen=True, slots=True)
class Case:
    """A case as its facts tell it: who, where, which classes per scheme of an id prefix, and what has happened.

    A thing that has a past of its own (a survey, an inspection, a month of a unit …) is one too: ``record`` says which.
    ``told`` holds the last value of every detail; ``changed`` when a class took the place of another ("severity/RC");
    ``marks`` the marks that stand, with their regulation ("GP/major").
    """

    key: str
    unit: str
    record: str
    received_at: datetime
    schemes: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    plain: Mapping[str, str] = field(default_factory=dict)
    happened: Mapping[str, Happened] = field(default_factory=dict)
    marks: Mapping[str, datetime] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    changed: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def gone(self) -> bool:
        """Whether the case is none any more, for every regulation: taken back, joined to another one, or entered by mistake."""
        return not self.happened.keys().isdisjoint(GONE) and self.ended_by(GONE)

    def ended_by(self, events: frozenset[str]) -> bool:
        """Whether one of the events has happened and the case was not reinstated since."""
        ended = [self.happened[event].last_at for event in events if event in self.happened]
        back = self.happened.get(REINSTATED)
        return bool(ended) and (back is None or back.last_at < max(ended))

    def scheme(self, name: str, prefix: str, among: frozenset[str] | None = None) -> str | None:
        """The key that the case has in the scheme ``name`` (channel, category, severity) of the regulation ``prefix``.

        Every key ever given is kept in order; with ``among`` the last one of these counts, so that a mark such as "major" set beside
        general and serious leaves those standing (D21).
        """
        keys = self.schemes.get(name)
        if keys is None:
            return None
        for key in reversed(keys.get(prefix) or keys.get("*") or ()):
            if among is None or key in among or not among.isdisjoint(key.split("+")):
                return key
        return None

    def said(self, event: str, name: str) -> Any:
        """The detail ``name`` of the last ``event``, or None."""
        past = self.happened.get(event)
        return past.last.get(name) if past else None

    def with_marks(self, marks: Mapping[str, datetime]) -> Case:
        """The same case with these marks instead of its own."""
        return Case(
            self.key, self.unit, self.record, self.received_at, self.schemes, self.plain, self.happened, marks, self.told, self.changed
        )  # fmt: skip

    def marked(self, mark: str) -> bool:
        """Whether the mark stands on the case."""
        return mark in self.marks


def begin(fact: Fact, record: str) -> Case:
    """The case that ``fact`` begins, before the fact itself is noted."""
    return Case(key=str(fact.case), unit=str(fact.unit), record=record, received_at=fact.at)


def note(case: Case, fact: Fact, names: tuple[str, ...] | None = None) -> Case:
    """``case`` as it stands after ``fact``: its time is kept, and the classes and names that travelled with it hold from now on.

    Of an act entered late what was told later by its own time stays. ``names`` are those of the fact, where somebody has them already.
    """
    details = fact.details
    act = {**details, "by": fact.by} if fact.by else details
    time = (fact.at, fact.to())
    happened = {**case.happened} if PUTS_RIGHT not in details else _without(case.happened, fact)
    for name in names_of(fact) if names is None else names:
        past = happened.get(name)
        happened[name] = Happened((time,), details, details, (act,)) if past is None else _again(past, time, details, act)
    schemes, plain, told, changed = case.schemes, case.plain, case.told, case.changed
    if details and is_late(case, fact.at):
        since = _told_since(case, fact.at)
        details = {name: value for name, value in details.items() if name not in since}
    if details:
        told = {**told, **details}
    if not details.keys().isdisjoint(_KEPT):
        if own := {key: str(details[key]) for key in _PLAIN if details.get(key) is not None}:
            plain = {**plain, **own}
        # The channel is the one of intake: later acts name the means by which they were done.
        if named := [name for name in _SCHEMES if details.get(name) and (name != "channel" or not case.happened)]:
            if case.happened:
                changed = {**changed, **_changed(schemes, named, details, fact.at)}
            schemes = _with_schemes(schemes, named, details)
    # A case moves only when it is handed over; other facts about it may name other units.
    moves = bool(fact.unit) and fact.event in MOVES and not _moved_since(case, fact.at)
    unit = str(fact.unit) if moves else case.unit
    return Case(case.key, unit, case.record, case.received_at, schemes, plain, happened, case.marks, told, changed)


def _without(happened: Mapping[str, Happened], fact: Fact) -> dict[str, Happened]:
    """What has happened but for the act that ``fact`` puts right: the one of that moment that the same entry told, or followed from."""
    was, entry = datetime.fromisoformat(str(fact.details[PUTS_RIGHT])), fact.details.get(ENTRY)
    left = {**happened}
    for name, past in happened.items():
        if name.partition(":")[0] != fact.event:
            continue
        places = [place for place, (at, _) in enumerate(past.times) if at == was and past.told[place].get(ENTRY) in (None, entry)]
        # Of two acts of one moment the one that the entry itself told.
        place = next((one for one in places if past.told[one].get(ENTRY) == entry), places[0] if places else None)
        if place is None:
            continue
        times, told = (*past.times[:place], *past.times[place + 1 :]), (*past.told[:place], *past.told[place + 1 :])
        if times:
            left[name] = Happened(times, told[0], told[-1], told)
        else:
            del left[name]
    return left


def _again(past: Happened, time: tuple[datetime, frozenset[str]], details: Mapping[str, Any], act: Mapping[str, Any]) -> Happened:
    """The times of an event with one more, in their order; what is told last is what was told last by the times of the acts."""
    times, acts = (*past.times, time), (*past.told, act)
    if past.last_at <= time[0]:
        return Happened(times, past.first, details, acts)
    order = sorted(range(len(times)), key=[at for at, _ in times].__getitem__)
    times, acts = tuple(times[place] for place in order), tuple(acts[place] for place in order)
    return Happened(times, details if time[0] < past.first_at else past.first, past.last, acts)


def is_late(case: Case, at: datetime) -> bool:
    """Whether something has happened on the case after ``at``: then an act of that time is entered late."""
    for past in case.happened.values():  # noqa: SIM110 - asked twice for every fact: a generator costs two and a half times as much
        if past.times[-1][0] > at:
            return True
    return False


def _moved_since(case: Case, at: datetime) -> bool:
    """Whether the case was moved after ``at``."""
    return any(case.happened[name].last_at > at for name in MOVES & case.happened.keys())


def _told_since(case: Case, at: datetime) -> frozenset[str]:
    """The names of the details that were told after ``at``."""
    return frozenset(
        name for past in case.happened.values() for (then, _), told in zip(past.times, past.told, strict=True) if then > at for name in told
    )


def as_of(case: Case, at: datetime) -> Case:
    """The case with what had happened by ``at``: an act entered late is judged by what had happened when it was done."""
    happened: dict[str, Happened] = {}
    for name, past in case.happened.items():
        number = sum(then <= at for then, _ in past.times)
        if number == len(past.times):
            happened[name] = past
        elif number:
            happened[name] = Happened(past.times[:number], past.first, past.told[number - 1], past.told[:number])
    marks = {mark: since for mark, since in case.marks.items() if since <= at}
    return Case(
        case.key, case.unit, case.record, case.received_at, case.schemes, case.plain, happened, marks, case.told, case.changed
    )  # fmt: skip


def _changed(
    schemes: Mapping[str, Mapping[str, tuple[str, ...]]], named: Sequence[str], details: Mapping[str, Any], at: datetime
) -> dict[str, datetime]:
    """The classes that take the place of another one with these details, as "severity/RC"."""
    found: dict[str, datetime] = {}
    for name in named:
        before = schemes.get(name, NOTHING)
        for prefix, key in _by_prefix(details[name]).items():
            if before.get(prefix) and before[prefix][-1] != key:
                found[f"{name}/{prefix}"] = at
    return found


def names_of(fact: Fact) -> tuple[str, ...]:
    """The names under which a fact is known: its event, and its event with its level, its result, or the clause that it is under; a class
    that travels with it is set by it.

    An incomplete act is known only as that.
    """
    details = fact.details
    if not details or details.keys().isdisjoint(_NAMING):
        return (fact.event,)
    if details.get("missing_parts"):
        return (f"{fact.event}:incomplete",)
    names = [fact.event]
    names += [f"{fact.event}:{details[key]}" for key in _LONGER if details.get(key)]
    names += [f"{key}_set" for key in _SETTING if details.get(key) and fact.event != f"{key}_set"]
    return tuple(names)


def _with_schemes(
    schemes: Mapping[str, Mapping[str, tuple[str, ...]]], named: Sequence[str], details: Mapping[str, Any]
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    after = dict(schemes)
    for name in named:
        before = schemes.get(name, NOTHING)
        after[name] = {**before, **{key: (*before.get(key, ()), one) for key, one in _by_prefix(details[name]).items()}}
    return after


def _by_prefix(value: Any) -> dict[str, str]:
    """A class as it was told, by the prefix of its regulation; "*" for one that names none. Several at once are joined by "+"."""
    if isinstance(value, Mapping):
        return {key: "+".join(map(str, one)) if isinstance(one, (list, tuple)) else str(one) for key, one in value.items()}
    return {"*": str(value)}


@record(frozen=True, slots=True)
class Known:
    """Everything that the reckoning may ask about when a fact comes in.

    ``case`` is None for a new case and for facts about a unit. ``clocks``, ``warnings`` … are the records so far of the case, or of the
    unit and period the fact is about, by key. ``tallies`` gives, for each unit that counts an issue, the number of distinct households
    that have complained about the fact's issue this calendar year, the fact's own included. ``about`` says what the fact is followed for
    (``core/subjects.py``): "case" for cases and for units as such, else the kind of thing that ``case`` is.
    """

    units: Units
    case: Case | None = None
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    warnings: Mapping[str, WarningSignal] = field(default_factory=dict)
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    papers: Mapping[str, Paper] = field(default_factory=dict)
    kept: Mapping[str, Retention] = field(default_factory=dict)
    tallies: Mapping[str, int] = field(default_factory=dict)
    about: str = "case"
