"""Limits on cases and things, and duties that come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from huiyin.core.calendars import DutyHours
from huiyin.core.conditions import ALWAYS, Condition
from huiyin.core.limits import Limit
from huiyin.core.recurrence import PeriodKind, Recurrence
from huiyin.core.rules.moments import End, Rule, Said, Start


@dataclass(frozen=True, slots=True)
class ClockRule(Rule):
    """A limit on a case. It runs from the earliest of ``starts`` to ``ends``.

    Its length is ``within``; or the moment that travelled with an event (``until_said``), and before that moment is known the due time of
    whichever of the clocks ``else_due_of`` runs. ``looks_after`` are the times after the due moment at which somebody (a warning) wants to
    look again. ``per_level`` names the warning level that the clock answers: each sending starts a new one; so does each start of a clock
    that runs ``again``. ``calendar_setting`` and ``responsible_setting`` are choices that the organisation may make instead of
    ``calendar`` and ``responsible``. ``or_ends`` are other acts that end it too. A limit "at least … before" counts back from the moment
    ``before``. ``restarts_on`` names schemes of classes: after a change of class the limit runs from the change (D13). A clock that
    ``counts_from``: what was done since the last such event counts, also if it was done before the limit began. A clock that
    ``repeats`` is a duty of the case: due time follows due time until one of ``until_happened``. ``target`` is a better time than the
    limit: it is reckoned and shown beside it, and nothing follows from missing it. ``one_per`` (a kind of period): of the moments
    ``before`` that lie in one such period only the one told last counts; what was put off is not owed any more. ``at_most`` bounds the
    ``tolerance`` that the organisation may set.
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
    counts_from: str | None = None
    target: Limit | None = None
    one_per: PeriodKind | None = None
    at_most: Limit | None = None

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
class Staffed:
    """A roster that somebody has to be on for its hours: its key, the acts of signing in and out (empty: there is none), and whether it is
    that of a telephone, whose missed calls are kept.
    """

    key: str
    opened_by: str = ""
    closed_by: str = ""
    telephone: bool = False


@dataclass(frozen=True, slots=True)
class DutyRule(Rule):
    """A duty that comes back: every period of ``recurs`` it is opened for each unit of the kinds ``owed_by`` ("adopter": the adopting
    unit) of which ``owed_if`` holds, and is done by ``served_by``. ``following_by_day``: due by that day of the month after the period; a
    setting may give it. ``period_setting`` gives the period where the clause leaves it to the organisation: without it nothing is owed.

    ``opens_with`` may also be an act: then the period is the one that its detail ``period_detail`` names or lies in, and the duty is due
    at the end of the day ``due_detail`` tells, or never (``no_due``). ``due_before``: a detail and the half of the year ("H2") in which the
    day lies that it tells: only an act that tells such a day opens the duty, and it is due before that day begins.
    ``variants``: a detail and its values, each of which is owed by itself. ``exempt_by`` frees from the duty of a period, where one of
    ``exempt_where`` is adopted too (empty: always); ``owed_again_by`` shows within its limit that it is owed all the same, ``undone_by``
    takes back within its limit what has done it. With ``done_once`` the act alone does not do it: it is done when this is found out of
    the act. ``within_hours``: what is done before its hours begin does not serve it.
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
    due_before: tuple[str, str] | None = None
    no_due: bool = False
    variants: tuple[str, tuple[str, ...]] | None = None
    exempt_by: str | None = None
    exempt_where: frozenset[str] = frozenset()
    owed_again_by: frozenset[str] = frozenset()
    undone_by: frozenset[str] = frozenset()
    or_served_by: tuple[End, ...] = ()
    staffed: Staffed | None = None
    within_hours: bool = False
    done_once: str | None = None


@dataclass(frozen=True, slots=True)
class RosterRule(Rule):
    """Somebody of the post ``responsible`` is on at each unit of the kinds ``owed_by`` for the hours of every day, and the roster shows
    each hour that nobody covers. It opens no duty: nothing follows from signing in or out.
    """

    hours: DutyHours
    owed_by: frozenset[str]
    responsible: str
    staffed: Staffed


@dataclass(frozen=True, slots=True)
class HandoverRule(Rule):
    """What a unit hands over of the cases it has finished, a period at a time, for the ``duty`` (a rule's id).

    A case belongs to it from one of ``finished_by`` on, unless one of ``reopened_by`` comes after; of cases with the details ``of`` only.
    ``handed_by`` hands over those that its detail ``names`` lists, or where it lists none all of which one of ``ready_by`` has happened
    (empty: all); ``form`` is the paper of each that is handed over. ``identifies`` is the event that this makes when nothing is missing.
    ``kept_by``: the retention rule by which each is kept from then on.
    """

    duty: str
    finished_by: tuple[str, ...]
    reopened_by: tuple[str, ...]
    handed_by: str
    names: str
    form: str
    identifies: str
    of: tuple[tuple[str, frozenset[str]], ...] = ()
    ready_by: tuple[str, ...] = ()
    kept_by: str = ""
