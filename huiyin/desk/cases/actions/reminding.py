"""Reminders of limits: when a fifth of a limit is left, those who have to keep it find a message; each limit reminds once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from huiyin.core.moments import in_shanghai
from huiyin.core.records import RUNNING
from huiyin.core.steps import written
from huiyin.desk.cases.actions.telling import in_hand
from huiyin.desk.cases.models import Reminded
from huiyin.desk.messaging.actions import put
from huiyin.desk.people.queries import holders
from huiyin.desk.places import queries as places
from huiyin.plumbing.rows import Rows
from huiyin.rulebook.words import rule_name

AT_MOST: Final = 500
SHORTEST: Final = timedelta(minutes=10)
"""A shorter limit is over before anybody has read a message."""
LONGEST: Final = timedelta(days=2)
"""So long before its end at most a limit reminds."""
_KEPT: Final = timedelta(days=1)
_NEAR: Final = """
SELECT c.organisation_id, c.key, c.rule, c.cites ->> 0, c.case_id, c.unit_code, c.responsible, c.due_at, k.number, k.record, k.handler_id
FROM clocks_clock c JOIN cases_case k ON k.organisation_id = c.organisation_id AND k.id = c.case_id
WHERE c.look_at <= %(horizon)s AND c.state = %(running)s AND c.case_id IS NOT NULL AND c.due_at > %(now)s
  AND EXTRACT(EPOCH FROM c.due_at - c.starts_at) >= %(shortest)s
  AND EXTRACT(EPOCH FROM c.due_at - %(now)s) <= LEAST(EXTRACT(EPOCH FROM c.due_at - c.starts_at) * 0.2, %(longest)s)
  AND NOT EXISTS (SELECT 1 FROM cases_reminded r WHERE r.organisation_id = c.organisation_id AND r.clock = c.key AND r.due_at = c.due_at)
ORDER BY c.due_at, c.key LIMIT %(most)s
"""
_CLAIM: Final = """
INSERT INTO cases_reminded (organisation_id, clock, due_at) SELECT * FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[])
ON CONFLICT (organisation_id, clock) DO UPDATE SET due_at = excluded.due_at WHERE cases_reminded.due_at <> excluded.due_at
RETURNING organisation_id, clock
"""


class Near(NamedTuple):
    """A limit of a case that is nearly over."""

    organisation_id: UUID
    key: str
    rule: str
    clause: str | None
    case_id: UUID
    unit: str
    responsible: str
    due_at: datetime
    number: str
    record: str
    handler: UUID | None


def remind(now: datetime, most: int = AT_MOST) -> int:
    """Remind of the limits of cases of which a fifth is left by ``now``, ``most`` of them; returns how many limits that were.

    Limits of one case that end at one moment for one person are one message. Any number of workers may call it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        seconds = {"longest": LONGEST.total_seconds(), "shortest": SHORTEST.total_seconds()}
        cursor.execute(_NEAR, {"now": now, "horizon": now + LONGEST, "running": RUNNING, "most": most, **seconds})
        near = [Near(*row) for row in cursor.fetchall()]
        if not near:
            return 0
        cursor.execute(_CLAIM, [[one.organisation_id for one in near], [one.key for one in near], [one.due_at for one in near]])
        ours = set(cursor.fetchall())
        told = [one for one in near if (one.organisation_id, one.key) in ours]
        rows = Rows()
        for (person, _case, due_at), limits in _gathered(told, now).items():
            _put(rows, person, due_at, limits, now)
        rows.flush(cursor)
        Reminded.objects.filter(due_at__lt=now - _KEPT).delete()
    return len(told)


def _gathered(told: Sequence[Near], now: datetime) -> Mapping[tuple[UUID, UUID, datetime], list[Near]]:
    found: dict[tuple[UUID, UUID, datetime], list[Near]] = {}
    for one in told:
        for person in _whom(one, now):
            found.setdefault((person, one.case_id, one.due_at), []).append(one)
    return found


def _whom(one: Near, now: datetime) -> Iterator[UUID]:
    """Who has the case in hand, if they hold the post that has to keep the limit; else all who hold it; else who has it in hand."""
    held = holders(one.organisation_id, one.responsible, one.unit, in_shanghai(now).date())
    if one.handler is not None and (one.handler in held or not held):
        yield one.handler
    else:
        yield from held or in_hand(one.organisation_id, one.handler, one.unit, now)


def _put(rows: Rows, person: UUID, due_at: datetime, limits: Sequence[Near], now: datetime) -> None:
    first = limits[0]
    chinese, english = places.tree(first.organisation_id).names.get(first.unit, (first.unit, first.unit))
    params: dict[str, Any] = {
        "number": first.number,
        "record": first.record,
        "unit": {"zh": chinese, "en": english},
        "clock": {
            "zh": "、".join(dict.fromkeys(rule_name(one.rule, "zh-hans") for one in limits)),
            "en": ", ".join(dict.fromkeys(rule_name(one.rule, "en") for one in limits)),
        },
        "due": "{:%Y-%m-%d} {}".format(*written(in_shanghai(due_at).replace(second=0, microsecond=0))),
        "left": _left(due_at - now),
    }
    put(
        rows, first.organisation_id, f"near:{first.case_id}:{due_at.isoformat()}:{first.key}", "clock.due_soon", at=now, to_staff=person,
        clause=first.clause or "", case_id=first.case_id, unit_code=first.unit, params=params,
    )  # fmt: skip


def _left(span: timedelta) -> dict[str, str]:
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return {"zh": f"{minutes}分钟", "en": f"{minutes} min"}
    hours = minutes // 60
    return {"zh": f"{hours}小时", "en": f"{hours} h"}
