"""Every refusal of the interface is a problem document (RFC 9457) with a sentence in Chinese that says what to do."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

PROBLEM_TYPE = "application/problem+json"
TITLES: Mapping[str, tuple[int, str]] = {
    "malformed": (400, "Malformed request"),
    "unknown_filter": (400, "Unknown query parameter"),
    "doubled_parameter": (400, "Query parameter given twice"),
    "key_missing": (400, "Idempotency key missing or malformed"),
    "not_signed_in": (401, "API key missing or not valid"),
    "not_allowed": (403, "The key lacks the scope"),
    "not_found": (404, "Not found"),
    "method_not_allowed": (405, "Method not allowed"),
    "key_reused": (409, "Idempotency key used for another request"),
    "already_there": (409, "Reported before under the same number"),
    "stale": (409, "Changed meanwhile"),
    "conflict": (409, "Not possible in this state"),
    "too_slow": (408, "Request body came too slowly"),
    "too_large": (413, "Request body too large"),
    "wrong_type": (415, "Content type or encoding not taken"),
    "invalid": (422, "Understood but not valid"),
    "too_many": (429, "Too many files today"),
    "refused": (422, "The regulations do not allow this act"),
    "fault": (500, "Internal fault"),
    "later": (503, "Try again later"),
}
"""Codes of refusals, each with its status and title."""


class Problem(Exception):
    """A refusal: ``code`` of TITLES, the sentence for the sender, the field it is about, and more members of the document."""

    def __init__(self, code: str, message: str, field: str | None = None, **more: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.more = more

    @property
    def status(self) -> int:
        """The HTTP status."""
        return TITLES[self.code][0]


def request_id(request: HttpRequest) -> str:
    """The id under which the request stands in the log, made at first need. What a client calls its request is not taken over."""
    found: str | None = getattr(request, "huiyin_request_id", None)
    if found is None:
        found = secrets.token_hex(8)
        request.huiyin_request_id = found  # type: ignore[attr-defined]
    return found


def document(problem: Problem, number: str) -> dict[str, Any]:
    """The problem document: type, title, status, code, field, request_id, what else the problem tells, and its sentence: as ``detail``, as
    RFC 9457 calls it, and as ``message``."""
    status, title = TITLES[problem.code]
    return {
        "type": f"urn:huiyin:problem:{problem.code}",
        "title": title,
        "status": status,
        "code": problem.code,
        "detail": problem.message,
        "message": problem.message,
        "field": problem.field,
        "request_id": number,
        **problem.more,
    }


def respond(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The answer that tells the problem."""
    number = request_id(request)
    body = json.dumps(document(problem, number), ensure_ascii=False)
    answer = HttpResponse(body.encode(), status=problem.status, content_type=PROBLEM_TYPE)
    answer["X-Request-ID"] = number
    if problem.code == "not_signed_in":
        answer["WWW-Authenticate"] = 'Bearer realm="huiyin"'
    if allowed := problem.more.get("allow"):
        answer["Allow"] = ", ".join(allowed)
    if wait := problem.more.get("retry_after"):
        answer["Retry-After"] = str(wait)
    return answer
