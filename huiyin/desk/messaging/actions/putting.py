"""Putting messages: in the app, and beside it where the person wants them outside the house."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from huiyin.core.moments import SHANGHAI, in_shanghai
from huiyin.desk.messaging.actions.channels import configured_channels
from huiyin.desk.messaging.actions.ways import ways_on
from huiyin.desk.messaging.models import INAPP, SENT, WAITING, Message
from huiyin.desk.people.models import ALL, PRESSING
from huiyin.desk.people.queries import Reach, reaches
from huiyin.desk.places import queries as places
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.phones import read_phones
from huiyin.plumbing.rows import Rows, Table

_COLUMNS = (
    ("organisation_id", "uuid"),
    ("id", "uuid"),
    ("key", "text"),
    ("to_staff", "uuid"),
    ("to_resident", "uuid"),
    ("to_address", "text"),
    ("channel", "text"),
    ("topic", "text"),
    ("clause", "text"),
    ("level", "text"),
    ("case_id", "uuid"),
    ("unit_code", "text"),
    ("title", "text"),
    ("body", "text"),
    ("params", "jsonb"),
    ("created_at", "timestamptz"),
    ("leave_after_at", "timestamptz"),
    ("state", "text"),
    ("sent_at", "timestamptz"),
    ("attempts", "int"),
    ("next_try_at", "timestamptz"),
    ("read_at", "timestamptz"),
    ("error", "text"),
)
# Every column keeps its first value: a message put twice under one key is the one that was put first.
TABLE = Table("messaging_message", _COLUMNS, ("organisation_id", "key"), frozenset(name for name, _ in _COLUMNS))
OUTSIDE: Final = frozenset(
    {
        "number",
        "record",
        "due",
        "clock",
        "new_due",
        "count",
        "late_count",
        "duty",
        "period",
        "left",
        "late",
        "points",
        "paper",
    }
)
"""What of a message may leave the house: nothing that says who, where or what happened."""
GATHERED: Final = timedelta(minutes=1)
"""So long a copy waits for others to the same person, so that a burst is one mail."""
_DAY_BEGINS, _DAY_ENDS = time(8, 3), time(20, 0)
"""Not on the full hour, at which everybody sends."""
_PRESSING_TOPICS: Final = ("warning.", "major.", "hot.", "red.", "help.")
_EMERGENCIES: Final = frozenset({"emergency", "help_request"})

_UNSAID: Mapping[str, Any] = {
    "to_staff": None,
    "to_resident": None,
    "to_address": "",
    "clause": "",
    "level": "",
    "case_id": None,
    "unit_code": "",
    "title": "",
    "body": "",
    "params": {},
    "leave_after_at": None,
}


def row_of(organisation_id: UUID, key: str, topic: str, *, at: datetime, channel: str = INAPP, **more: Any) -> dict[str, Any]:
    """The row of a message for ``rows.put(TABLE, …)``.

    ``key`` says what the message is about, so that the same cause gives one message a person and channel (both are
    added to it). ``more``: one of ``to_staff``, ``to_resident``, ``to_address``; ``clause``, ``level``, ``case_id``,
    ``unit_code``, ``params``, ``leave_after_at``; ``title`` and ``body`` only if somebody wrote them. A message in the
    app needs no sending; any other waits until its channel has taken it. Raises TypeError for any other name.
    """
    if unknown := more.keys() - _UNSAID.keys():
        raise TypeError(f"found {', '.join(sorted(unknown))}, expected some of {', '.join(_UNSAID)}; correct the name")
    said = {**_UNSAID, **more}
    inapp = channel == INAPP
    addressee = said["to_staff"] or said["to_resident"] or said["to_address"]
    return {
        **said,
        "organisation_id": organisation_id,
        "id": new_id(at),
        "key": f"{key}>{channel}:{addressee}",
        "channel": channel,
        "topic": topic,
        "created_at": at,
        "state": SENT if inapp else WAITING,
        "sent_at": at if inapp else None,
        "attempts": 0,
        "next_try_at": None if inapp else max(at, said["leave_after_at"] or at),
        "read_at": None,
        "error": "",
    }


def forget_params(organisation_id: UUID, case_id: UUID, names: Iterable[str]) -> None:
    """Take these values out of all messages to the staff about a case, read or not: what they told has become secret."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_message SET params = params - %s::text[] WHERE organisation_id = %s AND case_id = %s AND to_resident IS NULL",
            [list(names), organisation_id, case_id],
        )


