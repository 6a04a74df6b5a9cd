"""The ledger of cases (B02 工单台账): a table with the columns and in the order that one has chosen; the address holds all of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.desk.cases import queries
from huiyin.desk.cases.queries import ORDERS, Line
from huiyin.faces.console.acts import address, back_to
from huiyin.faces.console.cases.asking import Asked
from huiyin.faces.console.cases.columns import COLUMNS, USUAL, Layout
from huiyin.faces.console.cases.empty import empty_list
from huiyin.faces.console.cases.listing import levels_of, scope_of
from huiyin.faces.console.lists.menu import menu
from huiyin.faces.parts.guard import Acting, acting

PAGE: Final = 50
_LONG: Final = frozenset({"title", "class", "marks", "place"})
"""Columns whose texts may be long: they are cut in the table, and whole in a hint, on paper and in the workbook."""


def asked_of(request: HttpRequest, who: Acting) -> tuple[Asked, Layout]:
    """What the address asks of a ledger: its filters, without the groups of the queue, and its columns and order."""
    given = request.GET.copy()
    given.pop("due", None)
    page = reverse("console:ledger")
    layout = Layout.asked(given, only_open=not Asked(given, who, page).closed)
    return Asked(given, who, page, beside=layout.query), layout


def lines_of(who: Acting, asked: Asked, layout: Layout, now: datetime, after: str = "", size: int = PAGE + 1) -> list[Line]:
    """The lines of a ledger from behind the cursor ``after`` on; from its beginning where that says nothing."""
    after = after if _is_cursor(after, ORDERS[layout.order].type) else ""
    return queries.ledger(scope_of(who), asked.only_open(), now, after, size, order=layout.order, rising=layout.rising)


def _is_cursor(text: str, kind: str) -> bool:
    value, _sign, key = text.rpartition("|")
    try:
        UUID(key)
        if kind == "timestamptz":
            return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
    return value.isdecimal() and len(value) < 10 if kind == "int" else 0 < len(value) <= 40


def ledger(request: HttpRequest) -> HttpResponse:
    """A page of the ledger. What has been ticked in the menu of columns becomes the columns of an address of its own."""
    who, now = acting(request), timezone.now()
    asked, layout = asked_of(request, who)
    if ticked := [one for one in request.GET.getlist("col") if one in COLUMNS]:
        kept = [key for key in layout.keys if key in ticked]
        return back_to(_with(asked, keys=[*kept, *(key for key in ticked if key not in kept)], layout=layout))
    lines = lines_of(who, asked, layout, now, request.GET.get("after", ""))
    return render(request, "console/cases/ledger.html", {
        "columns": _columns(asked, layout),
        "rows": _rows(who, lines[:PAGE], layout, asked, now),
        "choices": _choices(asked, layout),
        "usual_url": _with(asked, keys=USUAL, layout=layout) if layout.keys != USUAL else "",
        "beside": {**asked.said, **asked.beside}.items(),
        "cols_part": asked.beside.get("cols", ""),
        "sorts": _sorts(asked, layout),
        "more_url": asked.with_(after=lines[PAGE - 1].cursor) if len(lines) > PAGE else "",
        "first_url": asked.url if request.GET.get("after") else "",
        "total": _total(who, asked, lines, now),
        "chosen": asked.chosen(),
        "filter_fields": [one for one in asked.fields() if one["name"] != "due"],
        "list_url": asked.page,
        "clear_url": address(asked.page, **asked.beside),
        "queue_url": address(reverse("console:queue"), **asked.said),
        "export_url": _export(asked, layout) if who.may("export") else "",
        "empty": None if lines else empty_list(who, asked, now),
        "views": menu(who, "ledger", {**asked.said, **asked.beside}),
    })  # fmt: skip


def _export(asked: Asked, layout: Layout) -> str:
    """Where the same list goes out with the same columns in the same order."""
    sort = Layout.sort(layout.order, layout.rising)
    return address(reverse("console:cases-export"), **asked.said, cols=",".join(layout.keys), sort=sort)


def _with(asked: Asked, layout: Layout, *, keys: Any = None, order: str = "", rising: bool = False) -> str:
    changed = Layout(tuple(keys or layout.keys), order or layout.order, rising if order else layout.rising)
    return address(asked.page, **asked.said, **changed.query)


def _columns(asked: Asked, layout: Layout) -> list[dict[str, Any]]:
    """The headings: where a column can put the list in order the way to it, first the way people mean, then the other one."""
    found = []
    for key in layout.keys:
        here = key == layout.order
        sortable = key in ORDERS and not (ORDERS[key].open_only and asked.closed)
        rising = not layout.rising if here else key in ("number", "due")
        found.append({
            "key": key, "label": COLUMNS[key].label, "number": COLUMNS[key].number,
            "url": _with(asked, layout, order=key, rising=rising) if sortable else "",
            "sorted": ("ascending" if layout.rising else "descending") if here else "none" if sortable else "",
        })  # fmt: skip
    return found


def _sorts(asked: Asked, layout: Layout) -> list[tuple[str, str, bool]]:
    """The orders to choose from where no heading can be pressed: value, words, whether it is the present one."""
    keys = [key for key in ORDERS if not (ORDERS[key].open_only and asked.closed)]
    words = ((False, _("%(column)s（由大到小）")), (True, _("%(column)s（由小到大）")))
    return [
        (Layout.sort(key, rising), word % {"column": COLUMNS[key].label}, (key, rising) == (layout.order, layout.rising))
        for key in keys
        for rising, word in words
    ]


def _choices(asked: Asked, layout: Layout) -> list[dict[str, Any]]:
    """The menu of columns: those that are shown in their order, each with the ways to move it, then the others."""
    keys, found = list(layout.keys), []
    for key in (*keys, *(one for one in COLUMNS if one not in keys)):
        at = keys.index(key) if key in keys else -1
        ahead = [*keys[: at - 1], key, keys[at - 1], *keys[at + 1 :]] if at > 0 else None
        behind = [*keys[:at], keys[at + 1], key, *keys[at + 2 :]] if 0 <= at < len(keys) - 1 else None
        found.append({
            "key": key, "label": COLUMNS[key].label, "shown": at >= 0,
            "ahead": _with(asked, layout, keys=ahead) if ahead else "", "behind": _with(asked, layout, keys=behind) if behind else "",
        })  # fmt: skip
    return found


def _rows(who: Acting, lines: list[Line], layout: Layout, asked: Asked, now: datetime) -> list[dict[str, Any]]:
    levels = levels_of(who.organisation_id, [line.case_id for line in lines])
    return [
        {
            "url": address(reverse("console:case", args=[line.columns["number"]]), **asked.said),
            "level": levels.get(line.case_id, ""),
            "cells": [
                {"key": key, "label": COLUMNS[key].label, "number": COLUMNS[key].number, "clip": key in _LONG, "text": text}
                for key, text in zip(layout.keys, cells, strict=True)
            ],
        }
        for line, cells in zip(lines, layout.rows(who, lines, now), strict=True)
    ]


def _total(who: Acting, asked: Asked, lines: list[Line], now: datetime) -> Any:
    """How many there are: of open cases all are counted, of all cases those of the page, which would take ever longer otherwise."""
    if asked.closed:
        return f"{PAGE}+" if len(lines) > PAGE else _("本页 %(count)s") % {"count": len(lines)}
    return sum(queries.queue_counts(scope_of(who), asked.filters, now).values())
