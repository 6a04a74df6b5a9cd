"""Which class a new case may have, by what was learnt. Below a certainty nothing is proposed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import connection

from huiyin.desk.classing.actions import FEWEST
from huiyin.desk.classing.models import Learnt

if TYPE_CHECKING:
    from huiyin.desk.classing.learning import Classer

LEAST_CERTAINTY: Final = 0.6
FEWEST_CHARACTERS: Final = 4
_CLASSERS_KEPT: Final = 16
RESTS: Final = timedelta(days=1)
_CLOSED: Final = (
    "SELECT scheme.key, max(c.closed_at) FROM cases_case c, jsonb_each_text(c.category) scheme WHERE c.organisation_id = %(organisation)s "
    "AND c.status IN ('closed', 'archived') GROUP BY scheme.key HAVING count(*) >= %(fewest)s AND count(DISTINCT scheme.value) > 1"
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A class of the scheme of the regulation with this prefix, how certain it is (0 to 1), and how many closed cases say so."""

    prefix: str
    key: str
    certainty: float
    cases: int


_held: OrderedDict[tuple[UUID, str, datetime], Classer] = OrderedDict()
_lock: Final = Lock()


def propose(organisation_id: UUID, prefixes: Collection[str], words: str, *, least: float = LEAST_CERTAINTY) -> list[Proposal]:
    """The class that a case which says ``words`` may have in each of the schemes, where it is at least ``least`` certain."""
    if len(words.strip()) < FEWEST_CHARACTERS:
        return []
    found = []
    rows = Learnt.objects.filter(organisation_id=organisation_id, prefix__in=prefixes).defer("body")
    for row in rows.order_by("prefix"):
        guess = _classer(row).guess(words)
        if guess.certainty >= least:
            found.append(Proposal(row.prefix, guess.key, guess.certainty, row.cases))
    return found


def _classer(row: Learnt) -> Classer:
    from huiyin.desk.classing.learning import load

    key = (row.organisation_id, row.prefix, row.made_at)
    with _lock:
        if (known := _held.get(key)) is not None:
            _held.move_to_end(key)
            return known
    made = load(bytes(row.body))
    with _lock:
        _held[key] = made
        while len(_held) > _CLASSERS_KEPT:
            _held.popitem(last=False)
    return made


def is_due(organisation_id: UUID, at: datetime) -> bool:
    """Whether there is something to learn: a scheme that has become large enough, or cases closed since a scheme was learnt a day ago."""
    made = dict(Learnt.objects.filter(organisation_id=organisation_id).values_list("prefix", "made_at"))
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED, {"organisation": organisation_id, "fewest": FEWEST})
        for prefix, last in cursor.fetchall():
            known = made.get(prefix)
            if known is None or (last is not None and last > known and known <= at - RESTS):
                return True
    return False
