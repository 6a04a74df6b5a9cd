"""What a person's device needs to keep pages and acts for a time without a net: the key that seals what lies there."""

from __future__ import annotations

import base64

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import salted_hmac

from huiyin.faces.parts.guard import acting


def key(request: HttpRequest) -> HttpResponse:
    """The key that seals what lies on the person's devices, always the same for the person, and for how many seconds a device has it."""
    who = acting(request)
    raw = salted_hmac("huiyin.device", str(who.staff.pk), algorithm="sha256").digest()
    said = {"person": str(who.staff.pk), "key": base64.b64encode(raw).decode(), "seconds": settings.SESSION_COOKIE_AGE}
    return JsonResponse(said)
