"""What a page's script sends for a telephone (``js/outbox.js``): it waited there for a net, may come twice, and wants a sentence back.

| header | what it says |
|---|---|
| Idempotency-Key | the id of the act: what was sent under it before does not happen again |
| X-Waited | how many milliseconds the act waited on the device; so a clock that goes wrong there harms nothing |
| X-Outbox | a sentence is wanted for an answer, no page |
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django import forms
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse

from huiyin.core.moments import BadText
from huiyin.desk.facts.actions import answered, keep_answer
from huiyin.desk.facts.models import Fact
from huiyin.faces.parts.guard import Acting
from huiyin.plumbing.rows import Rows

KEY: Final = "Idempotency-Key"
WAITED: Final = "X-Waited"
BY_SCRIPT: Final = "X-Outbox"
LONGEST: Final = timedelta(days=6)
"""What waited longer is not taken: whether it was sent before would be forgotten (``desk/facts/actions/requests.py``)."""
DELAY: Final = timedelta(minutes=1)
"""So long at most a poor net holds up an act."""
_KEY = re.compile(r"[\x21-\x7e]{8,128}")


class AlreadyDone(Exception):
    """The act was sent before and done: nothing is left to do."""


def wants_sentence(request: HttpRequest) -> bool:
    """Whether the answer goes to the script that sends what waited."""
    return BY_SCRIPT in request.headers


def done_at(request: HttpRequest, now: datetime, earliest: datetime | None = None) -> datetime:
    """When the act was done on the device, as our clock has it; not before ``earliest``. Raises BadText for one that waited too long."""
    text = request.headers.get(WAITED, "")
    waited = timedelta(milliseconds=int(text)) if text.isdecimal() and len(text) < 16 else timedelta()
    if waited > LONGEST:
        raise BadText(
            f"found an act that waited {waited.days} days, expected {LONGEST.days} at most; record it by hand with its time",
            f"这一步在本机等了 {waited.days} 天，超过 {LONGEST.days} 天不再接收；请手工补录并写明发生时间",
        )
    return max(now - waited, earliest) if earliest is not None else now - waited


def done_in_turn(request: HttpRequest, who: Acting, case: UUID | None, now: datetime, earliest: datetime | None = None) -> datetime:
    """As ``done_at``, of an act on a case. A device sends in the order in which things were done, each after a delay of the net that nobody
    knows: so an act is never put before the person's own one that came before it, where less than DELAY lies between them."""
    at = done_at(request, now, earliest)
    if case is None or WAITED not in request.headers:
        return at
    own = Fact.objects.filter(organisation_id=who.organisation_id, case_id=case, by_person=who.staff.pk, derived=False)
    last = own.filter(at__gt=at, at__lte=min(at + DELAY, now)).order_by("-at").values_list("at", flat=True).first()
    return last or at


def once(request: HttpRequest, who: Acting, now: datetime) -> None:
    """Keep in the transaction of the act that it was done under its key. Raises AlreadyDone, and BadText for a key of something else."""
    sent = request.headers.get(KEY, "")
    if not _KEY.fullmatch(sent):
        return
    # Two people may happen on the same key: each has its own.
    key, digest = f"{who.staff.pk.hex}:{sent}", hashlib.sha256(f"{request.method} {request.path}".encode()).digest()
    if answered(who.organisation_id, key, digest) is not None:
        raise AlreadyDone
    rows = Rows()
    keep_answer(rows, who.organisation_id, key, digest, 200, {}, at=now)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            rows.flush(cursor)
    except IntegrityError:
        raise AlreadyDone from None


def sentence(text: str, status: int = 200) -> HttpResponse:
    """The answer to the script: done (200), or why not (422)."""
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def wrong_in(form: forms.Form) -> str:
    """What is wrong with a form, in one sentence."""
    named = {name: field.label for name, field in form.fields.items()}
    return "；".join(f"{named[name]}：{text}" if named.get(name) else str(text) for name, texts in form.errors.items() for text in texts)
