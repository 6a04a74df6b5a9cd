"""Looking at a file row by row before anything is brought in, and bringing in what can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.channels.sheets import running
from huiyin.channels.sheets.mappings import complete
from huiyin.channels.sheets.running import File
from huiyin.channels.sheets.verdicts import Verdict
from huiyin.desk.imports import actions
from huiyin.desk.imports.models import EXISTING, REFUSED, TAKEN, UPDATED, Upload
from huiyin.faces.console.acts import back_to, only_post
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.imports import parts
from huiyin.faces.parts.files import served
from huiyin.faces.parts.guard import Acting, acting

KINDS: Final = (TAKEN, UPDATED, EXISTING, REFUSED)


def _open(upload: Upload) -> File:
    """The file read by its mapping. Raises BadText: the mapping lacks something, or does not fit the file."""
    mapping = complete(parts.mapping_of(upload), upload.file_name)
    return running.open_file(upload.file_name, bytes(upload.data), mapping)


def _read(request: HttpRequest, upload: Upload) -> File | None:
    """The file read by its mapping; None where that cannot be, which the next page says: the mapping has to be drawn up first."""
    try:
        return _open(upload)
    except SAID as error:
        messages.error(request, tell(error))
        return None


def _judged(who: Acting, file: File) -> list[Verdict]:
    return list(running.preview(file, parts.door_of(who), who.staff.pk))


def verdicts(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Every row with what would become of it now. A mapping that is not complete is drawn up first."""
    who = acting(request)
    found = parts.fetch_upload(who, upload)
    file = _read(request, found)
    if file is None:
        return back_to(reverse("console:imports-map", args=[upload]))
    judged = _judged(who, file)
    by_kind: dict[str, list[Verdict]] = {kind: [one for one in judged if one.kind == kind] for kind in KINDS}
    show = request.GET.get("show", "")
    chosen = by_kind[show] if show in by_kind else [one for kind in reversed(KINDS) for one in by_kind[kind]]
    page = Paginator(chosen, parts.AT_ONCE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "upload": found,
        "source": parts.called(file.mapping),
        "show": show if show in by_kind else "",
        "read": len(judged),
        "counts": {kind: len(ones) for kind, ones in by_kind.items()},
        "notes": parts.in_words(file.table.notes),
        "unsure": file.table.encoding if file.table.unsure else "",
        "page": page,
        "page_query": f"show={show}" if show in by_kind else "",
        "headings": parts.headings(file.mapping.kind),
        "kind": file.mapping.of,
        "good": len(by_kind[TAKEN]) + len(by_kind[UPDATED]),
        "rows": _rows(file, list(page)),
    }
    return render(request, "console/imports/preview.html", context)


def _rows(file: File, judged: Sequence[Verdict]) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "verdict": one.kind,
            "reasons": parts.in_words(one.errors),
            "notes": parts.in_words(one.notes),
            "cells": parts.row_of(one.raw, file.mapping),
        }
        for one in judged
    ]


def wrong(request: HttpRequest, upload: UUID) -> HttpResponse:
    """The rows that cannot be taken, as their own file with the reasons."""
    who = acting(request)
    found = parts.fetch_upload(who, upload)
    file = _read(request, found)
    if file is None:
        return back_to(reverse("console:imports-map", args=[upload]))
    name = parts.wrong_name(found.file_name, file.table.kind)
    return served(running.error_file_of(file, _judged(who, file), chinese=parts.is_chinese()), parts.file_kind(name), name)


def begin(request: HttpRequest, upload: UUID) -> HttpResponse:
    """Keep the rows and leave them to the watch; the file itself is let go. A file that was brought in before is shown again."""
    only_post(request)
    who, now = acting(request), timezone.now()
    found = parts.fetch_upload(who, upload)
    try:
        with transaction.atomic():
            begun = running.begin(_open(found), who.organisation_id, by=who.by, at=now, unattended_at=parts.unit_of(who))
            actions.drop_upload(found, by=who.by, at=now)
    except SAID as error:
        messages.error(request, tell(error))
        return back_to(reverse("console:imports-map", args=[upload]))
    if begun.begun_at != now:
        messages.info(request, _("这个文件按同样的对照关系已经导入过，下面是那一次的结果。"))
    return back_to(reverse("console:import", args=[begun.id]))
