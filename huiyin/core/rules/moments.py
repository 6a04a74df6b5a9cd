"""What all rules have, and the moments between which limits run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

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
    """What ends a limit: an event, once it has reached all the roles ``to``; of acts with details ``said`` only those with these values.
    A duty's end may have to gather all values of a detail, over several acts (``gathers``: AC-6a's groups)."""

    event: str
    to: frozenset[str] = frozenset()
    said: tuple[tuple[str, frozenset[str]], ...] = ()
    gathers: tuple[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A moment that travels with an event as its ``detail``; it counts once the event has reached the roles ``to``."""

    event: str
    detail: str
    to: frozenset[str] = frozenset()
