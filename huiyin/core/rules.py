"""The kinds of rule that a regulation is made of, as plain data, and a regulation in force for a unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from huiyin.core.calendars import DutyHours, Workdays
from huiyin.core.conditions import ALWAYS, Condition
from huiyin.core.limits import Limit
from huiyin.core.recurrence import Recurrence

Words = tuple[str, str]
"""A short text in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What all rules have: an id within the regulation, the clauses it follows from, and its name in both languages.

    ``about`` says whose past the rule lives on (``core/subjects.py``): "case" for cases and for units as such, else a kind of thing.
    """

    id: str
    cites: tuple[str, ...]
    name: Words
    about: str = field(default="case", kw_only=True)


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
    ``calendar`` and ``responsible``. ``or_ends`` are other acts that end it too. A limit "at least … before" counts back from the moment
    ``before``. ``restarts_on`` names schemes of classes: after a change of class the limit runs from the change (D13). A clock that
    ``repeats`` is a duty of the case: due time follows due time until one of ``until_happened``.
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
    or_ends: tuple[End, ...] = ()
    before: Said | None = None
    restarts_on: tuple[str, ...] = ()
    repeats: bool = False
    until_happened: frozenset[str] = frozenset()

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
    unit) of which ``owed_if`` holds, and is done by ``served_by``. ``following_by_day``: due by that day of the month after the period; a
    setting may give it. ``period_setting`` gives the period where the clause leaves it to the organisation: without it nothing is owed.

    ``opens_with`` may also be an act: then the period is the one that its detail ``period_detail`` names or lies in, and the duty is due
    at the end of the day ``due_detail`` tells, or never (``no_due``). ``variants``: a detail and its values, each of which is owed by
    itself. ``exempt_by`` frees from the duty of a period, where one of ``exempt_where`` is adopted too (empty: always).
    """

    recurs: Recurrence
    opens_with: tuple[str, ...]
    owed_by: frozenset[str]
    served_by: End
    responsible: str
    calendar: str
    counts_if: Condition
    signatures: Signatures | None = None
    following_by_day: int | None = None
    following_setting: tuple[str, str] | None = None
    owed_if: Condition = ALWAYS
    period_setting: tuple[str, str] | None = None
    period_detail: str = "period"
    due_detail: str | None = None
    no_due: bool = False
    variants: tuple[str, tuple[str, ...]] | None = None
    exempt_by: str | None = None
    exempt_where: frozenset[str] = frozenset()
    or_served_by: tuple[End, ...] = ()


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

    on: tuple[str, ...]
    to: tuple[str, ...]
    when: Condition
    topic: str
    to_addressed: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalRule(Rule):
    """A decision that belongs to the roles ``of``: asked for when ``asked_on`` happens, taken by ``decided_by``.

    ``decided_by`` "approval" means the general approval events that name the clause; otherwise an event whose detail ``result`` is among
    ``given_if`` or not. Anybody else's decision is refused under the clause, and so is one that was never asked for if ``must_be_asked``.
    A general request that names the clause asks for it too. Where all of ``in_turn`` have to decide, each in a record of its own, nobody
    decides before those named before. ``of_setting`` gives the role, ``limits_setting`` the largest amount of each role, in yuan.
    """

    of: tuple[str, ...]
    asked_on: tuple[str, ...]
    decided_by: str
    level: str | None = None
    given_if: frozenset[str] = frozenset()
    must_be_asked: bool = False
    in_turn: bool = False
    of_setting: tuple[str, str] | None = None
    limits_setting: tuple[str, str] | None = None
    same: tuple[str, ...] = ()
    once: bool = True
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class RefusalRule(Rule):
    """Refuses the acts ``event`` when the condition holds; ``warning_state`` refuses it unless a warning of its level is in that state."""

    event: tuple[str, ...]
    when: Condition
    why: Words
    unless_warning: tuple[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True)
