"""Files that come with a form, and files as they are given out: never as something that a browser would run."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from huiyin.plumbing.files import Picture, read_picture


def sent_picture(request: HttpRequest, name: str, most_bytes: int) -> Picture | None:
    """The picture of the form's field, drawn anew; None where none was chosen. Raises BadFile for what is no picture or too large."""
    sent = request.FILES.get(name)
    if not isinstance(sent, UploadedFile) or not sent.size:
        return None
    return read_picture(sent.read(most_bytes + 1), sent.name or "", most_bytes=most_bytes)


def served(data: bytes, kind: str, name: str, *, shown: bool = False) -> HttpResponse:
    """A file as an answer: to be kept under its name, or ``shown`` in the page, which pictures drawn by us are.

    The browser takes it for nothing else than what it is said to be, and runs nothing in it.
    """
    answer = HttpResponse(data, content_type="text/plain; charset=utf-8" if kind == "text/plain" else kind)
    answer["Content-Disposition"] = content_disposition_header(not shown, name) or "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "no-store"
    return answer
