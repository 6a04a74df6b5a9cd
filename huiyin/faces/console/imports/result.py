"""How far an import has come and what became of its rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from huiyin.channels.sheets import running
from huiyin.channels.sheets.kinds import STAFF
from huiyin.desk.cases.models import Case
from huiyin.desk.imports import access, queries
from huiyin.desk.imports.models import OPEN, REFUSED, VERDICTS, WAITING, Import, ImportRow
from huiyin.desk.people.doors import accounts
from huiyin.desk.people.models import Staff
from huiyin.desk.people.queries import names_of
from huiyin.faces.console.acts import only_post
from huiyin.faces.console.imports import parts
from huiyin.faces.parts.files import served
from huiyin.faces.parts.guard import Acting, acting


def _fetch(who: Acting, brought: UUID) -> Import:
    try:
        return access.fetch(who.staff, brought, on_day=timezone.localdate(), post=who.post)
    except Import.DoesNotExist:
        raise Http404 from None


def result(request: HttpRequest, brought: UUID) -> HttpResponse:
    """The figures of an import, each with its rows; while it runs the page looks again by itself."""
    who = acting(request)
    found = _fetch(who, brought)
    counts, asked = queries.counts(found), request.GET.get("show", "")
    # What went wrong is what somebody looks for first.
    show = asked if asked in VERDICTS else REFUSED if counts[REFUSED] and not asked else ""
    rows = queries.rows_with(found, show) if show else queries.all_rows(found)
    page = Paginator(rows, parts.AT_ONCE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "import": found,
        "source": parts.called(running.mapping_of(found)),
        "running": found.state == OPEN,
        "without_password": _without_password(found),
        "headings": parts.headings(running.mapping_of(found).kind),
        "counts": counts,
        "done": counts["read"] - counts[WAITING],
        "show": show,
        "by": names_of({found.by_person}).get(found.by_person, "") if found.by_person else "",
        "mine": found.by_person == who.staff.pk,
        "notes": parts.in_words(found.notes),
        "page": page,
        "page_query": f"show={show or 'all'}",
        "rows": _rows(who, found, list(page)),
    }
    return render(request, "console/imports/result.html", context)


def _without_password(found: Import) -> int:
    """How many of the accounts that an import of staff has added never had a password."""
    if found.of != STAFF.key or found.state == OPEN:
        return 0
    added = Staff.objects.filter(organisation_id=found.organisation_id, pk__in=queries.made_by(found), is_active=True)
    return sum(not one.has_usable_password() for one in added.only("password"))


def _rows(who: Acting, found: Import, rows: list[ImportRow]) -> list[dict[str, Any]]:
    ids = [row.case_id for row in rows if row.case_id]
    seen = Case.objects.filter(organisation_id=who.organisation_id, id__in=ids, unit_code__in=who.codes)
    numbers, mapping = dict(seen.values_list("id", "number")), running.mapping_of(found)
    return [
        {
            "number": row.number,
            "verdict": row.verdict,
            "reasons": parts.in_words(row.errors),
            "notes": parts.in_words(row.notes),
            "case": numbers.get(row.case_id, "") if row.case_id else "",
            "cells": parts.row_of(row.raw, mapping),
        }
        for row in rows
    ]


@never_cache
@sensitive_variables("given")
def passwords(request: HttpRequest, brought: UUID) -> HttpResponse:
    """Passwords for the first login of the accounts that an import of staff has added; they stand on this answer alone."""
    only_post(request)
    who = acting(request)
    found = _fetch(who, brought)
    if found.of != STAFF.key:
        raise Http404
    given = accounts.first_passwords(who.organisation_id, queries.made_by(found), by=who.by, at=timezone.now())
    return render(request, "console/imports/passwords.html", {"import": found, "given": given})


def wrong(request: HttpRequest, brought: UUID) -> HttpResponse:
    """The refused rows as a file with the reasons, for whoever brought them: they hold what their file held."""
    who = acting(request)
    found = _fetch(who, brought)
    if found.by_person != who.staff.pk:
        raise Http404
    name = parts.wrong_name(found.file_name, str(found.mapping.get("kind", "csv")))
    return served(running.error_file(found, chinese=parts.is_chinese()), parts.file_kind(name), name)
