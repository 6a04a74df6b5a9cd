"""The registers of the units in reach, and one of them: its entries with filters, a new entry, out as a file or on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.ceilings import WRONG
from huiyin.core.moments import opening_of
from huiyin.core.subjects import NAMED
from huiyin.desk.matters import queries as matters
from huiyin.desk.places import queries as places
from huiyin.desk.registers import actions, queries
from huiyin.desk.registers.columns import of_cases, show_value
from huiyin.desk.registers.columns.of_cases import CaseLine
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import Book, Filter
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, back_to, chosen_units, only_post, own_unit, unit_names
from huiyin.faces.console.cases.words import channel_word, language
from huiyin.faces.console.lists.menu import menu
from huiyin.faces.console.registers import each, sheets, words
from huiyin.faces.console.registers.forms import NewEntryForm
from huiyin.faces.parts.guard import Acting, acting

IN_A_PAGE = 50
MOST_NAMED = 20
MOST_OUT = 20_000


def overview(request: HttpRequest) -> HttpResponse:
    """The registers of a unit and those below it, by group, each with how many entries it has and how many are open."""
    who, now = acting(request), timezone.now()
    unit = request.GET.get("unit", "") or own_unit(who)
    codes = chosen_units(who, unit)
    counted = queries.counts(who.organisation_id, codes)
    groups: dict[str, list[dict[str, Any]]] = {}
    for book in queries.books_of_all(who.organisation_id, sorted(codes), now):
        entries, still_open, wrong = counted.get(book.key, (0, 0, 0))
        if book.rule.of_cases is not None:
            entries, still_open = of_cases.count(who.organisation_id, Filter(book.key, codes))
        said = {"unit": unit, "register": book.key}
        groups.setdefault(words.group_word(book.rule.group), []).append(
            {
                "book": book,
                "name": words.book_word(book),
                "keeper": words.keeper_word(book),
                "entries": entries,
                "open": still_open if book.rule.closes else None,
                "url": address(reverse("console:registers-list"), **said),
                "open_url": address(reverse("console:registers-list"), **said, open=1),
                "wrong": wrong if book.rule.at_most else 0,
                "wrong_url": address(reverse("console:registers-list"), **said, wrong=1),
            }
        )
    context = {"groups": groups.items(), "unit": unit, "units": unit_names(who).items()}
    return render(request, "console/registers/overview.html", context)


def asked_book(request: HttpRequest, who: Acting) -> tuple[Book, str]:
    """The register and the unit that the request names. Raises Http404 for what is not there or not in reach."""
    told = request.POST if request.method == "POST" else request.GET
    unit = told.get("unit", "") or own_unit(who)
    codes = chosen_units(who, unit)
    found = queries.books_of_all(who.organisation_id, sorted(codes), timezone.now())
    book = next((one for one in found if one.key == told.get("register", "")), None)
    if book is None:
        raise Http404
    return book, unit


def takes_entries(who: Acting, book: Book, unit: str) -> bool:
    """Whether the person may make entries in the register of this very unit now."""
    kept = queries.book_of(who.organisation_id, unit, book.key, timezone.now())
    return who.may("keep_register") and kept is not None and kept.in_force and kept.rule.of_cases is None


def _wanted(request: HttpRequest, who: Acting, book: Book, unit: str) -> queries.Filter:
    month = request.GET.get("month", "")
    span = periods.chosen(month, "month", timezone.now()) if month else None
    return queries.Filter(
        register=book.key,
        units=chosen_units(who, unit),
        from_at=span.opens_at if span else None,
        until_at=span.closes_at if span else None,
        open_only=bool(request.GET.get("open")) and book.rule.closes,
        wrong_only=bool(request.GET.get("wrong")) and book.rule.at_most is not None,
        words=request.GET.get("q", "")[:200],
    )


def listing(request: HttpRequest, form: NewEntryForm | None = None) -> HttpResponse:
    """One register: its entries, the latest first, with all columns; filters; the form of a new entry."""
    who, now = acting(request), timezone.now()
    book, unit = asked_book(request, who)
    page = Paginator(_found(request, who, book, unit)[0], IN_A_PAGE).get_page(request.GET.get("page"))
    chosen = {name: request.GET.get(name, "") for name in ("month", "open", "wrong", "q", "alone")}
    said = {"unit": unit, "register": book.key}
    context = _around(book, unit, who) | {
        "page": page,
        "page_query": address("", **said, **chosen).removeprefix("?"),
        "rows": [_row(book, one, now, unit_names(who)) for one in _lines(request, who, book, page)],
        "alone": _alone(who, book, unit) if book.rule.of_cases is not None else None,
        "each": each.rows(who, book, chosen_units(who, unit)),
        "records": words.recorded_words(book),
        "not_yet": _not_yet(who, book, unit),
        "chosen": chosen,
        "views": menu(who, "registers", {**said, **chosen}),
        "months": _months(who, book, unit, chosen, now.year),
        "form": form or (NewEntryForm(book, named=_named(who, book, unit)) if takes_entries(who, book, unit) else None),
        "may_export": who.may("export"),
        "links": {name: address(reverse(f"console:registers-{name}"), **said, **chosen) for name in ("export", "print")},
    }
    return render(request, "console/registers/listing.html", context, status=422 if form is not None else 200)


def _is_of_cases(request: HttpRequest, book: Book) -> bool:
    """Whether the lines asked for are cases, not entries: a register of cases may hold some that were entered alone."""
    return book.rule.of_cases is not None and not request.GET.get("alone")


def _found(request: HttpRequest, who: Acting, book: Book, unit: str) -> tuple[Any, str]:
    """What stands in the register and fits the filters, as a query, and by which column it is ordered: entries, or cases."""
    wanted = _wanted(request, who, book, unit)
    if _is_of_cases(request, book):
        return of_cases.cases_in(who.organisation_id, wanted), "received_at"
    return queries.find(who.organisation_id, wanted), "at"


def _lines(request: HttpRequest, who: Acting, book: Book, found: Iterable[Any]) -> Iterable[Entry | CaseLine]:
    return of_cases.lines(who.organisation_id, book.key, found, language(), channel_word) if _is_of_cases(request, book) else found


def _alone(who: Acting, book: Book, unit: str) -> dict[str, Any] | None:
    """How many entries of a register of cases are about none that is here, with the way to them; None where there are none."""
    number = queries.find(who.organisation_id, Filter(book.key, chosen_units(who, unit))).count()
    return {"number": number, "url": address("", unit=unit, register=book.key, alone=1)} if number else None


def _around(book: Book, unit: str, who: Acting) -> dict[str, Any]:
    names = unit_names(who)
    return {
        "book": book,
        "name": words.book_word(book),
        "keeper": words.keeper_word(book),
        "columns": [words.column_word(field) for field in book.rule.fields],
        "unit": unit,
        "unit_name": names.get(unit, ""),
        "units": names.items(),
    }


def _row(book: Book, entry: Entry | CaseLine, now: datetime, names: Mapping[str, str]) -> dict[str, Any]:
    age = max(0, (now - entry.at).days) if book.rule.closes and entry.closed_at is None else None
    compared = {"words": words.compared_words(entry), "wrong": entry.compared in WRONG} if book.rule.at_most else None
    if isinstance(entry, CaseLine):
        url = address(reverse("console:registers-case", args=[entry.id]), register=book.key)
    else:
        url = reverse("console:registers-entry", args=[entry.id])
    return {
        "entry": entry,
        "url": url,
        "lacks": [] if isinstance(entry, CaseLine) else words.lacking_words(book, entry),
        "cells": list(zip(map(words.column_word, book.rule.fields), words.cells(book, entry), strict=True)),
        "age": age,
        "compared": compared,
        "unit": names.get(entry.unit_code, entry.unit_code),
    }


def _named(who: Acting, book: Book, unit: str) -> Mapping[str, Sequence[str]]:
    """What may stand in the columns that another register has to have the same in, and in those that name a thing which has to be known."""
    found = queries.named(who.organisation_id, book.key, book.rule.at_most, unit) if book.rule.at_most else {}
    path = places.units(who.organisation_id).path(unit)
    for column, detail in (pair for one in book.rule.records if one.only_known for pair in one.tells):
        if detail in NAMED and column not in found:
            found[column] = [one.name for one in matters.listed(who.organisation_id, path, kinds=(detail,), most=MOST_NAMED)]
    return found


def _not_yet(who: Acting, book: Book, unit: str) -> list[dict[str, Any]]:
    """For each column of which it is listed what has to stand there: what does, and what is wanting in the unit."""
    wanting, fields = queries.not_yet(who.organisation_id, book, unit), {field.key: field for field in book.rule.fields}
    return [
        {
            "column": words.column_word(fields[key]),
            "listed": [show_value(fields[key], one, chinese=words.chinese()) for one in listed],
            "wanting": [show_value(fields[key], one, chinese=words.chinese()) for one in wanting[key]],
        }
        for key, listed in book.listed
    ]


def _months(who: Acting, book: Book, unit: str, chosen: dict[str, str], year: int) -> list[dict[str, Any]]:
    codes = chosen_units(who, unit)
    shown = int(chosen["month"][:4]) if chosen["month"] else year
    if book.rule.of_cases is not None and not chosen["alone"]:
        span = opening_of(date(shown, 1, 1)), opening_of(date(shown + 1, 1, 1))
        counted = of_cases.per_month(who.organisation_id, Filter(book.key, codes, *span))
    else:
        counted = queries.per_month(who.organisation_id, book.key, codes, shown)
    said = {**chosen, "unit": unit, "register": book.key}
    return [
        {"name": periods.words(name), "count": count, "url": address("", **{**said, "month": name}), "current": name == chosen["month"]}
        for name, count in counted.items()
    ]


def add(request: HttpRequest) -> HttpResponse:
    """Make an entry. What was typed stays, with the sentence of each column that is wrong."""
    only_post(request)
    who, now = acting(request), timezone.now()
    book, unit = asked_book(request, who)
    form = NewEntryForm(book, request.POST, named=_named(who, book, unit))
    form.full_clean()
    if not form.has_error("at"):
        told_at = form.cleaned_data.get("at")
        made = form.enter(lambda: actions.add_entry(who.organisation_id, book.key, unit, form.sent(), by=who.by, at=now, told_at=told_at))
        if made:
            messages.success(request, _("已登记 %(number)s") % {"number": made.label})
            return back_to(address(reverse("console:registers-list"), unit=unit, register=book.key))
    return listing(request, form)


def export(request: HttpRequest) -> HttpResponse:
    """The entries that the page's filters leave, as a workbook or as CSV."""
    who = acting(request)
    book, unit = asked_book(request, who)
    found = _lines(request, who, book, _found(request, who, book, unit)[0][:MOST_OUT])
    lines = list(sheets.rows(book, found, unit_names(who)))
    return _file(request, book, unit, sheets.heading(book), lines)


