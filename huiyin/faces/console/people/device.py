"""What a person's device needs to keep pages and acts for a time without a net: the worker, and the key that seals what lies there."""

from __future__ import annotations

import base64
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import salted_hmac

from huiyin.faces.parts.guard import acting


def worker(_request: HttpRequest) -> HttpResponse:
    """The worker's script. It stands at the root of the site, because a worker answers only for what is below it. Raises FileNotFoundError
    where the installation lacks it."""
    found = finders.find("parts/js/worker.js")
    if not isinstance(found, str):
        raise FileNotFoundError("found no parts/js/worker.js among the static files, expected the worker's script; install the house again")
    return HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


def key(request: HttpRequest) -> HttpResponse:
    """The key that seals what lies on the person's devices, always the same for the person, and for how many seconds a device has it."""
    who = acting(request)
    raw = salted_hmac("huiyin.device", str(who.staff.pk), algorithm="sha256").digest()
    said = {"person": str(who.staff.pk), "key": base64.b64encode(raw).decode(), "seconds": settings.SESSION_COOKIE_AGE}
    return JsonResponse(said)
