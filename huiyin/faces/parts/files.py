"""Files that come with a form, and files as they are given out: never as something that a browser would run."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from huiyin.desk.files.actions import refuse_too_much
from huiyin.faces.parts.guard import acting
from huiyin.plumbing.files import JPEG, Picture, read_picture


def sent_files(request: HttpRequest, *names: str) -> list[UploadedFile[Any]]:
    """The files of the form's fields, unread. Raises TooMuchToday where the person may not send so many more today."""
    found = [one for name in names for one in request.FILES.getlist(name) if isinstance(one, UploadedFile)]
    if found:
        who = acting(request)
        refuse_too_much(who.organisation_id, len(found), 0, by=who.by, at=timezone.now())
    return found


def sent_picture(request: HttpRequest, name: str) -> Picture | None:
    """The picture of the form's field, drawn anew; None where none was chosen.

    Raises BadFile for what is no picture or too large, TooMuchToday.
    """
    most = settings.ATTACHMENT_MOST_BYTES
    sent = [one for one in sent_files(request, name) if one.size]
    return read_picture(sent[0].read(most + 1), sent[0].name or "", most_bytes=most) if sent else None


def file_name(stem: str, kind: str) -> str:
    """The name under which a photo without a name of its own is kept by who saves it: ``stem`` with the ending of its kind."""
    return f"{stem}.jpg" if kind == JPEG else f"{stem}.png"


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
