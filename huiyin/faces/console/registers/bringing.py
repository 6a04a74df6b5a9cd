"""Bringing rows into a register: a file is looked at, each row gets its verdict, then those that can be taken are taken."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiyin.desk.registers import actions, queries
from huiyin.desk.registers.models import Sheet
from huiyin.desk.registers.queries import Book
from huiyin.faces.console.acts import address, back_to, only_post, unit_names
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.registers import sheets, words
from huiyin.faces.console.registers.views import asked_book, takes_entries
from huiyin.faces.parts.guard import Acting, acting

MOST_SHOWN = 500


def bring(request: HttpRequest) -> HttpResponse:
    """Look at a file of rows: nothing is entered yet, the next page tells the verdict on each row."""
    only_post(request)
    who, now = acting(request), timezone.now()
    book, unit = asked_book(request, who)
    back = address(reverse("console:registers-list"), unit=unit, register=book.key)
    file = request.FILES.get("file")
    if file is None or isinstance(file, list) or not takes_entries(who, book, unit):
        messages.error(request, _("请先选择一个 .xlsx 或 .csv 文件。"))
        return back_to(back)
    if sheets.too_large(file.size or 0):
        messages.error(request, _("文件超过 50 MB。请拆分后再导入。"))
        return back_to(back)
    try:
        lines, unused = sheets.read_lines(book, file.name or "", file.read())
        made = actions.look_at_rows(who.organisation_id, book.key, unit, file.name or "", lines, by=who.by, at=now)
    except SAID as error:
        messages.error(request, tell(error))
        return back_to(back)
    if unused:
        messages.warning(request, _("没有用到的列：%(names)s") % {"names": "、".join(unused)})
    return back_to(reverse("console:registers-sheet", args=[made.id]))


def _fetch(who: Acting, sheet: UUID) -> tuple[Sheet, Book]:
    found = queries.sheet(who.organisation_id, sheet)
    if found is None or found.unit_code not in who.codes:
        raise Http404
    book = queries.book_of(who.organisation_id, found.unit_code, found.register, timezone.now())
    if book is None:
        raise Http404
    return found, book


def verdicts(request: HttpRequest, sheet: UUID) -> HttpResponse:
    """The rows of a file with the verdict on each; by a form those that can be taken are taken, once."""
    who = acting(request)
    found, book = _fetch(who, sheet)
    if request.method == "POST":
        try:
            taken = actions.take_rows(found, by=who.by, at=timezone.now())
        except SAID as error:
            messages.error(request, tell(error))
            return back_to(reverse("console:registers-sheet", args=[found.id]))
        messages.success(request, ngettext("已导入 %(n)s 条", "已导入 %(n)s 条", taken) % {"n": taken})
        return back_to(address(reverse("console:registers-list"), unit=found.unit_code, register=found.register))
    wrong = [row for row in found.rows if row["errors"]]
    same = [row for row in found.rows if row["same"]]
    context: dict[str, Any] = {
        "sheet": found,
        "book": book,
        "name": words.book_word(book),
        "unit_name": unit_names(who).get(found.unit_code, ""),
        "columns": [words.column_word(field) for field in book.rule.fields],
        "rows": [_row(book, row) for row in [*wrong, *same, *_good(found)][:MOST_SHOWN]],
        "wrong": len(wrong),
        "same": len(same),
        "good": len(_good(found)),
        "back": address(reverse("console:registers-list"), unit=found.unit_code, register=found.register),
    }
    return render(request, "console/registers/sheet.html", context)


def _good(found: Sheet) -> list[dict[str, Any]]:
    return [row for row in found.rows if not row["errors"] and not row["same"]]


def _row(book: Book, row: dict[str, Any]) -> dict[str, Any]:
    values = row["values"]
    # What could not be read is shown as it stands in the file.
    told = [words.hide(field, values.get(field.key, "")) for field in book.rule.fields]
    read = told if row["errors"] else [words.shown(field, values.get(field.key)) for field in book.rule.fields]
    return {"number": row["number"], "cells": read, "errors": row["errors"], "same": row["same"]}
