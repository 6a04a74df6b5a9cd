"""What follows from a fact: the records that the reckoning makes. Each is the record as it now stands, under a key of its own.

A keeper stores a record by inserting it or by replacing the one with the same key; so the same consequence kept twice is kept once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from huiyin.core.frozen import record

RUNNING, MET, LATE, OVERDUE, CANCELLED, EXEMPT = "running", "met", "late", "overdue", "cancelled", "exempt"
OPEN_STATES = frozenset({RUNNING, OVERDUE})

RAISED, CONFIRMED, DISMISSED, ANSWERED, WITHDRAWN = "raised", "confirmed", "dismissed", "answered", "withdrawn"
NEEDED, GIVEN, REFUSED = "needed", "given", "refused"

Reckoning = tuple[tuple[str, ...], ...]
"""The steps of a reckoning as data: a kind of step and what belongs to it, all text. ``rulebook.words`` says them in words:
("from", event, moment) · ("plus", limit) · ("limit", limit) · ("setting", clause, key, value) · ("said", event, detail, moment) ·
("due_of", rule, moment) · ("target", limit, moment) · ("over", limit, due) · ("households", counted, all, percent) ·
("act", event, moment) · ("entry", clause, amount) · ("period", name, moment) · ("hours", calendar, hours) ·
("counted", what, number) · ("times", number, amount) · ("points", clause, amount) · ("least", amount) · ("share", part, whole, percent)."""


@record(frozen=True, slots=True)
class Clock:
    """A limit that runs, or ran: on a case, or (``kind`` "duty") on a unit for a period.

    ``rule`` is the rule's id with its regulation's prefix ("GP:start-work"), ``cites`` its clauses, the one it is shown under first.
    ``look_at`` is when the watch has to look next; None when nothing more can come of it. ``limit`` is the limit as the rule words it;
    ``reached`` the roles that acts for a duty have reached so far, where several have to be. ``target_at`` is the better moment that the
    rule aims at before the due one; None where it names none.
    """

    key: str
    kind: str
    rule: str
    edition: str
    cites: tuple[str, ...]
    case: str | None
    unit: str
    period: str | None
    starts_at: datetime
    due_at: datetime | None
    state: str
    stopped_at: datetime | None
    responsible: str
    calendar: str
    limit: str
    look_at: datetime | None
    level: str | None = None
    provisional: bool = False
    reckoning: Reckoning = ()
    reached: tuple[str, ...] = ()
    target_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether the limit is still owed."""
        return self.state in OPEN_STATES


@record(frozen=True, slots=True)
class Ground:
    """One reason for a warning: its clause, the rule, when it came true, and how that was reckoned."""

    clause: str
    rule: str
    at: datetime
    reckoning: Reckoning = ()


@record(frozen=True, slots=True)
class WarningSignal:
    """A warning (预警信号): its level, grounds and life, on a case, or on an issue of a unit in a year."""

    key: str
    level: str
    regulation: str
    case: str | None
    unit: str
    issue: str | None
    grounds: tuple[Ground, ...]
    state: str
    raised_at: datetime
    verified_at: datetime | None = None
    verified_by: str | None = None
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    promised_at: datetime | None = None


@record(frozen=True, slots=True)
class Notice:
    """Somebody has to be told: the role ``to``, as seen from ``unit``, for the reason of ``clause``. ``persons``: whom the act named for
    it; they are told, and not everybody who holds the post."""

    key: str
    clause: str
    rule: str
    to: str
    unit: str
    case: str | None
    issue: str | None
    level: str | None
    at: datetime
    topic: str
    persons: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Approval:
    """A decision that a clause asks for: needed, given or refused. ``of`` are the roles any of which may decide."""

    key: str
    clause: str
    of: tuple[str, ...]
    case: str | None
    unit: str
    issue: str | None
    period: str | None
    state: str
    asked_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    in_place_of: str | None = None
    reason: str | None = None
    subject: str = ""


@record(frozen=True, slots=True)
class Refusal:
    """An act that the regulations do not allow: the clause that forbids it and why, in both languages."""

    clause: str
    event: str
    at: datetime
    why_zh: str
    why_en: str


@record(frozen=True, slots=True)
class Score:
    """An entry of a points ledger. ``items`` are further clauses whose totals it enters; ``counters`` the entry it takes back."""

    key: str
    clause: str
    unit: str
    amount: Decimal
    at: datetime
    case: str | None
    issue: str | None
    warning: str | None
    items: tuple[str, ...] = ()
    counters: str | None = None
    reckoning: Reckoning = ()


@record(frozen=True, slots=True)
class Figure:
    """A figure of an inspection or of a period, as it now stands: points lost or left, a count, a score, with the place in a ranking.

    ``case`` is the inspection, ``period`` the year or month that it is a figure of.
    """

    key: str
    clause: str
    unit: str
    amount: Decimal
    at: datetime
    case: str | None = None
    period: str | None = None
    rank: int | None = None
    reckoning: Reckoning = ()


@record(frozen=True, slots=True)
class Mark:
    """A class that a case has by the regulation's own definition (major, invalid …), from ``at`` until ``ended_at``.

    ``key`` begins with the prefix of the regulation: what one regulation says of a case, another need not.
    """

    key: str
    mark: str
    clause: str
    case: str
    at: datetime
    ended_at: datetime | None = None
    unit: str = ""
    period: str | None = None

    @property
    def name(self) -> str:
        """The mark with its regulation, as cases keep it: "GP/major"."""
        return f"{self.key.partition(':')[0]}/{self.mark}"


@record(frozen=True, slots=True)
class Paper:
    """A document that a clause asks for: missing, incomplete, complete, or released where it is owed no more."""

    key: str
    clause: str
    name: str
    case: str | None
    unit: str
    period: str | None
    state: str
    at: datetime
    missing_parts: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Publication:
    """Something made public, or circulated, for a period."""

    key: str
    clause: str
    unit: str
    period: str
    at: datetime
    audience: str


@record(frozen=True, slots=True)
class Retention:
    """How long a case or a register has to be kept: until the last day ``until``, None for good."""

    key: str
    clause: str
    case: str | None
    unit: str
    at: datetime
    until: date | None
    register: str | None = None
    period: str | None = None


@record(frozen=True, slots=True)
class Entered:
    """An act that stands in a register of its unit (``register`` with its prefix: "CR:key-uses"). ``details`` are those of the act.

    ``entry`` is the entry that the act was told by; None where the register's entry follows from the act.
    """

    key: str
    register: str
    clause: str
    unit: str
    event: str
    at: datetime
    by: str | None
    details: Mapping[str, Any]
    entry: str | None = None


Record = Clock | WarningSignal | Notice | Approval | Score | Mark | Paper | Publication | Retention | Figure | Entered
"""A record that a keeper keeps. A refusal is none: it has no effect but the answer to the person."""
