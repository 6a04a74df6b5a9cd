"""Every write about messages: put in the outbox, sent, read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.utils.module_loading import import_string

from huiyin.core.moments import in_shanghai
from huiyin.desk.journal.actions import By, key_of, write_now
from huiyin.desk.messaging import queries
from huiyin.desk.messaging.models import DEAD, FAILED, INAPP, SENT, WAITING, Message
from huiyin.desk.people import queries as people
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import Organisation
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.rows import Rows, Table

MOST_ATTEMPTS = 12
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
OUTBOX, OPERATOR = By("outbox"), By("operator")
DISCARDED = "discarded when the outbox was opened"
TOLD_OF_LOSSES = ("unit_liaison", "group_cc_supervisor", "quality_dept", "admin")
"""Roles that are told of a message that could not be delivered: the first that anybody holds for its unit."""

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


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel has taken the message; ``reference`` is its own number for it, if any."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The channel could not take it now. ``after`` asks for a longer pause than usual."""

    why: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel will never take it: a wrong number, a closed account."""

    why: str


Outcome = Sent | TryAgain | Refused


class Channel(Protocol):
    """A way out. ``send`` gets the message, whose ``key`` it passes on where the other side can tell doubles by it."""

    def send(self, message: Message) -> Outcome:
        """Hand the message over."""


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
    """Collect a message with the other rows of one action; it exists, and leaves, only if they are committed.
    ``more``: see ``row_of``.
    """
    rows.put(TABLE, row_of(organisation_id, key, topic, at=at, **more))


def put_now(organisation_id: UUID, key: str, topic: str, *, at: datetime, **more: Any) -> None:
    """Put a message in the transaction that is open, for actions that write little. ``more`` as for ``row_of``."""
    rows = Rows()
    put(rows, organisation_id, key, topic, at=at, **more)
    with connection.cursor() as cursor:
        rows.flush(cursor)


def configured_channels() -> Mapping[str, Channel]:
    """The ways out that the settings name: HUIYIN_CHANNELS maps a channel's name to the dotted path of an object with
    ``send``.
    """
    named: Mapping[str, str] = getattr(settings, "HUIYIN_CHANNELS", {})
    return {name: import_string(path) for name, path in named.items()}


def send_due(at: datetime, most: int | None = None, channels: Mapping[str, Channel] | None = None) -> int:
    """Send what is due, each message in a transaction of its own; returns how many were handed over.

    ``most`` is how many to try before handing back (None: until nothing is due). None leaves from a restored backup, until it is told to.

    Any number of senders may run at once. A message stays in the outbox until its channel has said that it took it,
    so a crash between the two sends it again, under the same key, and never loses it.
    """
    ways = configured_channels() if channels is None else channels
    tried = sent = 0
    # Whatever fails is put off to a later moment than ``at``, so this comes to an end.
    while most is None or tried < most:
        outcome = _send_next(at, ways)
        if outcome is None:
            break
        tried, sent = tried + 1, sent + isinstance(outcome, Sent)
    return sent


@transaction.atomic
def _send_next(at: datetime, channels: Mapping[str, Channel]) -> Outcome | None:
    due = Message.objects.select_for_update(skip_locked=True).filter(state=WAITING, next_try_at__lte=at)
    message = due.order_by("next_try_at").first()
    # Asked with the message in hand: while it is held, no backup can take the place of what is here.
    if message is None or not queries.sends_from_here():
        return None
    outcome = _hand_over(message, channels)
    _note(message, outcome, at)
    return outcome


def _hand_over(message: Message, channels: Mapping[str, Channel]) -> Outcome:
    channel = channels.get(message.channel)
    if channel is None:
        return TryAgain(f"no channel {message.channel!r} is set up; name it in HUIYIN_CHANNELS")
    try:
        # A savepoint: whatever a channel breaks must not take this message's own note with it.
        with transaction.atomic():
            return channel.send(message)
    except Exception as error:
        # One message that upsets its channel must not keep the others waiting.
        return TryAgain(f"{type(error).__name__}: {error}")


def _note(message: Message, outcome: Outcome, at: datetime) -> None:
    message.attempts += 1
    if isinstance(outcome, Sent):
        message.state, message.sent_at, message.next_try_at, message.error = SENT, at, None, ""
    else:
        message.error = outcome.why[:500]
        if isinstance(outcome, Refused):
            message.state, message.next_try_at = FAILED, None
        elif message.attempts >= MOST_ATTEMPTS:
            message.state, message.next_try_at = DEAD, None
        else:
            message.next_try_at = at + max(outcome.after or FIRST_PAUSE, pause_after(message.attempts))
    message.save(update_fields=["attempts", "state", "sent_at", "next_try_at", "error"])
    if message.state in (FAILED, DEAD):
        _tell_of_loss(message, at)


@transaction.atomic
def open_outbox(*, at: datetime, discard: bool) -> int:
    """From now on messages leave from this database. Returns how many of those that wait will leave, or with ``discard``, how many never
    will: they stay as what could not be delivered."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging_home")
        cursor.execute(f"INSERT INTO messaging_home (place) VALUES ({queries.PLACE})")
    kept_back = Message.objects.filter(state=WAITING)
    counts = dict(kept_back.values_list("organisation_id").annotate(Count("id")).order_by())
    for organisation in Organisation.objects.order_by("code"):
        body = {"waiting": counts.get(organisation.pk, 0), "discarded": discard}
        write_now(organisation.pk, "messaging.open_outbox", by=OPERATOR, at=at, subject=f"organisation:{organisation.pk}", body=body)
    if discard:
        kept_back.update(state=FAILED, next_try_at=None, error=DISCARDED)
    return sum(counts.values())