def put(rows: Rows, organisation_id: UUID, key: str, topic: str, *, at: datetime, **more: Any) -> None:
    """Collect a message with the other rows of one action, and its copies outside the house; they exist, and leave, only if they are
    committed. ``more``: see ``row_of``.
    """
    row = row_of(organisation_id, key, topic, at=at, **more)
    for one in (row, *copies_of(row)):
        rows.put(TABLE, one)


def put_now(organisation_id: UUID, key: str, topic: str, *, at: datetime, **more: Any) -> None:
    """Put a message in the transaction that is open, for actions that write little. ``more`` as for ``row_of``."""
    rows = Rows()
    put(rows, organisation_id, key, topic, at=at, **more)
    with connection.cursor() as cursor:
        rows.flush(cursor)


def copies_of(row: Mapping[str, Any], edition: UUID | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a person's message once more for each channel that is on, that they want, and that can say it. The message in the app
    stays what counts; a copy tells no room, name, number or story.
    """
    staff_id, organisation_id = row["to_staff"], row["organisation_id"]
    if staff_id is None or row["channel"] != INAPP:
        return
    edition = edition or places.edition(organisation_id)
    ways = ways_on(organisation_id, edition)
    person = reaches(organisation_id, edition).get(staff_id) if ways else None
    if person is None:
        return
    params = {name: value for name, value in row["params"].items() if name in OUTSIDE}
    for name, chosen in ways.items():
        channel = configured_channels()[name]
        if _wanted(person, channel.reach, row) and channel.takes(
            row["topic"], {**params, "level": row["level"], "unit": row["unit_code"]}, chosen
        ):
            leaves_at = _leaves_at(row["created_at"], urgent=_is_urgent(row))
            yield {
                **row,
                "id": new_id(row["created_at"]),
                "key": f"{row['key'].rpartition('>')[0]}>{name}:{staff_id}",
                "channel": name,
                "title": "",
                "body": "",
                "params": params,
                "state": WAITING,
                "sent_at": None,
                "leave_after_at": leaves_at,
                "next_try_at": leaves_at,
            }


def put_to_customer(
    rows: Rows,
    organisation_id: UUID,
    key: str,
    topic: str,
    phone: str,
    *,
    at: datetime,
    edition: UUID,
    params: Mapping[str, Any],
    **more: Any,
) -> None:
    """Collect a message to somebody who brought a case, to the first of their numbers that takes SMS, by each way that is on and can say
    it; none otherwise. It waits a moment, in which it can be taken back, and never leaves in the night.
    ``more``: ``case_id``, ``unit_code``.
    """
    ways = ways_on(organisation_id, edition)
    mobile = next((one.number for one in read_phones(phone) if one.can_sms), "") if ways else ""
    for name, chosen in ways.items():
        channel = configured_channels()[name]
        if mobile and channel.reach == "mobile" and channel.takes(topic, {**params, "unit": more.get("unit_code", "")}, chosen):
            leaves_at = _leaves_at(at, urgent=False)
            row = row_of(
                organisation_id, key, topic, at=at, channel=name, to_address=mobile, params=params, leave_after_at=leaves_at, **more
            )
            rows.put(TABLE, row)


def take_back(organisation_id: UUID, case_id: UUID, topic: str) -> int:
    """Take back what waits to be told to the customer of a case on this topic; returns how many messages that were."""
    waiting = Message.objects.filter(organisation_id=organisation_id, case_id=case_id, topic=topic, state=WAITING, to_staff=None)
    return waiting.delete()[0]


def _wanted(person: Reach, reach: str, row: Mapping[str, Any]) -> bool:
    wish = person.wishes[reach]
    return bool(person.addresses[reach]) and (wish == ALL or (wish == PRESSING and _is_pressing(row)))


def _is_pressing(row: Mapping[str, Any]) -> bool:
    return bool(row["level"]) or row["topic"].startswith(_PRESSING_TOPICS) or _is_urgent(row)


def _is_urgent(row: Mapping[str, Any]) -> bool:
    return row["level"] == "red" or row["params"].get("record") in _EMERGENCIES


def _leaves_at(at: datetime, *, urgent: bool) -> datetime:
    """At once for what cannot wait; else after a moment in which more may come along, and never in the night."""
    if urgent:
        return at
    here = in_shanghai(at + GATHERED)
    if _DAY_BEGINS <= here.time() < _DAY_ENDS:
        return here
    day = here.date() if here.time() < _DAY_BEGINS else here.date() + timedelta(days=1)
    return datetime.combine(day, _DAY_BEGINS, SHANGHAI)
