"""What proves a standard of an inspection: rules of evidence over the live records, and what only a look on the spot shows."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.core.rules.moments import Words

CASE, ACT, ENTRY, SITE = "case", "act", "entry", "site"
"""What a proof is about, each one of them: every case received, every act recorded, every entry of a register, every site."""
TODAY = "today"
"""The length of a day that lies back at all."""


@dataclass(frozen=True, slots=True)
class EntrySought:
    """An entry of ``register`` at the same unit or above it: ``names`` is the column that says the thing's name or the case's number,
    ``where`` the values of columns, ``filled`` the columns that have to say something; ``current``: still open; ``valid`` the columns
    between whose days it holds good (the second may be empty). At least so many."""

    register: str
    names: str = ""
    where: tuple[tuple[str, frozenset[str]], ...] = ()
    filled: tuple[str, ...] = ()
    current: bool = False
    valid: tuple[str, ...] = ()
    least: int = 1


@dataclass(frozen=True, slots=True)
class Sought:
    """What a record has to be like; everything that is named has to be so.

    A case: ``record``, ``channel``. A case or a site: ``marked``, ``not_marked``. A case, an act's thing or a site: one of ``happened``;
    an act's thing one of ``later``, after the act. An act's details: ``several`` of a name. An act's details or an entry's columns: these
    values (``where``), or something (``filled``). An entry: ``closed``; columns that ``differ`` from each other; days that lie back so
    long (``passed``) or do not (``not_passed``). An act's thing: ``approved`` under this clause. A site: somebody holds ``role``; its
    ``roster`` names somebody for every minute of the last day. A case, an act or a site: an ``entry`` of a register. An entry: its
    columns ``unnamed`` stand in no complaint of the unit.
    """

    record: frozenset[str] = frozenset()
    channel: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()
    not_marked: frozenset[str] = frozenset()
    happened: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    several: tuple[str, ...] = ()
    where: tuple[tuple[str, frozenset[str]], ...] = ()
    filled: tuple[str, ...] = ()
    closed: bool = False
    differ: tuple[tuple[str, str], ...] = ()
    passed: tuple[tuple[str, str], ...] = ()
    not_passed: tuple[tuple[str, str], ...] = ()
    approved: str = ""
    role: str = ""
    roster: str = ""
    entry: EntrySought | None = None
    unnamed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """A named rule of evidence of a standard: of ``each`` (case, act, entry, site) that is as ``of`` says, one of ``needs`` has to hold.

    An act is one of ``event`` on a thing of the kind ``about``, an entry one of ``register``.
    """

    id: str
    clause: str
    name: Words
    each: str
    of: Sought
    needs: tuple[Sought, ...]
    about: str = ""
    event: frozenset[str] = frozenset()
    register: str = ""


@dataclass(frozen=True, slots=True)
class OnSite:
    """What of a standard only a person sees on the spot: what to look at, and how many of what are proposed as a sample."""

    look: Words
    sample: Words = ("", "")
