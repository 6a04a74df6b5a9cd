"""A line of a register of cases: what the case tells, and what people add to it by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.desk.cases import access
from huiyin.desk.cases.models import Case
from huiyin.desk.registers import actions, queries
from huiyin.desk.registers.columns import of_cases
from huiyin.desk.registers.columns.of_cases import CaseLine
from huiyin.desk.registers.queries import Book, Filter
from huiyin.faces.console.acts import address, back_to, unit_names
from huiyin.faces.console.cases.words import channel_word, language
from huiyin.faces.console.registers import words
from huiyin.faces.console.registers.entry import versions
from huiyin.faces.console.registers.forms import HandForm
from huiyin.faces.parts.guard import Acting, acting


def case_line(request: HttpRequest, case: UUID) -> HttpResponse:
    """The line of the case in a register. A form adds to it by hand, or changes what was added."""
    who = acting(request)
    found, book, line = _fetch(request, who, case)
    columns = of_cases.by_hand(book.rule)
    may = bool(columns) and who.may("keep_register") and book.in_force and found.destroyed_at is None
    here = address(reverse("console:registers-case", args=[found.id]), register=book.key)
    form = None
    if request.method == "POST":
        if not may:
            raise Http404
        form = HandForm(book, line.entry, request.POST)
        form.full_clean()
        reason = request.POST.get("reason", "")
        if form.enter(lambda: actions.add_by_hand(found, book.key, form.sent(), reason, by=who.by, at=timezone.now())):
            messages.success(request, _("已补登"))
            return back_to(here)
    context: dict[str, Any] = {
        "line": line,
        "book": book,
        "name": words.book_word(book),
        "unit_name": unit_names(who).get(line.unit_code, line.unit_code),
        "values": [
            {"label": words.column_word(field), "value": words.shown(field, line.values.get(field.key))} for field in book.rule.fields
        ],
        "versions": versions(book, line.entry) if line.entry is not None else [],
        "form": form or (HandForm(book, line.entry) if may else None),
        "action": here,
        "unit": line.unit_code,
        "back": address(reverse("console:registers-list"), unit=line.unit_code, register=book.key),
    }
    return render(request, "console/registers/line.html", context, status=422 if form is not None else 200)


def _fetch(request: HttpRequest, who: Acting, case: UUID) -> tuple[Case, Book, CaseLine]:
    """The case, the register that the request names, and its line there. Raises Http404 for what is not there or not in reach."""
    now = timezone.now()
    try:
        found = access.fetch(who.staff, case, on_day=timezone.localdate(now), post=who.post)
    except access.NotFound:
        raise Http404 from None
    told = request.POST.get("register") or request.GET.get("register", "")
    book = queries.book_of(who.organisation_id, found.unit_code, told, now)
    if book is None or book.rule.of_cases is None:
        raise Http404
    inside = of_cases.cases_in(who.organisation_id, Filter(book.key, frozenset({found.unit_code}))).filter(id=found.id)
    line = next(iter(of_cases.lines(who.organisation_id, book.key, inside, language(), channel_word)), None)
    if line is None:
        raise Http404
    return found, book, line
