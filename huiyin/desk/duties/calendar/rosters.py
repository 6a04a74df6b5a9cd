"""The rosters that a unit keeps: the hours for which its regulations want somebody to be on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from uuid import UUID

from huiyin.core.calendars import DutyHours
from huiyin.core.moments import opening_of
from huiyin.core.rules import Adopted, DutyRule, Regulation, RosterRule, Staffed
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.people import queries as people
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import Unit
from huiyin.rulebook.load import regulation, stems


@dataclass(frozen=True, slots=True)
class Kept:
    """A roster of a unit: the rule that wants it, its hours, and by which acts the other duties of these hours are served (``also``)."""

    rule: DutyRule | RosterRule
    staffed: Staffed
    hours: DutyHours
    also: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the roster's rows name it by."""
        return self.staffed.key

    @property
    def span(self) -> tuple[int, int]:
        """From which minute to which somebody has to be there."""
        return self.hours.opens_minute, self.hours.closes_minute


def kept_by(unit: Unit, day: date) -> Mapping[str, Kept]:
    """The rosters of the unit on the day by their keys, in the order of the rules, the nearest adoption first.

    Where several regulations want the same roster it is one, for all their hours, and kept as that one asks which has acts for it.
    """
    tree = places.tree(unit.organisation_id)
    found: dict[str, Kept] = {}
    for code in tree.units.path(unit.code):
        for adopted in adopted_for(unit.organisation_id, opening_of(day)):
            if adopted.unit == code and _in_force(adopted, day):
                for one in _staffed(adopted.regulation):
                    if unit.kind in one.rule.owed_by or ("adopter" in one.rule.owed_by and unit.code == code):
                        found[one.key] = _together(found[one.key], one) if one.key in found else one
    return found


def _together(kept: Kept, one: Kept) -> Kept:
    first = kept if kept.staffed.opened_by or not one.staffed.opened_by else one
    opens, closes = zip(kept.span, one.span, strict=True)
    telephone = kept.staffed.telephone or one.staffed.telephone
    return replace(first, staffed=replace(first.staffed, telephone=telephone), hours=DutyHours(min(opens), max(closes)))


def keeping_rosters(organisation_id: UUID, ids: Iterable[UUID], day: date) -> list[Unit]:
    """The open units among ``ids`` that keep a roster, in the order of papers."""
    return [one for one in Unit.objects.filter(organisation_id=organisation_id, pk__in=list(ids), open=True) if kept_by(one, day)]


def named(key: str) -> Staffed | None:
    """The roster with this key of any regulation."""
    return next((one.staffed for stem in stems() for one in _staffed(regulation(stem)) if one.key == key), None)


def gaps(organisation_id: UUID, unit_codes: Iterable[str], day: date) -> Mapping[str, Mapping[str, tuple[tuple[int, int], ...]]]:
    """By unit and roster the minutes of the day for which nobody is on it; units and rosters that are covered are left out."""
    found = {}
    for unit in Unit.objects.filter(organisation_id=organisation_id, code__in=list(unit_codes), open=True):
        needed = {key: one.span for key, one in kept_by(unit, day).items()}
        open_spans = {key: spans for key, spans in people.gaps(unit, day, needed).items() if spans} if needed else {}
        if open_spans:
            found[unit.code] = open_spans
    return found


def rosters_of(of: Regulation) -> tuple[DutyRule | RosterRule, ...]:
    """The rules of the regulation that want a roster."""
    return tuple(one.rule for one in _staffed(of))


def _in_force(adopted: Adopted, day: date) -> bool:
    return (adopted.from_on is None or adopted.from_on <= day) and (adopted.until_on is None or day <= adopted.until_on)


@lru_cache(maxsize=64)
def _of_edition(stem: str, edition: str) -> tuple[Kept, ...]:
    rules = regulation(stem).rules
    duties = [rule for rule in rules if isinstance(rule, DutyRule)]
    found = []
    for one in rules:
        if isinstance(one, RosterRule):
            found.append(Kept(one, one.staffed, one.hours))
        elif isinstance(one, DutyRule) and one.staffed and one.recurs.hours:
            others = (other for other in duties if other.calendar == one.calendar != "24x7" and not other.staffed)
            found.append(Kept(one, one.staffed, one.recurs.hours, tuple(other.served_by.event for other in others)))
    return tuple(found)


def _staffed(of: Regulation) -> tuple[Kept, ...]:
    return _of_edition(of.stem, of.edition)
