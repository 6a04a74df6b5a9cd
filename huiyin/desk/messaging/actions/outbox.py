"""Opening and closing the outbox, and letting a lost message leave once more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count

from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.messaging import queries
from huiyin.desk.messaging.models import DEAD, FAILED, WAITING, Message
from huiyin.desk.places.models import Organisation

OPERATOR = By("operator")
DISCARDED = "discarded"


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


@transaction.atomic
def try_again(organisation_id: UUID, message_id: UUID, *, by: By, at: datetime) -> bool:
    """Put a message that failed or died back in the outbox, with all its attempts before it; False if there is no
    such message.
    """
    lost = Message.objects.filter(organisation_id=organisation_id, id=message_id, state__in=(FAILED, DEAD))
    if not lost.update(state=WAITING, attempts=0, next_try_at=at, lease=None):
        return False
    write_now(organisation_id, "messaging.try_again", by=by, at=at, subject=f"message:{message_id}")
    return True


@transaction.atomic
def try_all_again(organisation_id: UUID, channel: str, *, by: By, at: datetime) -> int:
    """Put everything that was lost on the channel back in the outbox; returns how many messages that are."""
    lost = Message.objects.filter(organisation_id=organisation_id, channel=channel, state__in=(FAILED, DEAD))
    count = lost.exclude(error=DISCARDED).update(state=WAITING, attempts=0, next_try_at=at, lease=None)
    write_now(organisation_id, "messaging.try_again", by=by, at=at, subject=f"channel:{channel}", body={"count": count})
    return count
