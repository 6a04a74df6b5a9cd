"""Registers, how long things are kept, and what of a case is not shown to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from huiyin.core.conditions import ALWAYS, Condition
from huiyin.core.limits import Limit
from huiyin.core.rules.moments import Rule, Words


@dataclass(frozen=True, slots=True)
class RetentionRule(Rule):
    """A case or register is kept ``keep`` (a limit; None: for good) from ``on``; an attempt to delete it before is refused.
    ``register``: only what is called so is meant, where an attempt says what it would delete.
    ``keep_detail``: the act itself tells until when; without it nothing is kept. ``keep_setting``: the text names no time, the
    organisation does; as long as it has not, there is none. ``records``: cases of these kinds are what the register is made of.

    ``each``: what is kept from its own end on, whatever happened: each of the regulation's "entries" (of ``registers``, empty: of
    all its registers) from its closing, or from when it happened where its register closes none; the unit's "papers" from their issue."""

    on: tuple[str, ...]
    keep: Limit | None
    why: Words
    when: Condition = ALWAYS
    register: str = ""
    keep_detail: str | None = None
    keep_setting: tuple[str, str] | None = None
    records: tuple[str, ...] = ()
    each: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterField:
    """A column of a register or a part of a form: its key, name, kind (text, number, day, moment, flag, choice), and its choices.

    ``told``: what of a case stands there in a register of cases; empty where people fill it in by hand. ``listed_in``: the setting
    (clause, key) by which the organisation lists what has to stand there, each in an entry of its own. ``each``: so has each choice, in
    an entry that says this in these columns."""

    key: str
    name: Words
    kind: str = "text"
    required: bool = False
    choices: tuple[tuple[str, Words], ...] = ()
    told: str = ""
    listed_in: tuple[str, str] | None = None
    each: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """An act that an entry of a register records: whoever makes the entry has recorded the act, whoever records the act the entry.

    ``tells`` are columns with the details of the act that say the same; ``says`` are details that every such act has. It was done at
    what the column ``at`` says (empty: when it is entered), once that one and those of ``once`` are filled in (a flag: with yes) and
    those of ``where`` say just this. ``by`` is the column for who did it. ``same``: the act is added to the last entry, not closed, that
    says the same in these columns; where there is none, it makes one only if it ``begins``. ``closes``: to close the entry is that act,
    and the other way round. ``only_known``: an entry about a thing that is not known here records nothing. ``one_per``: it is one act
    for all entries that say the same in these columns. ``way``: both, "from_act" or "from_entry".

    ``again``: a later day in the column ``at`` is a new act, not the correction of the last one. ``whole``: it is one act of all open
    entries of the unit, done once each has a day of the same month there; where any of them says something else in the two columns
    ``unlike``, the act has the details ``unlike_says``.
    """

    event: str
    tells: tuple[tuple[str, str], ...]
    says: tuple[tuple[str, str], ...] = ()
    at: str = ""
    once: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    by: str = ""
    same: tuple[str, ...] = ()
    begins: bool = False
    closes: bool = False
    only_known: bool = False
    one_per: tuple[str, ...] = ()
    way: str = "both"
    again: bool = False
    whole: bool = False
    unlike: tuple[str, ...] = ()
    unlike_says: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> frozenset[str]:
        """Every column that has to do with the act."""
        told = (column for column, _ in (*self.tells, *self.where))
        return frozenset((*told, *self.once, *self.same, *self.one_per, *self.unlike, *filter(None, (self.at, self.by))))


@dataclass(frozen=True, slots=True)
class OfCases:
    """Which cases a register is kept of: those of the kinds ``records``, that came by one of the ``channels`` (empty: by any) and to which
    ``happened`` has happened (empty: all)."""

    records: frozenset[str]
    channels: frozenset[str] = frozenset()
    happened: str = ""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """No entry says more than another ``register`` of the regulation allows: the column ``amount`` of the day in the column ``day`` is held
    against the column ``most`` there, times the own column ``quantity`` where it is filled in. Which entry counts: one that says the same
    in the columns ``same`` (own, theirs), from the day in its column ``since`` to that in ``until``, if any."""

    amount: str
    day: str
    register: str
    most: str
    since: str
    same: tuple[tuple[str, str], ...]
    quantity: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class ClosedWith:
    """What an entry has to say before it is closed: something in each of the columns ``filled``, if it says ``where``."""

    filled: tuple[str, ...]
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterRule(Rule):
    """A register that a unit keeps: its columns, who keeps it, whether entries are closed again (a key comes back), its group, what no
    entry may exceed, and of which kinds the units are that keep one each (``kept_in``; empty: any). ``records``: the acts that its entries
    record. ``of_cases``: its lines are the unit's cases, and what people add to each by hand. ``closed_with``: what an entry has to say
    before it is closed, each where it applies."""

    fields: tuple[RegisterField, ...]
    kept_by: str
    closes: bool = False
    group: str = ""
    at_most: Ceiling | None = None
    kept_in: frozenset[str] = frozenset()
    records: tuple[Recorded, ...] = ()
    of_cases: OfCases | None = None
    closed_with: tuple[ClosedWith, ...] = ()

    def lacks_to_close(self, values: Mapping[str, str]) -> tuple[RegisterField, ...]:
        """The columns that an entry which says ``values`` has still to fill in before it is closed, in their order."""
        asked = {key for one in self.closed_with if all(values.get(column) == wanted for column, wanted in one.where) for key in one.filled}
        return tuple(field for field in self.fields if field.key in asked and field.key not in values)


@dataclass(frozen=True, slots=True)
class SecretRule(Rule):
    """What of a case is secret while the ``mark`` stands on it: the parts ``hides``; and those that the acts ``named_by`` name in their
    detail ``parts``, with the words that they quote in their detail ``words``.

    Only the roles of the setting ``cleared_setting`` may look, everybody else reads ``why``. The parts are those of ``core/secrecy.py``.
    """

    mark: str
    hides: tuple[str, ...]
    cleared_setting: tuple[str, str]
    why: Words
    named_by: tuple[str, ...] = ()
    parts: str = ""
    words: str = ""
