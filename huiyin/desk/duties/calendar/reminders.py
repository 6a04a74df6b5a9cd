"""Reminders: so many days before a duty is due, those who answer for it find a message; each reminder is sent once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.records import RUNNING
from huiyin.core.steps import written
from huiyin.desk.clocks.models import Clock
from huiyin.desk.duties.models import Reminding, days_before
from huiyin.desk.duties.queries import Filter, find
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.messaging.actions import put
from huiyin.desk.people.queries import holders
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import Organisation
from huiyin.plumbing.rows import Rows
from huiyin.rulebook.words import rule_name

MOST_DAYS: Final = 60
MOST_TIMES: Final = 5
EVERY: Final = timedelta(minutes=10)
"""How often it is looked whom to remind: a reminder of days may be minutes late."""
_LAST_MOMENT: Final = timedelta(seconds=1)


def days_of(organisation_id: UUID) -> tuple[int, ...]:
    """How many days before the last day the organisation reminds, the longest first."""
    row = Reminding.objects.filter(organisation_id=organisation_id).first()
    return tuple(row.days if row else days_before())


@transaction.atomic
def set_days(organisation_id: UUID, days: Sequence[int], *, by: By, at: datetime) -> tuple[int, ...]:
    """Let the organisation remind so many days before; an empty list: never. Raises BadText for more than five, or a number not 1 to 60."""
    wanted = tuple(sorted(set(days), reverse=True))
    if len(wanted) > MOST_TIMES or any(not 1 <= one <= MOST_DAYS for one in wanted):
        raise BadText(
            f"found the days {list(days)}, expected up to {MOST_TIMES} numbers from 1 to {MOST_DAYS}; correct them",
            f"提前天数最多{MOST_TIMES}个，每个为1至{MOST_DAYS}的整数；请更正",
        )
    row, _made = Reminding.objects.get_or_create(organisation_id=organisation_id, defaults={"told_until": at})
    row.days = list(wanted)
    row.save(update_fields=["days"])
    write_now(organisation_id, "duties.set_reminders", by=by, at=at, subject="", body={"days": list(wanted)})
    return wanted


def remind_all(now: datetime) -> int:
    """Remind in every organisation that has adopted a regulation; returns how many messages were put. For the watch, again and again."""
    waiting = Organisation.objects.filter(adoptions__isnull=False).values_list("id", flat=True).distinct()
    told = Reminding.objects.filter(told_until__gt=now - EVERY).values("organisation_id")
    return sum(remind(one, now) for one in waiting.exclude(id__in=told))


def remind(organisation_id: UUID, now: datetime, every: timedelta = EVERY) -> int:
    """Remind of what comes near since the last look, ``every`` so often at most; returns how many messages were put.

    Any number of workers may call it: the row of the organisation is the lock, and the key of a message lets it be put once only.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        Reminding.objects.get_or_create(organisation_id=organisation_id, defaults={"told_until": now - every})
        locked = Reminding.objects.select_for_update(skip_locked=True).filter(organisation_id=organisation_id, told_until__lte=now - every)
        row = locked.first()
        if row is None:
            return 0
        rows, put_count = Rows(), 0
        for days in row.days:
            for clock in _near(organisation_id, row.told_until, now, timedelta(days=days)):
                put_count += _tell(rows, clock, days, now)
        rows.flush(cursor)
        Reminding.objects.filter(organisation_id=organisation_id).update(told_until=now)
    return put_count


def _near(organisation_id: UUID, since: datetime, now: datetime, before: timedelta) -> Iterator[Clock]:
    """What is due ``before`` from a moment after ``since`` up to ``now``. What opened less than that ago is no news to anybody."""
    span = Filter(states=(RUNNING,), daily=False, steps=True, due_from=since + before + _TICK, due_until=now + before + _TICK)
    for clock in find(organisation_id, span):
        if clock.due_at is not None and clock.starts_at <= clock.due_at - before:
            yield clock


_TICK: Final = timedelta.resolution


def _tell(rows: Rows, clock: Clock, days: int, now: datetime) -> int:
    due = in_shanghai(clock.due_at or now)
    chinese, english = places.tree(clock.organisation_id).names.get(clock.unit_code, (clock.unit_code, clock.unit_code))
    params = {
        "unit": {"zh": chinese, "en": english},
        "duty": {"zh": rule_name(clock.rule, "zh-hans"), "en": rule_name(clock.rule, "en")},
        "due": "{:%Y-%m-%d} {}".format(*written(due.replace(second=0, microsecond=0))),
        "period": clock.period or "",
    }
    told = holders(clock.organisation_id, clock.responsible, clock.unit_code, in_shanghai(now).date())
    for staff_id in told:
        put(
            rows,
            clock.organisation_id,
            f"duty:{clock.key}:{due.isoformat()}:{days}",
            "duty.due_soon",
            at=now,
            to_staff=staff_id,
            clause=clock.cites[0] if clock.cites else "",
            unit_code=clock.unit_code,
            params=params,
        )
    return len(told)
