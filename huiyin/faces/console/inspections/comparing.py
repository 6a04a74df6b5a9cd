"""Inspections side by side: what each indicator or standard lost, project against project and time after time; what is lost again and
again; and all of it as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.moments import in_shanghai
from huiyin.core.rules import IndicatorRule, Rule
from huiyin.desk.inspections import queries
from huiyin.desk.inspections.queries import Inspection
from huiyin.faces.console.acts import address, chosen_units, unit_names
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import unit_word
from huiyin.faces.console.inspections import shown
from huiyin.faces.console.matters.forms import said
from huiyin.faces.console.scores.sheets import Cell, workbook
from huiyin.faces.parts.guard import Acting, acting

COMPARED: Final = 12
STANDARDS: Final = "standards"
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(slots=True)
class _Lost:
    """What the inspections lost under one standard: in how many of them, how often it was found, how many points, at which units."""

    rule: Rule
    inspections: int = 0
    times: int = 0
    points: Decimal = Decimal()
    units: dict[str, None] = field(default_factory=dict)


def compare(request: HttpRequest) -> HttpResponse:
    """The inspections that have ended side by side, by indicators or by standards; below it what was lost again and again."""
    who = acting(request)
    unit, by = request.GET.get("unit", ""), request.GET.get("by", "")
    since, until = request.GET.get("since", ""), request.GET.get("until", "")
    rows = _asked(who, unit, since, until)
    here, asked = reverse("console:inspection-compare"), {"unit": unit, "since": since, "until": until}
    context = {
        "rows": [_head(who, one, _before(rows, one)) for one in rows],
        "lines": list(_of_standards(rows) if by == STANDARDS else _of_indicators(rows)),
        "by": by,
        "pareto": _pareto(who, rows),
        "units": unit_names(who).items(),
        "unit": unit,
        "since": since,
        "until": until,
        "tabs": [
            (_("按指标"), address(here, **asked), by != STANDARDS),
            (_("按标准"), address(here, **asked, by=STANDARDS), by == STANDARDS),
        ],
        "export_url": address(reverse("console:inspection-compare-export"), **asked),
    }
    return render(request, "console/inspections/compare.html", context)


def _asked(who: Acting, unit: str, since: str, until: str) -> list[Inspection]:
    """The latest inspections that ended within the days, by unit and time. Raises Http404 for a unit or a day that is none."""
    first, last = shown.day_of(since), shown.day_of(until)
    ended = (one for one in queries.listed(who.organisation_id, chosen_units(who, unit)) if one.closed_at)
    days = ((one, in_shanghai(one.closed_at).date()) for one in ended if one.closed_at)
    found = [one for one, day in days if (first is None or first <= day) and (last is None or day <= last)][:COMPARED]
    return sorted(found, key=lambda one: (one.matter.unit_code, one.opened_at))


def _before(rows: Sequence[Inspection], one: Inspection) -> Inspection | None:
    """The inspection of the same unit before it, among those that are compared."""
    own = [other for other in rows if other.matter.unit_code == one.matter.unit_code and other.opened_at < one.opened_at]
    return own[-1] if own else None


def _head(who: Acting, one: Inspection, before: Inspection | None) -> dict[str, Any]:
    change = one.left - before.left if before else None
    return {
        "inspection": one,
        "unit": unit_word(who.organisation_id, one.matter.unit_code),
        "left": shown.points(one.left),
        "whole": shown.points(one.whole),
        "change": "" if change is None else f"{'+' if change > 0 else ''}{shown.points(change)}",
        "worse": change is not None and change < 0,
        "sheet_url": reverse("console:inspection-sheet", args=[one.matter.id]),
    }


def _of_indicators(rows: Sequence[Inspection]) -> Iterator[dict[str, Any]]:
    for clause, rule in {branch.rule.cites[0]: branch.rule for one in rows for branch in one.branches}.items():
        cells = [next((each for each in one.branches if each.rule.cites[0] == clause), None) for one in rows]
        yield {
            "clause": clause,
            "url": clause_url(clause),
            "name": said(rule.name),
            "points": shown.points(rule.points),
            "cells": [
                _cell(one, clause, shown.points(each.left), lost=each.left < each.rule.points) if each else _nothing()
                for one, each in zip(rows, cells, strict=True)
            ],
        }


def _of_standards(rows: Sequence[Inspection]) -> Iterator[dict[str, Any]]:
    """The standards that any of the inspections found unmet; how often and what it cost."""
    for clause, rule in {each.clause: each.rule for one in rows for _indicator, each in _found(one)}.items():
        cells = [next((each for _indicator, each in _found(one) if each.clause == clause), None) for one in rows]
        yield {
            "clause": clause,
            "url": clause_url(clause),
            "name": said(rule.name),
            "points": shown.points(rule.points),
            "cells": [
                _cell(one, clause, f"{shown.points(each.amount)} ×{each.count}", lost=True) if each else _nothing()
                for one, each in zip(rows, cells, strict=True)
            ],
        }


def _found(one: Inspection) -> list[tuple[IndicatorRule, queries.Standing]]:
    """The standards that the inspection found unmet, each with its indicator."""
    return [(branch.rule, each) for branch in one.branches for each in branch.standards if each.count]


def _cell(one: Inspection, clause: str, text: str, *, lost: bool) -> dict[str, Any]:
    return {"left": text, "lost": lost, "url": f"{reverse('console:inspection-sheet', args=[one.matter.id])}#{clause}"}


def _nothing() -> dict[str, Any]:
    return {"left": "--", "lost": False, "url": ""}


def _pareto(who: Acting, rows: Iterable[Inspection]) -> list[dict[str, Any]]:
    """The standards by what they lost, the most first, each with its share and the share of all up to it."""
    lost: dict[str, _Lost] = {}
    for one in rows:
        for _indicator, each in _found(one):
            kept = lost.setdefault(each.clause, _Lost(each.rule))
            kept.inspections, kept.times, kept.points = kept.inspections + 1, kept.times + each.count, kept.points - each.amount
            kept.units[one.matter.unit_code] = None
    every = sorted(lost.items(), key=lambda pair: (-pair[1].points, -pair[1].inspections, pair[0]))
    whole, so_far, found = sum((row.points for _clause, row in every), Decimal()), Decimal(), []
    for clause, row in every:
        so_far += row.points
        found.append(
            {
                "clause": clause,
                "url": clause_url(clause),
                "name": said(row.rule.name),
                "inspections": row.inspections,
                "times": row.times,
                "points": shown.points(row.points),
                "share": round(100 * row.points / whole) if whole else 0,
                "so_far": round(100 * so_far / whole) if whole else 0,
                "again": row.inspections > 1,
                "units": "、".join(unit_word(who.organisation_id, code) for code in row.units),
            }
        )
    return found


def export(request: HttpRequest) -> HttpResponse:
    """The standards that the compared inspections found unmet, a line each, as a workbook with their sum."""
    who = acting(request)
    rows = _asked(who, *(request.GET.get(name, "") for name in ("unit", "since", "until")))
    heading = [_("单位"), _("检查"), _("结束"), _("指标"), _("条款"), _("标准"), _("次数"), _("扣分")]
    lines: list[list[Cell]] = [
        [
            unit_word(who.organisation_id, one.matter.unit_code),
            one.matter.name,
            f"{in_shanghai(one.closed_at or one.opened_at):%Y-%m-%d}",
            said(indicator.name),
            each.clause,
            said(each.rule.name),
            Decimal(each.count),
            each.amount,
        ]
        for one in rows
        for indicator, each in _found(one)
    ]
    total = sum((each.amount for one in rows for _indicator, each in _found(one)), Decimal())
    sums: list[list[Cell]] = [[_("合计"), *[""] * 6, total]]
    answer = HttpResponse(workbook(_("检查对比"), heading, lines, sums), content_type=SHEET)
    answer["Content-Disposition"] = f'attachment; filename="inspections-{timezone.localdate()}.xlsx"'
    return answer
