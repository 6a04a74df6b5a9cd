"""The kinds of rule that a regulation is made of, as plain data, and a regulation in force for a unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from huiyin.core.calendars import DutyHours, Workdays
from huiyin.core.conditions import Condition
from huiyin.core.limits import Limit
from huiyin.core.recurrence import Recurrence

Words = tuple[str, str]
"""A short text in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What all rules have: an id within the regulation, the clauses it follows from, and its name in both languages."""

    id: str
    cites: tuple[str, ...]
    name: Words


@dataclass(frozen=True, slots=True)
class Start:
    """A moment from which a limit may run: an event, or some time after it. ``name`` is the event with its level, as cases keep it."""

    event: str
    plus: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class End:
    """What ends a limit: an event, once it has reached all the roles ``to``."""

    event: str
    to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Said:
    """A moment that travels with an event as its ``detail``; it counts once the event has reached the roles ``to``."""

    event: str
    detail: str
    to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ClockRule(Rule):
    """A limit on a case. It runs from the earliest of ``starts`` to ``ends``.

    Its length is ``within``; or the moment that travelled with an event (``until_said``), and before that moment is known the due time of
    whichever of the clocks ``else_due_of`` runs. ``looks_after`` are the times after the due moment at which somebody (a warning) wants to
    look again. ``per_level`` names the warning level that the clock answers: each sending starts a new one; so does each start of a clock
    that runs ``again``. ``calendar_setting`` and ``responsible_setting`` are choices that the organisation may make instead of
    ``calendar`` and ``responsible``.
    """

    starts: tuple[Start, ...]
    ends: End
    within: Limit | None
    when: Condition
    responsible: str
    calendar: str = "24x7"
    until_said: Said | None = None
    else_due_of: tuple[str, ...] = ()
    tolerance: tuple[str, str] | None = None
    within_setting: tuple[str, str] | None = None
    calendar_setting: tuple[str, str] | None = None
    responsible_setting: tuple[str, str] | None = None
    per_level: str | None = None
    again: bool = False
    looks_after: tuple[timedelta, ...] = ()


    @property
    def each_time(self) -> bool:
        """Whether each start begins a turn of its own."""
        return self.again or self.per_level is not None


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signatures that make an act count: the detail that lists the signers, who must sign, and the clause of the approval."""

    detail: str
    all_of: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class DutyRule(Rule):
    """A duty that comes back: every period of ``recurs`` it is opened for each unit of the kinds ``owed_by`` ("adopter": the adopting
    unit) and is done by ``served_by``. ``following_by_day``: due by that day of the month after the period; a setting may give it."""

    recurs: Recurrence
    opens_with: str
    owed_by: str
    served_by: End
    responsible: str
    calendar: str
    counts_if: Condition
    signatures: Signatures | None = None
    following_by_day: int | None = None
    following_setting: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """Trigger of a warning: the clock of rule ``clock`` is still owed ``by`` after its due moment."""

    clock: str
    by: timedelta


@dataclass(frozen=True, slots=True)
class Ratio:
    """Trigger of a warning: distinct households with the same issue this year against all households of the unit of kind ``scope``.

    ``if_setting`` (clause, key, value): only where the organisation has chosen so. ``issues_not_in``: the setting that lists the issue
    codes that do not count.
    """

    scope: str
    at_least_percent: int
    if_setting: tuple[str, str, str] | None = None
    issues_not_in: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class WarningRule(Rule):
    """Raises a warning of ``level``: on an event, on a clock overdue, or on a ratio. One of a level at a time on a case (D10)."""

    level: str
    when: Condition
    on: str | None = None
    overdue: Overdue | None = None
    ratio: Ratio | None = None


@dataclass(frozen=True, slots=True)
class LevelRule(Rule):
    """The life of the warnings of a level after their verification: what sends them on, what answers them, what withdraws them."""

    level: str
    sent_by: End
    answered_by: End
    withdrawn_on: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeRule(Rule):
    """Tells the roles ``to`` when ``on`` happens; ``to_addressed`` tells those whom the act itself addressed."""

    on: str
    to: tuple[str, ...]
    when: Condition
    topic: str
    to_addressed: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalRule(Rule):
    """A decision that belongs to the roles ``of``: asked for when ``asked_on`` happens, taken by ``decided_by``.

    ``decided_by`` "approval" means the general approval events that name the clause; otherwise an event whose detail ``result`` is among
    ``given_if`` or not. Anybody else's decision is refused under the clause, and so is one that was never asked for if ``must_be_asked``.
    """

    of: tuple[str, ...]
    asked_on: str
    decided_by: str
    level: str | None = None
    given_if: frozenset[str] = frozenset()
    must_be_asked: bool = False


@dataclass(frozen=True, slots=True)
class RefusalRule(Rule):
    """Refuses the act ``event`` when the condition holds; ``warning_state`` refuses it unless a warning of its level is in that state."""

    event: str
    when: Condition
    why: Words
    unless_warning: tuple[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True)
class MarkRule(Rule):
    """Puts ``mark`` on a case when ``on`` happens; ``ends_on`` takes it off again. ``identifies`` is the event that this makes."""

    mark: str
    on: str
    when: Condition
    ends_on: str | None = None
    identifies: str | None = None


@dataclass(frozen=True, slots=True)
class ScoreRule(Rule):
    """An entry for each unit of kinds ``units`` when a warning of ``level`` is confirmed; ``items`` maps unit kinds to item clauses."""

    level: str
    amount: Decimal
    units: tuple[str, ...]
    items: Mapping[str, tuple[str, ...]]
    taken_back_on: str | None = None
    taken_back_clause: str | None = None


@dataclass(frozen=True, slots=True)
class PaperRule(Rule):
    """A paper that ``on`` hands in; without one it is missing from ``owed_from`` on."""

    form: str
    on: str
    when: Condition
    owed_from: str | None = None


@dataclass(frozen=True, slots=True)
class PublicationRule(Rule):
    """A publication that ``on`` makes; it counts only for the ``audience`` named."""

    on: str
    audience: str


@dataclass(frozen=True, slots=True)
class Honour:
    """How a clause that starts nothing by itself is honoured: the kind (page, role, register, report, form, workflow) and where."""

    cites: tuple[str, ...]
    kind: str
    where: str
    name: Words
    shown_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regulation:
    """A regulation: who it is, its roles and classes, and its rules, indexed by the events that concern them."""

    stem: str
    prefix: str
    edition: str
    title: Words
    level: str
    in_force_from: date
    rules: tuple[Rule, ...]
    by_event: Mapping[str, tuple[Rule, ...]]
    by_id: Mapping[str, Rule]
    stands_in: Mapping[str, tuple[str, ...]]
    role_levels: Mapping[str, str]
    role_names: Mapping[str, Words]
    void_marks: frozenset[str]
    honours: tuple[Honour, ...] = ()
    clauses: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)

    def may_act_as(self, role: str, acting: str | None) -> bool:
        """Whether ``acting`` is ``role`` or a role that stands in for it (D15)."""
        return acting == role or acting in self.stands_in.get(role, ())


@dataclass(frozen=True, slots=True)
class Adopted:
    """A regulation that a unit has adopted, from a day on (None: always), with the organisation's settings by clause and key."""

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
