"""What a fact is about: a case, a thing with a past of its own, a unit. One fact may be heard by several.

A thing is known by a key: ``survey:V1``, ``activity:P1/AC1``, ``handover:P1/phase two``, ``issue:P1/lift-noise``, ``month:P1/2026-04``,
``house:U``. Its past is kept like that of a case, and holds only what rules about such things have to know. A thing that a fact names (a
survey, an inspection …) is what the fact is first about; a month or an issue only listens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from huiyin.core.facts import PERIOD_OPENINGS, Fact
from huiyin.core.known import Case, Units, names_of
from huiyin.core.recurrence import BadLimit, PeriodKind, period_named, period_of
from huiyin.core.rules import Adopted

NAMED: Final = ("survey", "inspection", "activity", "forum", "merchant", "charge", "item", "handover", "register")
"""Things that a fact names by a detail of that name."""
ONLY_ONE: Final[Mapping[str, str]] = {"handover": "1"}
"""Things of which a unit mostly has one, with the name of that one: an act of the unit that names none is about it."""
PERIODS: Final[Mapping[str, PeriodKind]] = {"month": "month", "quarter": "quarter", "half": "half", "year": "year"}
_PERSONS: Final = frozenset({"customer", "household"})
LISTENING: Final = ("household", "customer", "issue", "unit", *PERIODS, "house")
THINGS: Final = frozenset((*NAMED, *LISTENING))
DUTY: Final = "duty"
"""What an act on a case or a thing is to its unit's duties: they hear it, nothing else of the unit does."""
CLOSED: Final = {
    "month_opened": "month_closed", "quarter_opened": "quarter_closed", "half_year_opened": "half_closed", "year_opened": "year_over",
}  # fmt: skip
"""What a thing of a period hears when the next one opens."""
_WHOLE_ORGANISATION = frozenset({"survey"})


@dataclass(frozen=True, slots=True)
class Subject:
    """One past that a fact belongs to: the kind of thing ("case": a case or the unit as such), its key (None: the unit as such), and the
    fact as that past hears it. ``only_if_known``: nothing begins with it."""

    about: str
    key: str | None
    fact: Fact
    only_if_known: bool = False


def about_of(case: Case | None) -> str:
    """The kind of thing that ``case`` is: "case", or a thing by its record."""
    return case.record if case is not None and case.record in THINGS else "case"


def first_subject(fact: Fact) -> Subject:
    """What the fact is first about: its case, the thing that it names, or its unit."""
    if fact.case is not None:
        return Subject("case", fact.case, fact)
    for name in NAMED:
        if value := fact.text(name):
            key = thing_key(name, fact.unit, value, fact.text("period") if name == "register" else None)
            return Subject(name, key, replace(fact, case=key))
    return Subject("case", None, fact)


def is_followed(adopted: Sequence[Adopted], subject: Subject) -> bool:
    """Whether a rule about such things waits for the fact: else the thing only remembers it."""
    names = names_of(subject.fact)
    return any(rule.about == subject.about for one in adopted for name in names for rule in one.regulation.by_event.get(name, ()))


def thing_key(about: str, unit: str | None, value: str, period: str | None = None) -> str:
    """The key of a thing: its kind, then its unit (but for what the whole organisation shares) and its name."""
    where = "" if about in _WHOLE_ORGANISATION or not unit else f"{unit}/"
    return f"{about}:{where}{value}" + (f"/{period}" if period else "")


def subjects(adopted: Sequence[Adopted], units: Units, fact: Fact, case: Case | None) -> tuple[Subject, ...]:
    """Everything that has to hear the fact, what it is first about at the head. ``case`` is the case or thing it is first about, where
    that is known. ``adopted`` are the regulations that bind its unit; for openings those of the whole organisation."""
    first = first_subject(fact)
    if fact.case is not None:
        first = replace(first, about=about_of(case))
    found = [first]
    if fact.event in PERIOD_OPENINGS:
        found += _at_openings(adopted, units, fact)
        return tuple(found)
    unit = (case.unit if case is not None else None) or fact.unit
    if unit is None:
        return tuple(found)
    names = names_of(fact)
    carried = replace(fact, unit=unit, case=None)
    heard = {about for one in adopted for name in names for about in one.regulation.hearing.get(name, _NOTHING)}
    if not heard.isdisjoint(LISTENING):
        told = _told(fact, case, unit)
        for about in LISTENING:
            if about in heard:
                found += [Subject(about, key, replace(carried, case=key, details=told)) for key in _keys(about, adopted, unit, told, fact)]
    if first.key is None:
        keys = [(about, thing_key(about, unit, name)) for about, name in ONLY_ONE.items() if _asks_for(adopted, about, fact)]
        found += [Subject(about, key, replace(carried, case=key)) for about, key in keys]
    if first.key is not None and DUTY in heard:
        found.append(Subject(DUTY, None, replace(carried, details=_without_persons(_told(fact, case, unit), fact))))
    return tuple(found)


