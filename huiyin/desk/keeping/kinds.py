"""What may be destroyed: for each kind of thing its room says what it is called, and how long it is kept.

The rooms above name their kinds in ``config/forgetting.py``; the setting ``HUIYIN_DESTROYED`` points at that list, so this room need not
know them. What goes of each, the steps of forgetting in the same file say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from huiyin.core.moments import BadText
from huiyin.core.rules import Words


@dataclass(frozen=True, slots=True)
class Due:
    """A thing whose times of keeping are over: what people call it, in which register it stands (empty for a case), its unit, the last
    day on which it had to be kept, and the clauses that said so."""

    number: str
    register: str
    unit_code: str
    until_on: date
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A thing that can be kept from being destroyed: its ``number``, ``register`` and unit as in ``Due``."""

    number: str
    register: str
    unit_code: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that may be destroyed: ``of`` in the tables, its ``name`` in sentences, its ``room`` in the journal.

    ``due`` finds the thing of the organisation by its id, locks it for the open transaction, and says that on the day its time is over.
    It raises BadText where it is not there, destroyed, held, still needed, or has to be kept longer: the longest time counts (X15).
    ``hold`` finds and locks it too, however long it has to be kept. It raises BadText where it is not there, destroyed, or goes with a
    case, which is held in its place.
    """

    of: str
    name: Words
    room: str
    due: Callable[[UUID, UUID, date], Due]
    hold: Callable[[UUID, UUID], Held]


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """All kinds by ``of``."""
    listed: tuple[Kind, ...] = import_string(settings.HUIYIN_DESTROYED)
    return {kind.of: kind for kind in listed}


def kind_of(of: str) -> Kind:
    """The kind that is called ``of``. Raises BadText for another word."""
    found = kinds().get(of)
    if found is None:
        raise BadText(f"found {of[:20]!r}, expected one of {', '.join(kinds())}; choose one", "没有这类事物；请从列表中选择")
    return found
