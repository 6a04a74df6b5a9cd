"""The only way to a case without an account: its number and its query code."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from huiyin.desk.cases.models import Case
from huiyin.desk.people.doors import knocks
from huiyin.desk.places.models import Organisation

WRONG_CODES: Final = 10
WRONG_WITHIN: Final = timedelta(days=1)
NotFound = Case.DoesNotExist
"""There is no such case, or that is not its code: nobody can tell which."""


class TooOften(Exception):
    """The number has been tried with wrong codes too often today, or the case was urged a short while ago."""


def find(number: str, code: str, *, at: datetime) -> tuple[UUID, UUID]:
    """The organisation and id of the case with this number and query code.

    Raises NotFound where there is none or the code is wrong, TooOften where the number was tried with wrong codes WRONG_CODES times today.
    """
    if knocks.counted("track", number, WRONG_WITHIN, at=at) >= WRONG_CODES:
        raise TooOften
    organisations = Organisation.objects.values_list("pk", flat=True)
    listed = Case.objects.filter(organisation_id__in=organisations, number=number[:24], destroyed_at=None)
    theirs = [
        one for one in listed.only("organisation_id", "id", "query_code") if hmac.compare_digest(one.query_code.encode(), code.encode())
    ]
    if len(theirs) != 1:
        knocks.count("track", number, WRONG_WITHIN, at=at)
        raise NotFound
    return theirs[0].organisation_id, theirs[0].id
