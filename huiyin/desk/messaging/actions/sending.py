"""Sending what waits: leased, handed over with no transaction open, noted. A crash anywhere sends again and loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from huiyin.desk.messaging import queries
from huiyin.desk.messaging.actions.channels import Outcome, Parcel, Refused, Saying, Sender, Sent, TryAgain, configured_channels
from huiyin.desk.messaging.actions.losses import tell_of_loss
from huiyin.desk.messaging.actions.putting import GATHERED
from huiyin.desk.messaging.actions.ways import settings_of
from huiyin.desk.messaging.models import DEAD, FAILED, SENT, WAITING, Message
from huiyin.desk.people import queries as people
from huiyin.desk.places.models import Organisation
from huiyin.plumbing.cipher import WrongKey

MOST_ATTEMPTS: Final = 12
FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(hours=6)
LEASE: Final = timedelta(minutes=3)
"""Longer than any channel takes for a parcel: until then nobody else tries. What a dead sender had is tried again after it."""
DIED: Final = "stopped"


@dataclass(frozen=True, slots=True)
class _Leased:
    """Messages to one address that are ours to send until the lease ends; ``outcome`` where it is clear without asking the channel."""

    lease: UUID
    messages: tuple[Message, ...]
    channel: Sender | None = None
    parcel: Parcel | None = None
    outcome: Outcome | None = None


def send_due(at: datetime, most: int | None = None, channels: Mapping[str, Sender] | None = None, only: str = "") -> int:
    """Send what is due; returns how many messages were handed over.

    ``most`` is how many parcels to try before handing back (None: until nothing is due, for those whose channels answer at once, because
    all are leased from ``at`` on), ``only`` the channel to look at (empty: all).
    None leaves from a restored backup, until it is told to. Not to be called inside a transaction: the lease has to be seen by others.

    Any number of senders may run at once. A message stays in the outbox until its channel has said that it took it,
    so a crash between the two sends it again, under the same key, and never loses it.
    """
    ways = configured_channels() if channels is None else channels
    tried = sent = 0
    # Whatever is leased or fails is put off to a later moment than ``at``, so this comes to an end.
    while most is None or tried < most:
        leased = _lease_next(at, ways, only)
        if leased is None:
            break
        outcome = leased.outcome or _hand_over(leased)
        sent += _note(leased, outcome, at)
        tried += 1
    return sent


@transaction.atomic
def _lease_next(at: datetime, channels: Mapping[str, Sender], only: str) -> _Leased | None:
    due = Message.objects.select_for_update(skip_locked=True).filter(state=WAITING, next_try_at__lte=at)
    if only:
        # With what no channel is there for: somebody has to say that it cannot leave.
        due = due.filter(Q(channel=only) | ~Q(channel__in=list(channels)))
    first = due.order_by("next_try_at").first()
    # Asked with the message in hand: while it is held, no backup can take the place of what is here.
    if first is None or not queries.sends_from_here():
        return None
    channel, lease = channels.get(first.channel), uuid4()
    messages = (first, *_along_with(first, channel.together if channel else 1, at))
    ours = Message.objects.filter(organisation_id=first.organisation_id, id__in=[one.id for one in messages])
    ours.update(lease=lease, attempts=F("attempts") + 1, next_try_at=at + LEASE)
    for one in messages:
        one.attempts += 1
    if first.attempts > MOST_ATTEMPTS:
        return _Leased(lease, messages, outcome=TryAgain(DIED))
    if channel is None:
        return _Leased(lease, messages, outcome=TryAgain(f"no channel: {first.channel!r}; name it in HUIYIN_CHANNELS"))
    try:
        with transaction.atomic():
            parcel = _packed(messages, channel, at)
    except WrongKey:
        return _Leased(lease, messages, outcome=TryAgain("sealed"))
    except Exception as error:
        # One message that cannot be worded must not keep the others waiting.
        return _Leased(lease, messages, outcome=TryAgain(f"{type(error).__name__}: {error}"))
    return _Leased(lease, messages, channel, parcel, None if parcel else Refused("no address"))


def _along_with(first: Message, together: int, at: datetime) -> list[Message]:
    """Others to the same person that leave now or in a moment."""
    if together < 2 or first.to_staff is None or first.attempts >= MOST_ATTEMPTS:
        return []
    others = Message.objects.select_for_update(skip_locked=True).filter(
        organisation_id=first.organisation_id, channel=first.channel, to_staff=first.to_staff, state=WAITING, lease=None
    )
    return list(others.filter(next_try_at__lte=at + GATHERED).exclude(id=first.id).order_by("id")[: together - 1])


def _packed(messages: tuple[Message, ...], channel: Sender, at: datetime) -> Parcel | None:
    """What the channel is given; None where the message can reach nobody there."""
    first = messages[0]
    on, chosen = settings_of(first.organisation_id, first.channel)
    address, language = _address(first, channel)
    if not address or (chosen and not on):
        return None
    house = Organisation.objects.filter(pk=first.organisation_id).first()
    called = (house.name if language.startswith("zh") else house.name_en or house.name) if house else ""
    sayings = tuple(_saying(one, language) for one in messages)
    return Parcel(first.key, called, address, language, at, sayings, chosen)


def _address(message: Message, channel: Sender) -> tuple[str, str]:
    if message.to_staff is None:
        return message.to_address, "zh-hans"
    person = people.reach_of(message.organisation_id, message.to_staff)
    return (person.addresses[channel.reach], person.language) if person else ("", "zh-hans")


def _saying(message: Message, language: str) -> Saying:
    title, body = queries.worded(message, language)
    return Saying(message.topic, title, body, queries.told(message, language))


def _hand_over(leased: _Leased) -> Outcome:
    if leased.channel is None or leased.parcel is None:
        return TryAgain(DIED)
    try:
        return leased.channel.send(leased.parcel)
    except Exception as error:
        # One message that upsets its channel must not keep the others waiting.
        return TryAgain(f"{type(error).__name__}: {error}")


@transaction.atomic
def _note(leased: _Leased, outcome: Outcome, at: datetime) -> int:
    """Keep what became of the messages that are still ours; returns how many have left."""
    ids = [one.id for one in leased.messages]
    ours = Message.objects.select_for_update().filter(organisation_id=leased.messages[0].organisation_id, id__in=ids, lease=leased.lease)
    found = list(ours.order_by("id"))
    for message in found:
        changes = _changes(message, outcome, at)
        ours.filter(id=message.id).update(lease=None, **changes)
        for name, value in changes.items():
            setattr(message, name, value)
        if message.state in (FAILED, DEAD):
            tell_of_loss(message, at)
    return len(found) if isinstance(outcome, Sent) else 0


def _changes(message: Message, outcome: Outcome, at: datetime) -> dict[str, Any]:
    if isinstance(outcome, Sent):
        return {"state": SENT, "sent_at": at, "next_try_at": None, "error": "", "reference": outcome.reference[:200]}
    error = outcome.why[:500]
    if isinstance(outcome, Refused):
        return {"state": FAILED, "next_try_at": None, "error": error}
    if message.attempts >= MOST_ATTEMPTS:
        return {"state": DEAD, "next_try_at": None, "error": error, "attempts": min(message.attempts, MOST_ATTEMPTS)}
    return {"next_try_at": at + max(outcome.after or FIRST_PAUSE, pause_after(message.attempts)), "error": error}


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 30 seconds, doubled each time, 6 hours at most."""
    doubled: timedelta = FIRST_PAUSE * 2 ** max(attempts - 1, 0)
    return min(doubled, LONGEST_PAUSE)
