"""One entry of a register: what it says and ever said; amending, closing, looking at a hidden name for a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.ceilings import WRONG
from huiyin.desk.people.queries import names_of
from huiyin.desk.registers import actions, queries
from huiyin.desk.registers.columns import show_value
from huiyin.desk.registers.models import Entry, Version
from huiyin.desk.registers.queries import Book
from huiyin.faces.console.acts import address, back_to, unit_names
from huiyin.faces.console.cases import unmasking
from huiyin.faces.console.cases.ending import how_destroyed
from huiyin.faces.console.cases.errors import SAID
from huiyin.faces.console.cases.words import language, role_word
from huiyin.faces.console.keeping import holding
from huiyin.faces.console.registers import words
from huiyin.faces.console.registers.forms import AmendForm, CloseForm
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import event_name


def fetch(who: Acting, line: UUID) -> tuple[Entry, Book]:
    """The entry and its register. Raises Http404 for one that is not there or not in the reach of the post."""
    found = Entry.objects.filter(organisation_id=who.organisation_id, id=line, unit_code__in=who.codes).first()
    book = queries.book_of(who.organisation_id, found.unit_code, found.register, timezone.now()) if found else None
    if found is None or book is None:
        raise Http404
    return found, book


def entry(request: HttpRequest, line: UUID, amend_form: AmendForm | None = None, close_form: CloseForm | None = None) -> HttpResponse:
    """What an entry says, all its versions, and the forms to amend and close it."""
    who = acting(request)
    found, book = fetch(who, line)
    if found.case_id is not None:
        return back_to(address(reverse("console:registers-case", args=[found.case_id]), register=found.register))
    may = who.may("keep_register") and found.closed_at is None and found.destroyed_at is None
    context: dict[str, Any] = {
        "entry": found,
        "book": book,
        "name": words.book_word(book),
        "unit_name": unit_names(who).get(found.unit_code, found.unit_code),
        "values": [_value(who, found, field) for field in book.rule.fields],
        "versions": versions(book, found),
        "compared": _compared(who, found),
        "acts": [{"name": event_name(one.event, language()), "at": one.at} for one in queries.acts_of(found)],
        "lacks": [] if found.destroyed_at else words.lacking_words(book, found),
        "destroyed": how_destroyed(who.organisation_id, found.id) if found.destroyed_at else None,
        "hold": holding.on_page(who, "entry", found.id) if found.destroyed_at is None else None,
        "closed_by": names_of([found.closed_by]).get(found.closed_by, "") if found.closed_by else "",
        "age": max(0, (timezone.now() - found.at).days) if book.rule.closes and found.closed_at is None else None,
        "amend_form": amend_form or (AmendForm(book, found) if may else None),
        "close_form": close_form or (CloseForm(book, found) if may and book.rule.closes else None),
    }
    return render(request, "console/registers/entry.html", context, status=422 if amend_form or close_form else 200)


def _compared(who: Acting, found: Entry) -> dict[str, Any]:
    """How the entry stands against another register, with that register's entry where the person reaches it."""
    told = {"words": words.compared_words(found), "wrong": found.compared in WRONG}
    by = found.compared_with.get("entry")
    reached = bool(by) and Entry.objects.filter(organisation_id=who.organisation_id, id=by, unit_code__in=who.codes).exists()
    return told | ({"entry": by, "number": found.compared_with.get("number", "")} if reached else {})


def _value(who: Acting, found: Entry, field: Any) -> dict[str, Any]:
    value = found.values.get(field.key)
    hides = bool(value) and words.shown(field, value) != show_value(field, value, chinese=words.chinese())
    unmask_url = reverse("console:registers-unmask", args=[found.id, field.key]) if hides and who.may("unmask") else ""
    return {"label": words.column_word(field), "value": words.shown(field, value), "unmask_url": unmask_url}


def versions(book: Book, found: Entry) -> list[dict[str, Any]]:
    """Everything that an entry ever said, the last version first, with what each changed."""
    told = queries.versions_of(found)
    who = names_of(one.by_person for one in told if one.by_person)
    before: Version | None = None
    shown = []
    for one in told:
        changes = [
            {"label": words.column_word(field), "before": _was(field, before), "after": words.shown(field, one.values.get(field.key))}
            for field in book.rule.fields
            if before is not None and before.values.get(field.key) != one.values.get(field.key)
        ]
        name = who.get(one.by_person, "") if one.by_person else ""
        shown.append({"version": one, "by": name or role_word(one.by_role, (book.regulation.stem,)), "changes": changes})
        before = one
    return shown[::-1]


def _was(field: Any, before: Version | None) -> str:
    return words.shown(field, before.values.get(field.key)) if before is not None else ""


def amend(request: HttpRequest, line: UUID) -> HttpResponse:
    """Let an entry say something else, with the reason; what it said stays to be seen."""
    who = acting(request)
    found, book = fetch(who, line)
    if request.method != "POST":
        raise Http404
    form = AmendForm(book, found, request.POST)
    form.full_clean()
    if not form.has_error("reason"):
        reason = form.cleaned_data["reason"]
        if form.enter(lambda: actions.amend_entry(found, form.sent(), reason, by=who.by, at=timezone.now())):
            messages.success(request, _("已更正 %(number)s") % {"number": found.label})
            return back_to(reverse("console:registers-entry", args=[found.id]))
    return entry(request, line, amend_form=form)


def close(request: HttpRequest, line: UUID) -> HttpResponse:
    """Close an entry with a note; columns that are still empty may be filled in at the same time."""
    who = acting(request)
    found, book = fetch(who, line)
    if request.method != "POST" or not book.rule.closes:
        raise Http404
    form = CloseForm(book, found, request.POST)
    form.full_clean()
    if not form.has_error("note"):
        sent = {key: value for key, value in form.sent().items() if value.strip()}
        if form.enter(lambda: actions.close_entry(found, form.cleaned_data["note"], by=who.by, at=timezone.now(), sent=sent)):
            messages.success(request, _("已销账 %(number)s") % {"number": found.label})
            return back_to(reverse("console:registers-entry", args=[found.id]))
    return entry(request, line, close_form=form)


def unmask(request: HttpRequest, line: UUID, field: str) -> HttpResponse:
    """Show one hidden value of an entry in full, for a reason that is kept before it is shown."""
    who = acting(request)
    found, book = fetch(who, line)
    column = next((one for one in book.rule.fields if one.key == field), None)
    if column is None or found.destroyed_at is not None:
        raise Http404
    now, reason = timezone.now(), request.POST.get("reason", "")
    here = reverse("console:registers-unmask", args=[found.id, field])
    asked = {"unmask_url": here, "reasons": unmasking.reasons(who, found.unit_code, now)}
    if request.method != "POST" or reason not in unmasking.PURPOSES:
        return render(request, "console/cases/_unmask.html", asked)
    try:
        unmasking.view(who, found.unit_code, field, f"entry:{found.id}", found.label, reason, now)
    except SAID as error:
        why = unmasking.refused(who, found.unit_code, found.label, reason, error, now)
        return render(request, "console/cases/_unmask.html", {**asked, "error": why, "chosen": reason})
    value = show_value(column, found.values.get(field), chinese=words.chinese())
    return render(request, "console/cases/_unmasked.html", {"value": value, "is_phone": field in words.PHONES})
