"""The monthly report (月度报告): one set of figures by unit, kind, channel, class and severity, from cut-off to cut-off; a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from huiyin.core.known import Units
from huiyin.core.moments import in_shanghai
from huiyin.desk.cases.lifecycle import OPEN_STATES
from huiyin.desk.clocks.models import Clock
from huiyin.desk.places import queries as places
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, chosen_units, unit_names
from huiyin.faces.console.cases.words import RECORDS
from huiyin.faces.console.duties.lines import Owed as Line
from huiyin.faces.console.duties.lines import lines_of
from huiyin.faces.console.warnings.queries import cases_of
from huiyin.faces.parts.guard import Acting, acting
from huiyin.faces.parts.templatetags.parts import due
from huiyin.reports.monthly import figures
from huiyin.reports.monthly.figures import Figures, Owed, Span
from huiyin.reports.monthly.sheet import Cell, Table, workbook
from huiyin.rulebook.words import class_name, edition_of, regulation_of, role_name, rule_name

PAGE = 100
_COUNTED = {
    "received": gettext_lazy("受理"),
    "closed": gettext_lazy("其中办结"),
    "still_open": gettext_lazy("其中在办"),
    "due": gettext_lazy("到期时限"),
    "missed": gettext_lazy("未按时"),
}


class Asked:
    """The unit, the month and the span that a request asks for, and of the report the row of one unit, which sums those below it.

    Raises Http404 for what is not in reach, or no month.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.who, self.now = acting(request), timezone.now()
        self.month = periods.chosen(request.GET.get("month", ""), "month", self.now)
        self.tree, self.names = places.units(self.who.organisation_id), unit_names(self.who)
        self.unit = request.GET.get("unit", "")
        self.codes, self.row = chosen_units(self.who, self.unit), request.GET.get("row", "")
        if self.row:
            if self.row not in self.codes:
                raise Http404
            self.codes &= frozenset(one.code for one in self.tree.below(self.row))
        self.owed, self.spans = figures.spans(self.who.organisation_id, self.unit or _top(self.who, self.tree), self.month.name, self.now)

    @property
    def span(self) -> Span:
        """The span of the month."""
        return self.spans[0]

    def list_url(self, what: str, row: str = "", way: str = "", key: str = "") -> str:
        """The list behind a figure, counted over the same span: of the whole report, or of the row of one unit."""
        said = {"month": self.month.name, "unit": self.unit, "row": row, "what": what, "by": way}
        # A class that nobody has given has an empty key, which an address would leave out.
        return address(reverse("console:report-list"), **said, key=key or ("-" if way else ""))


def _top(who: Acting, tree: Units) -> str:
    reached = [code for code in tree.by_code if code in who.codes]
    # The whole reach is reported by the rules of the units at work: those further down have all that stand above.
    return next((code for code in reached if tree.by_code[code].kind in ("project", "centre", "cluster")), reached[0] if reached else "")


def report(request: HttpRequest) -> HttpResponse:
    """The figures of a month with those before it, and the clauses that ask for them, each with its day and how it stands."""
    asked = Asked(request)
    found = figures.by_unit(asked.who.organisation_id, asked.codes, asked.span, asked.now)
    whole = figures.total(found.values())
    before, after = periods.beside(asked.month)
    context = {
        "month": asked.month,
        "month_words": periods.words(asked.month.name),
        "span_words": _span_words(asked.span),
        "before": address("", unit=asked.unit, month=before.name),
        "after": address("", unit=asked.unit, month=after.name),
        "unit": asked.unit,
        "units": asked.names.items(),
        "owed": _owed(asked),
        "rows": [_unit_row(asked, code, counted, depth) for code, depth, counted in _summed(asked, found)],
        "whole": _unit_row(asked, "", whole),
        "aims": _aims(asked),
        "ways": [_way(asked, way, counted) for way, counted in sorted(whole.by.items())],
        "trend": _trend(asked),
        "export": address(reverse("console:report-export"), unit=asked.unit, month=asked.month.name) if asked.who.may("export") else "",
    }
    return render(request, "console/reports/monthly.html", context)


def _span_words(span: Span) -> str:
    first, end = in_shanghai(span.opens_at), in_shanghai(span.closes_at)
    return _("%(since)s 至 %(until)s") % {"since": f"{first:%Y-%m-%d %H:%M}", "until": due(end)}


def _owed(asked: Asked) -> list[dict[str, Any]]:
    rules = [one.rule for one in asked.owed]
    clocks = Clock.objects.filter(
        organisation_id=asked.who.organisation_id, kind="duty", rule__in=rules, period=asked.month.name, unit_code__in=asked.codes
    )
    lines = lines_of(asked.who.organisation_id, clocks.order_by("due_at", "unit_code"), asked.names)
    return [_owed_row(one, [line for line in lines if line.clock.rule == one.rule]) for one in asked.owed]


def _owed_row(one: Owed, lines: Sequence[Line]) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    return {
        "name": rule_name(one.rule, language),
        "clause": one.clause,
        "by_day": one.by_day,
        "responsible": role_name(one.responsible, language, edition_of(one.rule)),
        "groups": _grouped(lines),
    }


