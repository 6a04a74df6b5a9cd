"""Pages for what is not there and for what went wrong. What is not yours and what does not exist get the same bytes."""

from __future__ import annotations

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from huiyin.desk.people.models import Staff

_LOG = logging.getLogger(__name__)


def absent(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for an address that nobody has and for a thing that is somebody else's; only the language is the person's."""
    with translation.override(_language_of(request)):
        return HttpResponse(render_to_string("parts/error_404.html"), status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500 with a number that stands in the log too, so that the person can name it."""
    number = secrets.token_hex(4).upper()
    _LOG.error("error %s at %s %s", number, request.method, request.path)
    with translation.override(_language_of(request)):
        answer = HttpResponse(render_to_string("parts/error_500.html", {"error_id": number}), status=500)
    answer["X-Error-Id"] = number
    return answer


def _language_of(request: HttpRequest) -> str:
    staff = getattr(request, "user", None)
    return staff.language if isinstance(staff, Staff) else translation.get_language() or "zh-hans"
