"""What of a clock is the same on every case: worked out once for each adoption of its rule, and not for each fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, lru_cache

from huiyin.core.calendars import DutyHours
from huiyin.core.known import Case
from huiyin.core.limits import AtOnce, Ending, Limit, ending, is_shorter, parse_limit
from huiyin.core.records import Reckoning
from huiyin.core.rules import Adopted, ClockRule, End


@dataclass(frozen=True, slots=True)
class From:
    """A moment from which a clock may run: an event, or some time after it, and how that is told."""

    event: str
    plus: timedelta
    reckoning: Reckoning


@dataclass(frozen=True, slots=True)
class Length:
    """How long a clock runs (None: no number), in words, how that is told, and when it ends from a start."""

    limit: Limit | None
    words: str
    reckoning: Reckoning = ()
    ends: Ending | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Terms:
    """The rule of a clock as one adoption has it.

    ``name`` is the rule with its regulation ("GP:start-work"), ``stem`` what stands between case and turn in a clock's key; ``begin`` are
    the events of its ``starts``, ``ends`` the acts that end it, those together that have to reach the same roles; a clock that
    ``comes_again`` has turns, one ``each_time`` that it starts or when a class changes.
    """

    adopted: Adopted
    rule: ClockRule
    kind: str
    name: str
    stem: str
    responsible: str
    calendar: str
    begin: frozenset[str]
    starts: tuple[From, ...]
    ends: tuple[tuple[frozenset[str], tuple[End, ...]], ...]
    each_time: bool
    comes_again: bool

    @classmethod
    def of(cls, adopted: Adopted, rule: ClockRule) -> Terms:
        """The terms of ``rule`` with the choices that the organisation has made."""
        name = f"{adopted.regulation.prefix}:{rule.id}"
        responsible = adopted.setting(*rule.responsible_setting) if rule.responsible_setting else None
        calendar = adopted.setting(*rule.calendar_setting) if rule.calendar_setting else None
        return cls(
            adopted=adopted,
            rule=rule,
            kind="duty" if rule.repeats else "clock",
            name=name,
            stem=f"|{name}|",
            responsible=str(responsible or rule.responsible),
            calendar=str(calendar or rule.calendar),
            begin=frozenset(start.event for start in rule.starts),
            starts=tuple(From(start.event, start.plus, _later(start.plus)) for start in rule.starts),
            ends=_by_whom_reached((rule.ends, *rule.or_ends)),
            each_time=rule.each_time,
            comes_again=rule.each_time or bool(rule.restarts_on),
        )

    def key(self, case: Case, turn: int) -> str:
        """The key of the clock on the case; ``turn`` counts its runnings from 1."""
        return f"{case.key}{self.stem}{turn}"

    @cached_property
    def hours(self) -> DutyHours | None:
        """The hours in which its time counts; None where it runs round the clock."""
        return self.adopted.hours(self.calendar)

    @cached_property
    def length(self) -> Length:
        """How long it runs: by the rule, or as the organisation has set it. Raises BadLimit for a setting that is no limit."""
        return _length_of(self)

    @cached_property
    def target(self) -> Ending | None:
        """When the better moment is that it aims at; None where the rule names none."""
        return ending(self.rule.target, self.adopted.workdays, self.hours) if self.rule.target is not None else None


@lru_cache(maxsize=8_192)
def terms_of(adopted: Adopted, rule: str) -> Terms:
    """The terms of the clock rule with this id under the adoption. Raises KeyError for a rule that the regulation does not have."""
    found = adopted.regulation.by_id[rule]
    if not isinstance(found, ClockRule):
        raise KeyError(f"found {rule!r}, a {type(found).__name__}; expected the id of a clock of {adopted.regulation.stem}")
    return Terms.of(adopted, found)


def _by_whom_reached(ends: tuple[End, ...]) -> tuple[tuple[frozenset[str], tuple[End, ...]], ...]:
    found: dict[frozenset[str], tuple[End, ...]] = {}
    for end in ends:
        found[end.to] = (*found.get(end.to, ()), end)
    return tuple(found.items())


def _later(plus: timedelta) -> Reckoning:
    minutes = int(plus.total_seconds() // 60)
    return (("plus", f"{minutes} minutes"),) if minutes else ()


def _length_of(terms: Terms) -> Length:
    """The number of the rule: its own, or the one the organisation set; None for "at once" without a tolerance."""
    rule, adopted = terms.rule, terms.adopted
    limit = rule.within
    steps: Reckoning = ()
    setting = rule.within_setting or (rule.tolerance if isinstance(rule.within, AtOnce) else None)
    if setting is not None:
        value = adopted.setting(*setting)
        if not value:
            return Length(None, str(rule.within or ""))
        limit, steps = parse_limit(str(value)), (("setting", *setting, str(value)),)
        if rule.at_most is not None and is_shorter(str(rule.at_most), str(limit)):
            limit = rule.at_most
    if limit is None:
        return Length(None, "")
    during: Reckoning = (("hours", terms.calendar, str(terms.hours)),) if terms.hours is not None else ()
    return Length(limit, str(limit), (*steps, *during, ("limit", str(limit))), ending(limit, adopted.workdays, terms.hours))
