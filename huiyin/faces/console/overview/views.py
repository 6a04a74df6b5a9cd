"""The live overview, and the list that opens from each of its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.core.known import Units
from huiyin.desk.cases.lifecycle import OPEN_STATES
from huiyin.desk.cases.models import Case
from huiyin.desk.places import queries as places
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, chosen_units, unit_names
from huiyin.faces.console.overview import figures
from huiyin.faces.console.overview.figures import FIGURES, View
from huiyin.faces.console.warnings.queries import cases_of
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import class_name, regulation_of, rule_name

PAGE = 100
_SUMMED = ("open", "late", "handled", "red", "yellow", "blue", "received", "closed", "complaints")


def overview(request: HttpRequest) -> HttpResponse:
    """Every unit in reach with its figures, each summed over the units below it; below them the month's cases by class."""
    who, now = acting(request), timezone.now()
    month = periods.chosen(request.GET.get("month", ""), "month", now)
    units = chosen_units(who, request.GET.get("unit", ""))
    view = View(who.organisation_id, month, now)
    before, after = periods.beside(month)
    unit = request.GET.get("unit", "")
    context = {
        "rows": list(_rows(who, view, units)),
        "schemes": _schemes(view, units, unit),
        "month": month,
        "month_words": periods.words(month.name),
        "before": address("", unit=unit, month=before.name),
        "after": address("", unit=unit, month=after.name),
        "chosen_unit": unit,
        "units": unit_names(who).items(),
        "heads": [(name, FIGURES[name][0]) for name in _SUMMED],
        "at": now,
    }
    return render(request, "console/overview/overview.html", context)


def _rows(who: Acting, view: View, reached: frozenset[str]) -> Iterator[dict[str, Any]]:
    counted, spans = figures.counts(view, reached), figures.times_to_solve(view, reached)
    tree, names = places.units(who.organisation_id), unit_names(who)
    for code in _in_order(tree, reached):
        below = [unit.code for unit in tree.below(code) if unit.code in reached]
        row = {name: sum(of.get(one, 0) for one in below) for name, of in counted.items()}
        # Departments and buildings without any case would bury the units that are compared.
        if tree.by_code[code].kind == "department" and not any(row.values()):
            continue
        yield _row(code, tree, names, row, [span for one in below for span in spans.get(one, [])], view)


def _in_order(tree: Units, reached: frozenset[str]) -> Iterator[str]:
    tops = [code for code, unit in tree.by_code.items() if code in reached and unit.parent not in reached]
    for top in tops:
        for unit in tree.below(top):
            if unit.code in reached:
                yield unit.code


def _row(code: str, tree: Units, names: Mapping[str, str], row: Mapping[str, int], spans: list[timedelta], view: View) -> dict[str, Any]:
    households, due = tree.households(code), row["due"]

    def url(name: str) -> str:
        return address(reverse("console:overview-list"), figure=name, unit=code, month=view.month.name)

    return {
        "code": code,
        "kind": tree.by_code[code].kind,
        "unit": names.get(code, code),
        "figures": [{"name": name, "label": FIGURES[name][0], "count": row[name], "url": url(name)} for name in _SUMMED],
        "timely": f"{100 * (due - row['missed']) / due:.1f}%" if due else "",
        "due": {"count": due, "url": url("due")},
        "missed": {"count": row["missed"], "url": url("missed")},
        "middle": figures.middle(spans),
        "closed_url": url("closed"),
        "per_hundred": f"{100 * row['complaints'] / households:.2f}" if households else "",
        "complaints_url": url("complaints"),
        "households": households,
    }


def _schemes(view: View, units: frozenset[str], unit: str) -> list[dict[str, Any]]:
    """The classes of each regulation by themselves, under its title: a case may have one under each, so they add up within it alone. What
    nobody has classed stands last."""
    found: dict[str, list[dict[str, Any]]] = {}
    for (prefix, key), counted in figures.by_class(view, units).items():
        query = {"unit": unit, "month": view.month.name, "class": f"{prefix}:{key}"}
        found.setdefault(prefix, []).append(
            {
                "name": class_word(prefix, key),
                "received": counted["received"],
                "received_url": address(reverse("console:overview-list"), figure="received", **query),
                "still_open": counted["still_open"],
                "still_open_url": address(reverse("console:overview-list"), figure="received", still="open", **query),
            }
        )
    return [
        {"title": _title(prefix), "rows": sorted(found[prefix], key=lambda one: (-int(one["received"]), one["name"]))}
        for prefix in sorted(found, key=lambda one: (not one, one))
    ]


def _title(prefix: str) -> str:
    of = regulation_of(f"{prefix}-") if prefix else None
    return of.title[0 if (get_language() or "zh").startswith("zh") else 1] if of else _("未分类")


def class_word(prefix: str, key: str) -> str:
    """The name of a class of a regulation, given by the regulation's prefix; a case without one is said to have none."""
    if not key:
        return _("未分类")
    of = regulation_of(f"{prefix}-")
    return class_name("category", key, get_language() or "zh-hans", of.stem if of else "")


def listed(request: HttpRequest) -> HttpResponse:
    """The rows that a figure counts: cases, warnings, or limits on cases."""
    who, now, name = acting(request), timezone.now(), request.GET.get("figure", "")
    if name not in FIGURES:
        raise Http404
    label, source = FIGURES[name]
    units = chosen_units(who, request.GET.get("unit", ""))
    month = periods.chosen(request.GET.get("month", ""), "month", now)
    rows: Any = source(View(who.organisation_id, month, now)).filter(unit_code__in=units)
    rows = _narrowed(request, rows, rows.model is Case)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names = unit_names(who)
    context = {
        "label": label,
        "where": names.get(request.GET.get("unit", ""), ""),
        "class_word": class_word(*_class(request)) if request.GET.get("class") else "",
        "month_words": periods.words(month.name),
        "kind": rows.model.__name__ if isinstance(rows, QuerySet) else "Case",
        "page": page,
        "page_query": "&".join(f"{key}={value}" for key, value in request.GET.items() if key != "page"),
        "rows": [_listed(who, row, names) for row in page.object_list],
        "cases": cases_of(who, [row.case_id for row in page.object_list if getattr(row, "case_id", None)]),
        "back": address(reverse("console:overview"), month=month.name),
        "back_word": _("监控台"),
    }
    handled = figures.handled_at(who.organisation_id, page.object_list) if name == "handled" else {}
    for row in context["rows"]:
        since = handled.get(row["row"].id) if handled else None
        row["waits"] = now - since if since is not None else None
        row["case"] = context["cases"].get(row["row"].case_id, {}) if hasattr(row["row"], "case_id") else {}
    return render(request, "console/overview/list.html", context)


def _class(request: HttpRequest) -> tuple[str, str]:
    prefix, _colon, key = request.GET.get("class", "").partition(":")
    return prefix, key


def _narrowed(request: HttpRequest, rows: Any, cases: bool) -> Any:
    if not cases:
        return rows.order_by("unit_code", "key")
    rows = rows.order_by("-received_at", "id")
    if request.GET.get("still") == "open":
        rows = rows.filter(status__in=OPEN_STATES)
    return figures.of_class(rows, *_class(request)) if request.GET.get("class") else rows


def _listed(who: Acting, row: Any, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "row": row,
        "unit": names.get(row.unit_code, row.unit_code),
        "rule": rule_name(row.rule, get_language() or "zh-hans") if hasattr(row, "rule") else "",
        "span": row.closed_at - row.received_at if getattr(row, "closed_at", None) else None,
    }


URLS = [path("overview", overview, name="overview"), path("overview/list", listed, name="overview-list")]