def _grouped(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The units that stand alike under one line: how, until when, which."""
    found: dict[tuple[str, datetime | None], list[Line]] = {}
    for line in lines:
        found.setdefault((line.state, line.clock.due_at), []).append(line)
    return [
        {"word": alike[0].word, "late": state in ("overdue", "late"), "due_at": due_at, "units": [one.unit for one in alike]}
        for (state, due_at), alike in found.items()
    ]


def _summed(asked: Asked, found: Mapping[str, Figures]) -> Iterator[tuple[str, int, Figures]]:
    """The units as a tree: depth, and the figures of all that the person reaches below each; without those that have none."""
    tree, reached = asked.tree, asked.codes

    def walk(code: str, depth: int) -> Iterator[tuple[str, int, Figures]]:
        below = [found[one.code] for one in tree.below(code) if one.code in found and one.code in reached]
        if below:
            yield code, depth, figures.total(below)
            for one in tree.children.get(code, ()):
                yield from walk(one, depth + 1)

    for code, unit in tree.by_code.items():
        if code in reached and unit.parent not in reached:
            yield from walk(code, 0)


def _unit_row(asked: Asked, code: str, counted: Figures, depth: int = 0) -> dict[str, Any]:
    cells = [
        {"name": name, "label": label, "count": getattr(counted, name), "url": asked.list_url(name, code)}
        for name, label in _COUNTED.items()
    ]
    rate = _share(counted.kept, counted.due)
    return {
        "unit": asked.names.get(code, code),
        "indent": "　" * depth,
        "cells": cells,
        "rate": rate,
        "kept": counted.kept,
        "rate_url": asked.list_url("kept", code),
    }


def _aims(asked: Asked) -> list[dict[str, Any]]:
    """How each limit with a target was kept: done by the target, done by the limit, of those that fell due."""
    language = get_language() or "zh-hans"
    return [
        {
            "name": rule_name(one.rule, language),
            "clause": _clause_of(one.rule),
            "due": {"count": one.due, "url": asked.list_url("aimed", way="rule", key=one.rule)},
            "parts": [
                {
                    "name": name,
                    "label": label,
                    "count": count,
                    "share": _share(count, one.due),
                    "url": asked.list_url(name, way="rule", key=one.rule),
                }
                for name, label, count in (("in_target", _("目标内"), one.in_target), ("in_limit", _("期限内"), one.in_limit))
            ],
        }
        for one in figures.aims(asked.who.organisation_id, asked.codes, asked.span, asked.now)
    ]


def _clause_of(rule: str) -> str:
    found = regulation_of(rule)
    one = found.by_id.get(rule.partition(":")[2]) if found else None
    return one.cites[0] if one else ""


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else ""


def _way(asked: Asked, way: str, counted: Mapping[str, int]) -> dict[str, Any]:
    rows = [
        {"name": key_word(way, key), "count": count, "url": asked.list_url("received", way=way, key=key)}
        for key, count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    ]
    return {"name": way_word(way), "rows": rows}


def way_word(way: str) -> str:
    """What a way of counting is called; that of a regulation's scheme with the regulation's title."""
    scheme, _slash, prefix = way.partition("/")
    name = {"record": _("按类型"), "channel": _("按渠道"), "category": _("按类别"), "severity": _("按程度")}[scheme]
    of = regulation_of(f"{prefix}-") if prefix else None
    title = of.title[0 if (get_language() or "zh").startswith("zh") else 1] if of else ""
    return f"{name} · {title}" if title else name


def key_word(way: str, key: str) -> str:
    """The name of a class, kind or channel."""
    if not key:
        return _("未注明")
    scheme, _slash, prefix = way.partition("/")
    if scheme == "rule":
        return rule_name(key, get_language() or "zh-hans")
    if scheme == "record":
        return str(RECORDS.get(key, key))
    of = regulation_of(f"{prefix}-") if prefix else None
    return class_name("channels" if scheme == "channel" else scheme, key, get_language() or "zh-hans", of.stem if of else "")


def _trend(asked: Asked) -> list[dict[str, Any]]:
    found = figures.trend(asked.who.organisation_id, asked.codes, asked.spans, asked.now)
    return [
        {
            "month": periods.words(span.month),
            "span": _span_words(span),
            "cells": [
                {
                    "label": _COUNTED[what],
                    "count": getattr(counted, what),
                    "url": address(reverse("console:report-list"), month=span.month, unit=asked.unit, what=what),
                }
                for what in ("received", "due", "missed")
            ],
            "rate": _share(counted.kept, counted.due),
            "kept": counted.kept,
            "rate_url": address(reverse("console:report-list"), month=span.month, unit=asked.unit, what="kept"),
        }
        for span, counted in found
    ]


def listed(request: HttpRequest) -> HttpResponse:
    """The cases or limits that a figure counts."""
    asked, what = Asked(request), request.GET.get("what", "")
    rows = _rows(request, asked, what)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    known = cases_of(asked.who, [row.case_id for row in shown if getattr(row, "case_id", None)])
    way, key = request.GET.get("by", ""), request.GET.get("key", "").removeprefix("-")
    context = {
        "label": _labels()[what],
        "where": asked.names.get(asked.row or asked.unit, ""),
        "class_word": key_word(way, key) if way else "",
        "month_words": f"{periods.words(asked.month.name)} · {_span_words(asked.span)}",
        "kind": rows.model.__name__,
        "page": page,
        "page_query": "&".join(f"{name}={value}" for name, value in request.GET.items() if name != "page"),
        "rows": [_listed(asked, row, known) for row in shown],
        "back": address(reverse("console:reports"), month=asked.month.name, unit=asked.unit),
        "back_word": _("月度报告"),
    }
    return render(request, "console/overview/list.html", context)


def _labels() -> dict[str, str]:
    return {
        "received": _("受理"), "closed": _("其中办结"), "still_open": _("其中在办"), "due": _("到期时限"), "missed": _("未按时"),
        "kept": _("按时"),
        "aimed": _("到期时限（有目标）"), "in_target": _("目标内"), "in_limit": _("期限内"),
    }  # fmt: skip


_LIMITS: Final[Mapping[str, Callable[..., QuerySet[Clock]]]] = {
    "due": figures.limits,
    "missed": figures.missed,
    "kept": figures.kept,
    "aimed": figures.aimed,
    "in_target": figures.in_target,
    "in_limit": figures.in_limit,
}


def _rows(request: HttpRequest, asked: Asked, what: str) -> Any:
    id_, way = asked.who.organisation_id, request.GET.get("by", "")
    if what in _LIMITS:
        clocks = _LIMITS[what](id_, asked.codes, asked.span, asked.now).order_by("unit_code", "key")
        return clocks.filter(rule=request.GET.get("key", "")) if way == "rule" else clocks
    if what not in _labels():
        raise Http404
    rows = figures.cases(id_, asked.codes, asked.span)
    rows = rows.filter(status__in=OPEN_STATES) if what == "still_open" else rows
    rows = rows.exclude(status__in=OPEN_STATES) if what == "closed" else rows
    if way:
        try:
            rows = figures.of_key(rows, way, request.GET.get("key", "").removeprefix("-"))
        except KeyError as error:
            raise Http404 from error
    return rows.order_by("-received_at", "id")


def _listed(asked: Asked, row: Any, known: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "row": row,
        "unit": asked.names.get(row.unit_code, row.unit_code),
        "rule": rule_name(row.rule, get_language() or "zh-hans") if isinstance(row, Clock) else "",
        "span": row.closed_at - row.received_at if getattr(row, "closed_at", None) else None,
        "case": known.get(row.case_id, {}) if isinstance(row, Clock) else {},
    }


def export(request: HttpRequest) -> HttpResponse:
    """The report as a workbook: units, each way of counting with the units side by side, the months before."""
    asked = Asked(request)
    found = figures.by_unit(asked.who.organisation_id, asked.codes, asked.span, asked.now)
    made = workbook(_tables(asked, {code: found[code] for code in asked.names if code in found}))
    name = f"monthly-report-{asked.unit or 'all'}-{asked.month.name}.xlsx"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return HttpResponse(made, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _tables(asked: Asked, found: Mapping[str, Figures]) -> list[Table]:
    lead = f"{periods.words(asked.month.name)} {_span_words(asked.span)}"
    heads = [_("受理"), _("其中办结"), _("其中在办"), _("到期时限"), _("按时"), _("未按时")]
    whole = figures.total(found.values())
    units: list[list[Cell]] = [["　" * depth + asked.names[code], *_numbers(one)] for code, depth, one in _summed(asked, found)]
    tables = [Table(_("各单位情况"), lead, [_("单位"), *heads], [*units, [_("合计"), *_numbers(whole)]])]
    for way, counted in sorted(whole.by.items()):
        rows: list[list[Cell]] = [
            [key_word(way, key), *(one.by.get(way, Counter())[key] for one in found.values()), count] for key, count in counted.items()
        ]
        tables.append(Table(way_word(way), lead, ["", *(asked.names[code] for code in found), _("合计")], rows))
    if aims := _aims(asked):
        aim_rows: list[list[Cell]] = [
            [one["name"], one["clause"], one["due"]["count"], *(cell for part in one["parts"] for cell in (part["count"], part["share"]))]
            for one in aims
        ]
        heads_of_aims = [_("时限"), _("条款"), _("到期时限"), _("目标内"), _("目标内占比"), _("期限内"), _("期限内占比")]
        tables.append(Table(_("目标与期限"), lead, heads_of_aims, aim_rows))
    months = figures.trend(asked.who.organisation_id, asked.codes, asked.spans, asked.now)
    tables.append(Table(_("近几个月"), lead, [_("月份"), *heads], [[periods.words(span.month), *_numbers(one)] for span, one in months]))
    return tables


def _numbers(one: Figures) -> tuple[int, ...]:
    return one.received, one.closed, one.still_open, one.due, one.kept, one.missed


URLS = [
    path("reports", report, name="reports"),
    path("reports/list", listed, name="report-list"),
    path("reports/export", export, name="report-export"),
]
