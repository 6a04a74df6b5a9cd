"""Telling a person of messages that could not be delivered."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from huiyin.core.moments import in_shanghai
from huiyin.desk.journal.actions import By, key_of, write_now
from huiyin.desk.messaging.actions.putting import TABLE, row_of
from huiyin.desk.messaging.models import Message
from huiyin.desk.messaging.texts import reason
from huiyin.desk.people import queries as people
from huiyin.desk.places import queries as places
from huiyin.plumbing.rows import Rows

OUTBOX = By("outbox")
TOLD_OF_LOSSES: Final = ("unit_liaison", "group_cc_supervisor", "quality_dept", "admin")
"""Roles that are told of a message that could not be delivered: the first that anybody holds for its unit."""
TOLD_OF_FAILING: Final = ("admin",)
"""Roles that are told once a day that copies for the staff do not leave: nobody misses anything, it stands in the app."""


def tell_of_loss(message: Message, at: datetime) -> None:
    """Tell who can help, in the open transaction, and enter it in the journal."""
    copy = message.to_staff is not None
    told = _who_hears_of(message, at, TOLD_OF_FAILING if copy else TOLD_OF_LOSSES)
    key, topic = f"undelivered:{message.id}", "message.undelivered"
    why = {"zh": reason(message.error, "zh"), "en": reason(message.error, "en")}
    params = {**message.params, "channel": message.channel, "count": message.attempts, "reason": why}
    if copy:
        key, topic = f"failing:{message.channel}:{in_shanghai(at).date()}", "message.failing"
        params = {"channel": message.channel, "reason": why}
    rows = Rows()
    for staff_id in told:
        about = {"case_id": None, "unit_code": ""} if copy else {"case_id": message.case_id, "unit_code": message.unit_code}
        # Only in the app: what tells of a failing channel does not leave by one.
        rows.put(TABLE, row_of(message.organisation_id, key, topic, at=at, to_staff=staff_id, params=params, **about))
    with connection.cursor() as cursor:
        rows.flush(cursor)
    body = {"channel": message.channel, "state": message.state, "error": message.error, "told": told}
    # What a channel says of its refusal may hold the number or the words of the message.
    secret = key_of(message.organisation_id, message.case_id, at) if message.case_id else None
    write_now(message.organisation_id, "messaging.give_up", by=OUTBOX, at=at, subject=f"message:{message.id}", body=body, key=secret)


def _who_hears_of(message: Message, at: datetime, roles: tuple[str, ...]) -> tuple[UUID, ...]:
    tree = places.tree(message.organisation_id)
    tops = [message.unit_code] if message.unit_code in tree.units.by_code else []
    tops += [code for code, unit in tree.units.by_code.items() if unit.parent not in tree.units.by_code]
    for role in roles:
        for code in tops:
            if found := people.holders(message.organisation_id, role, code, in_shanghai(at).date()):
                return found
    return ()