class MarkRule(Rule):
    """Puts ``mark`` on a case when one of ``on`` happens; one of ``ends_on`` takes it off again, if ``ends_when`` holds. ``identifies`` is
    the event that this makes. ``on`` may be the passing of a limit ("limit_passed:GP:id")."""

    mark: str
    on: tuple[str, ...]
    when: Condition
    ends_on: tuple[str, ...] = ()
    identifies: str | None = None
    ends_when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Part:
    """A number of a share: ``detail`` of the last ``event`` ("answers" with the keys ``keys`` added up, all of them if there
    are none); or, ``distinct``, how many different values of the detail its acts have had."""

    event: str
    detail: str
    keys: tuple[str, ...] = ()
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class ShareRule(Rule):
    """Marks a thing by a share: ``reached`` where ``part`` of ``whole`` is at least the percentage, else ``below``; whenever ``on``.

    The percentage is the number ``at_least``, the setting, or the detail that an event told (``at_least_said``). ``over`` means more
    than, not at least. Without a percentage or a whole nothing is marked.
    """

    on: tuple[str, ...]
    part: Part
    whole: Part
    reached: str
    below: str
    when: Condition
    at_least: Decimal | None = None
    at_least_setting: tuple[str, str] | None = None
    at_least_said: Said | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorRule(Rule):
    """A first-level indicator of an inspection with its ``points``; ``total`` is the clause of the sum of all indicators."""

    points: Decimal
    total: str


@dataclass(frozen=True, slots=True)
class StandardRule(Rule):
    """A standard that an inspection may find unmet: ``points`` off its ``indicator`` (the clause), once or, if
    ``per_occurrence``, each time, ``cap`` at most. Standards of one ``row`` share a deduction (I19). Findings of its ``parts`` are its."""

    indicator: str
    points: Decimal
    per_occurrence: bool = False
    cap: Decimal | None = None
    row: str = ""
    parts: tuple[str, ...] = ()
    check: Words = ("", "")
    applies: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class AssessmentRule(Rule):
    """The yearly score of each unit of ``kind`` below the adopting one, reckoned when ``on`` happens, out of what ``about: house`` heard.

    From ``full`` points go ``excess_points`` for each complaint more than last year (from the first year compared on) and
    ``repeat_points`` for each confirmed repeat, never below ``floor``; ``praise_points`` come on top once, unless a repeat made it
    unqualified. ``clauses`` names the clause of each figure: count, full, excess, repeat, praise, score, rank, not_fulfilled, unqualified,
    excellent, qualified.
    """

    on: str
    kind: str
    full: Decimal
    excess_points: Decimal
    repeat_points: Decimal
    praise_points: Decimal
    floor: Decimal
    first_year: tuple[str, str]
    first_compared: tuple[str, str]
    clauses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FigureRule(Rule):
    """A figure of ``amount`` for the unit and period when ``on`` happens: what carries no points says so."""

    on: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RetentionRule(Rule):
    """A case or register is kept ``keep`` (a limit; None: for good) from ``on``; an attempt to delete it before is refused."""

    on: tuple[str, ...]
    keep: Limit | None
    why: Words
    when: Condition = ALWAYS


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
    """A paper that ``on`` hands in; without one it is missing from any of ``owed_from`` on. Filling in the form hands it in too."""

    form: str
    on: str | None
    when: Condition
    owed_from: tuple[str, ...] = ()


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
class StepRule(Rule):
    """An act of the procedure: the ``event``, which roles ``by`` do it (empty: anybody at work on the thing), what it ``asks`` and what it
    ``requires``: without one of these it is refused under the clause. ``when`` says when it is offered; it may be recorded at any time."""

    event: str
    by: tuple[str, ...]
    asks: tuple[str, ...]
    requires: tuple[str, ...]
    when: Condition


@dataclass(frozen=True, slots=True)
class RegisterField:
    """A column of a register or a part of a form: its key, name, kind (text, number, day, moment, flag, choice), and its choices."""

    key: str
    name: Words
    kind: str = "text"
    required: bool = False
    choices: tuple[tuple[str, Words], ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterRule(Rule):
    """A register that a unit keeps: its columns, who keeps it, whether entries are closed again (a key comes back), and its group."""

    fields: tuple[RegisterField, ...]
    kept_by: str
    closes: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Regulation:
    """A regulation: who it is, its roles and classes, and its rules, indexed by the events that concern them.

    ``heard`` gives, for each kind of thing that rules are about, the events that its past has to hold.
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
