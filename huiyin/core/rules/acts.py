"""What people do and hand in: steps and their order, decisions, papers, publications; what they are told and what is refused to them."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.core.conditions import ALWAYS, Condition
from huiyin.core.rules.moments import Rule, Words


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
    ``submitted_by`` are acts that submit what is decided and do not ask for it yet: who did one does not decide either.
    The decision is about ``binds``, details of what asks for it, as they were submitted last: that is what it tells when it is given.
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
    submitted_by: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusalRule(Rule):
    """Refuses the acts ``event`` when the condition holds.

    ``unless_warning``: not where a warning of the level is in one of the states. ``only_by``: not where the one who acts is one of these
    roles or stands in for one; where nobody is named, nothing is known against it.
    """

    event: tuple[str, ...]
    when: Condition
    why: Words
    unless_warning: tuple[str, frozenset[str]] | None = None
    only_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CasesCounted:
    """Which cases an act counts that tells of a period: of the ``records``, come in by the ``channels``."""

    records: tuple[str, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepRule(Rule):
    """An act of the procedure: the ``event``, which roles ``by`` do it (empty: anybody at work on the thing), what it ``asks`` and what it
    ``requires``: without one of these it is refused under the clause. ``when`` says when it is offered; on its kind of case (the record and
    the classes that ``when`` names) it may be recorded at any time. ``mind``: what one bears in mind at it, a clause with its words.
    After one that is the ``last`` of its thing no other act of the thing is offered but those that may come ``after_last``.
    ``counts``: the act of a period tells how many such cases came in, as the cases say, not as somebody types it."""

    event: str
    by: tuple[str, ...]
    asks: tuple[str, ...]
    requires: tuple[str, ...]
    when: Condition
    required_names: tuple[Words, ...] = ()
    mind: tuple[tuple[str, Words], ...] = ()
    last: bool = False
    after_last: bool = False
    counts: CasesCounted | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A step in its course: the id of its rule, the roles that are rung up for it, the public number that is dialled (120), and what is
    ``said`` with it unless somebody says otherwise. One that is ``optional`` is taken if it is necessary."""

    step: str
    optional: bool = False
    calls: tuple[str, ...] = ()
    dials: str = ""
    says: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CourseRule(Rule):
    """In which order the steps of a procedure are taken on a case while the condition holds, and what nobody does meanwhile: a clause with
    its words for each of ``never``. The duty screen leads through it only if it is ``on_duty``; the page of the case shows every course."""

    turns: tuple[Turn, ...]
    when: Condition
    never: tuple[tuple[str, Words], ...] = ()
    on_duty: bool = True


@dataclass(frozen=True, slots=True)
class PaperRule(Rule):
    """A paper that ``on`` hands in; without one it is missing from any of ``owed_from`` on. Filling in the form hands it in too;
    ``done_by`` is something found out that completes it, ``begun_by`` are its first parts: with one of them it is incomplete. After one
    of ``owed_until`` it is owed no more where it is still missing."""

    form: str
    on: str | None
    when: Condition
    owed_from: tuple[str, ...] = ()
    done_by: str | None = None
    begun_by: tuple[str, ...] = ()
    owed_until: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicationRule(Rule):
    """A publication that ``on`` makes; it counts only for the ``audience`` named. ``outlets`` are the channels that the clause names for
    it, the usual one first; none where it leaves them open. What goes out by the outlet ``page`` stands on the unit's public page, with the
    entries of the register that it ``lists``; in the column ``place``, called like a kind of unit, an entry names the one
    on whose page it stands; it does not stand on those of others of that kind."""

    on: str
    audience: str
    outlets: tuple[str, ...] = ()
    page: str = ""
    lists: str = ""
    place: str = ""
