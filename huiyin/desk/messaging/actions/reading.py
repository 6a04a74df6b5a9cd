"""Marking messages of an inbox as read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from huiyin.desk.messaging.models import INAPP, Message


def read(staff_id: UUID, message_ids: Iterable[UUID], *, at: datetime) -> int:
    """Mark messages of the person's inbox as read; returns how many were unread. Those of others are passed over."""
    theirs = Message.objects.filter(to_staff=staff_id, channel=INAPP, id__in=list(message_ids), read_at=None)
    return theirs.update(read_at=at)


def read_all(staff_id: UUID, *, at: datetime) -> int:
    """Mark everything in the person's inbox that has come by ``at`` as read; returns how many were unread."""
    return Message.objects.filter(to_staff=staff_id, channel=INAPP, read_at=None, created_at__lte=at).update(read_at=at)