@transaction.atomic
def close_outbox(*, at: datetime) -> None:
    """From now on no message leaves from this database; all wait."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging_home")
    for organisation in Organisation.objects.order_by("code"):
        write_now(organisation.pk, "messaging.close_outbox", by=OPERATOR, at=at, subject=f"organisation:{organisation.pk}")


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 30 seconds, doubled each time, 6 hours at most."""
    doubled: timedelta = FIRST_PAUSE * 2 ** max(attempts - 1, 0)
    return min(doubled, LONGEST_PAUSE)


def _tell_of_loss(message: Message, at: datetime) -> None:
    told = _who_hears_of(message, at)
    params = {**message.params, "channel": message.channel, "count": message.attempts, "reason": message.error}
    for staff_id in told:
        put_now(
            message.organisation_id,
            f"undelivered:{message.id}",
            "message.undelivered",
            at=at,
            to_staff=staff_id,
            case_id=message.case_id,
            unit_code=message.unit_code,
            params=params,
        )
    body = {"channel": message.channel, "state": message.state, "error": message.error, "told": told}
    # What a channel says of its refusal may hold the number or the words of the message.
    key = key_of(message.organisation_id, message.case_id, at) if message.case_id else None
    write_now(message.organisation_id, "messaging.give_up", by=OUTBOX, at=at, subject=f"message:{message.id}", body=body, key=key)


def _who_hears_of(message: Message, at: datetime) -> tuple[UUID, ...]:
    tree = places.tree(message.organisation_id)
    tops = [message.unit_code] if message.unit_code in tree.units.by_code else []
    tops += [code for code, unit in tree.units.by_code.items() if unit.parent not in tree.units.by_code]
    for role in TOLD_OF_LOSSES:
        for code in tops:
            if found := people.holders(message.organisation_id, role, code, in_shanghai(at).date()):
                return found
    return ()


@transaction.atomic
def try_again(organisation_id: UUID, message_id: UUID, *, by: By, at: datetime) -> bool:
    """Put a message that failed or died back in the outbox, with all its attempts before it; False if there is no
    such message.
    """
    lost = Message.objects.filter(organisation_id=organisation_id, id=message_id, state__in=(FAILED, DEAD))
    if not lost.update(state=WAITING, attempts=0, next_try_at=at):
        return False
    write_now(organisation_id, "messaging.try_again", by=by, at=at, subject=f"message:{message_id}")
    return True


def read(staff_id: UUID, message_ids: Iterable[UUID], *, at: datetime) -> int:
    """Mark messages of the person's inbox as read; returns how many were unread. Those of others are passed over."""
    theirs = Message.objects.filter(to_staff=staff_id, channel=INAPP, id__in=list(message_ids), read_at=None)
    return theirs.update(read_at=at)


def read_all(staff_id: UUID, *, at: datetime) -> int:
    """Mark everything in the person's inbox that has come by ``at`` as read; returns how many were unread."""
    return Message.objects.filter(to_staff=staff_id, channel=INAPP, read_at=None, created_at__lte=at).update(read_at=at)
