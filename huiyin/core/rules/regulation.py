"""A regulation as a whole, and one in force for a unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from huiyin.core.calendars import DutyHours, Workdays
from huiyin.core.rules.figures import StandardRule
from huiyin.core.rules.moments import Rule, Words
from huiyin.core.rules.proofs import Proof
from huiyin.core.rules.registers import SecretRule


@dataclass(frozen=True, slots=True)
class Honour:
    """How a clause that starts nothing by itself is honoured: the kind (page, role, register, report, form, workflow) and where."""

    cites: tuple[str, ...]
    kind: str
    where: str
    name: Words
    shown_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Regulation:
    """A regulation: who it is, its roles and classes, and its rules, indexed by the events that concern them. It equals itself alone.

    ``heard`` gives, for each kind of thing that rules are about, the events that its past has to hold; ``held_by`` tells who a role
    always is (the survey leader is the branch's general manager). ``hearing`` is ``heard`` the other way round: for each
    event the kinds of things. ``void_names`` are the ``void_marks`` as cases keep them ("GP/invalid").
    """

    stem: str
    prefix: str
    edition: str
    title: Words
    level: str
    in_force_from: date
    rules: tuple[Rule, ...]
    by_event: Mapping[str, tuple[Rule, ...]]
    by_id: Mapping[str, Rule]
    heard: Mapping[str, frozenset[str]]
    stands_in: Mapping[str, tuple[str, ...]]
    role_levels: Mapping[str, str]
    role_names: Mapping[str, Words]
    void_marks: frozenset[str]
    honours: tuple[Honour, ...] = ()
    clauses: tuple[str, ...] = ()
    held_by: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    void_names: frozenset[str] = field(init=False, repr=False, compare=False)
    hearing: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        every = frozenset(event for events in self.heard.values() for event in events)
        hearing = {event: frozenset(about for about, events in self.heard.items() if event in events) for event in every}
        object.__setattr__(self, "hearing", hearing)
        object.__setattr__(self, "void_names", frozenset(f"{self.prefix}/{mark}" for mark in self.void_marks))

    @property
    def waited(self) -> frozenset[str]:
        """Every event that a rule waits for or that a thing's past holds."""
        return frozenset(self.by_event) | frozenset(event for events in self.heard.values() for event in events)

    def proof(self, key: str) -> tuple[StandardRule, Proof] | None:
        """The proof that a standard and its own name tell ("check-2-1-2-3/handed-on"), with that standard; None where there is none."""
        standard, _, name = key.partition("/")
        rule = self.by_id.get(standard)
        if not name or not isinstance(rule, StandardRule):
            return None
        return next(((rule, one) for one in rule.proofs if one.id == name), None)

    @property
    def secrets(self) -> tuple[SecretRule, ...]:
        """The rules that hide something of a case."""
        return tuple(rule for rule in self.rules if isinstance(rule, SecretRule))

    def may_act_as(self, role: str, acting: str | None) -> bool:
        """Whether ``acting`` is ``role`` or a role that stands in for it (D15)."""
        return acting == role or acting in self.stands_in.get(role, ())


@dataclass(frozen=True, slots=True, eq=False)
class Adopted:
    """A regulation that a unit has adopted, from a day on (None: always), with the organisation's settings by clause and key.

    It equals itself alone: so what is worked out for it is remembered under it (``core/in_force.py``, ``core/terms.py``).
    """

    regulation: Regulation
    unit: str
    workdays: Workdays
    from_on: date | None = None
    until_on: date | None = None
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def hours(self, calendar: str) -> DutyHours | None:
        """The duty hours of the regulation's named calendar; None for one that runs round the clock."""
        for one in self.regulation.source.get("calendars", ()):
            if one["key"] == calendar:
                return DutyHours.parse(one["hours"], one["days"])
        return None

    def setting(self, clause: str, key: str) -> Any:
        """What the organisation set, else the regulation's own default, else None."""
        given = self.settings.get(clause, {}).get(key)
        return given if given is not None else self.regulation.settings.get(clause, {}).get(key)