_NOTHING: Final[frozenset[str]] = frozenset()


def _asks_for(adopted: Sequence[Adopted], about: str, fact: Fact) -> bool:
    """Whether a rule about such things waits for the fact; of an act that is under a clause, a rule of that clause."""
    clause = fact.text("clause")
    waiting = (rule for one in adopted for name in names_of(fact) for rule in one.regulation.by_event.get(name, ()))
    return any(rule.about == about and (clause is None or clause in rule.cites) for rule in waiting)


def _told(fact: Fact, case: Case | None, unit: str) -> dict[str, object]:
    """What a listening thing hears: the act's details, where it was, whose case of which kind it is, and who complained of what."""
    told = {**fact.details, "unit": fact.unit or unit}
    if fact.case is not None and about_of(case) == "case":
        # What a thing heard of a case and passes on is still told of that case.
        told["case"] = fact.case
        if case is not None:
            told["record"] = case.record
    if fact.case is not None:
        for name in ("customer", "household", "issue"):
            if name not in told and case is not None and name in case.plain:
                told[name] = case.plain[name]
    if case is not None and "category" not in told and (keys := case.schemes.get("category")):
        told["category"] = {prefix: given[-1] for prefix, given in keys.items()}
    return told


def _without_persons(told: dict[str, object], fact: Fact) -> dict[str, object]:
    """What a duty hears: of a case everything, since that goes with the case; of another thing nobody whom the act itself does not name."""
    return told if "case" in told else {name: one for name, one in told.items() if name not in _PERSONS or name in fact.details}


def _keys(about: str, adopted: Sequence[Adopted], unit: str, told: Mapping[str, object], fact: Fact) -> Iterator[str]:
    if about == "unit":
        yield f"unit:{unit}"
    elif about == "house":
        yield from dict.fromkeys(f"house:{one.unit}" for one in adopted if "house" in one.regulation.heard)
    elif about in PERIODS:
        if period := _period(about, fact):
            yield f"{about}:{unit}/{period}"
    elif value := told.get(about):
        yield thing_key(about, unit, str(value))


def _period(about: str, fact: Fact) -> str | None:
    """The period of the kind that the fact names; or in which it happens, where it names none."""
    named = fact.text("period")
    if named is None:
        return period_of(PERIODS[about], fact.at).name
    try:
        return named if period_named(named).kind == PERIODS[about] else None
    except BadLimit:
        return None


def _at_openings(adopted: Sequence[Adopted], units: Units, fact: Fact) -> Iterator[Subject]:
    """Units whose own past hears the opening, and the things of the period that just closed."""
    closed = CLOSED.get(fact.event, "")
    kinds = [about for about, kind in PERIODS.items() if kind == PERIOD_OPENINGS[fact.event]]
    seen: set[str] = set()
    for one in adopted:
        heard = one.regulation.heard
        codes = [unit.code for unit in units.below(one.unit)]
        keys: list[tuple[str, str, Fact, bool]] = []
        if fact.event in heard.get("unit", _NOTHING):
            keys += [("unit", f"unit:{code}", replace(fact, unit=code), False) for code in codes]
        for about in kinds:
            if closed in heard.get(about, _NOTHING):
                period = period_of(PERIODS[about], fact.at - timedelta(microseconds=1)).name
                over = replace(fact, event=closed, details={"period": period}, derived=True)
                keys += [(about, f"{about}:{code}/{period}", replace(over, unit=code), True) for code in codes]
        for about, key, heard_fact, known_only in keys:
            if key not in seen:
                seen.add(key)
                yield Subject(about, key, replace(heard_fact, case=key), known_only)