def template(request: HttpRequest) -> HttpResponse:
    """An empty file with the register's columns, to be filled in and brought in."""
    who = acting(request)
    book, unit = asked_book(request, who)
    return _file(request, book, unit, [words.column_word(field) for field in book.rule.fields], [])


def _file(request: HttpRequest, book: Book, unit: str, head: list[str], lines: list[list[Any]]) -> HttpResponse:
    as_csv = request.GET.get("kind") == "csv"
    made = sheets.as_csv(head, lines) if as_csv else sheets.as_xlsx(words.book_word(book), head, lines)
    name = f"{book.key.replace(':', '-')}-{unit or 'all'}.{'csv' if as_csv else 'xlsx'}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made, content_type=sheets.CSV if as_csv else sheets.XLSX, headers=disposition)


def print_view(request: HttpRequest) -> HttpResponse:
    """The entries that the page's filters leave, on paper; masked like the page."""
    who, now = acting(request), timezone.now()
    book, unit = asked_book(request, who)
    rows, order = _found(request, who, book, unit)
    found = _lines(request, who, book, rows.order_by(order, "number")[:MOST_OUT])
    context = _around(book, unit, who) | {
        "rows": [_row(book, one, now, unit_names(who)) for one in found],
        "month": periods.words(request.GET.get("month")),
    }
    return render(request, "console/registers/print.html", context)
