"""What stands on our papers, worked out from the records: every figure is the number of rows that the same records give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from huiyin.core.moments import in_shanghai
from huiyin.core.records import CANCELLED, DISMISSED, EXEMPT, LATE, MET, OVERDUE, RUNNING, WITHDRAWN
from huiyin.core.recurrence import Period, period_named
from huiyin.core.rules import ClockRule, Regulation
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.adoptions.terms import terms_of
from huiyin.desk.cases.access import OPEN, story_of, veils
from huiyin.desk.cases.lifecycle import STATE_NAMES
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.documents.papers import says
from huiyin.desk.facts.models import Fact
from huiyin.desk.places import queries as places
from huiyin.desk.scores import queries as scores
from huiyin.desk.warnings.models import WarningSignal
from huiyin.plumbing.phones import hide_phones_in
from huiyin.rulebook.load import vocabulary

CLOCK_STATES = {RUNNING: "进行中", MET: "按时", LATE: "逾期完成", OVERDUE: "超时", CANCELLED: "取消", EXEMPT: "豁免"}
_TOLD = ("first_handling_plan_recorded", "solution_reported", "complaint_handled", "return_visit_done")


@dataclass(frozen=True, slots=True)
class Names:
    """The Chinese names of units, and of channels, classes, roles and rules, by key. ``scheme`` is the prefix of the regulation by whose
    classes cases are told and counted; empty where no regulation asks."""

    units: Mapping[str, tuple[str, str]]
    words: Mapping[str, str]
    rules: Mapping[str, str]
    scheme: str = ""

    def unit(self, code: str) -> str:
        """The name of the unit; its code where it has none."""
        return self.units.get(code, (code, code))[0]

    def word(self, key: str) -> str:
        """The name of a channel, class or role; the key where the regulations name none."""
        return self.words.get(key, key)

    def classes(self, given: Any) -> str:
        """The names of the classes that a case has now: that of the scheme where it has one, else those of every regulation."""
        if isinstance(given, Mapping):
            keys = [last_key(one) for one in ([given[self.scheme]] if self.scheme in given else given.values())]
        else:
            keys = [last_key(given)]
        return "、".join(dict.fromkeys(self.word(key) for key in keys if key))

    def counted_as(self, given: Any) -> str:
        """The name of the class under which a case is counted: that of the scheme alone, if there is one; empty for a case without."""
        own = given.get(self.scheme) if self.scheme and isinstance(given, Mapping) else given
        return self.word(last_key(own))


def names(organisation_id: UUID, at: datetime, of: Regulation | None = None) -> Names:
    """The names that the regulations of the organisation and its tree of units give; those of the regulation ``of`` which asks come first,
    and where it classes cases its classes are the scheme."""
    words = {str(key): str(one["zh"]) for key, one in vocabulary()["values"].items()}
    rules: dict[str, str] = {}
    asking = [of] if of is not None else []
    for regulation in [*(one.regulation for one in adopted_for(organisation_id, at)), *asking]:
        source = regulation.source
        listed = [source.get("channels", ()), source.get("roles", ()), *dict(source.get("classes", {})).values()]
        words.update({str(one["key"]): str(one["zh"]) for group in listed for one in group if "zh" in one})
        # A limit and the step that keeps it may have the same id: papers speak of the limit.
        for rule in sorted(regulation.rules, key=lambda one: isinstance(one, ClockRule)):
            rules[f"{regulation.prefix}:{rule.id}"] = rule.name[0]
    scheme = of.prefix if of is not None and of.source["classes"].get("category") else ""
    return Names(places.tree(organisation_id).names, words, rules, scheme)


def editions(organisation_id: UUID, at: datetime) -> dict[str, str]:
    """The editions of the regulations in force, by stem: what a document was made under."""
    return {one.regulation.stem: one.regulation.edition for one in adopted_for(organisation_id, at)}


def cases_of(organisation_id: UUID, unit_codes: Iterable[str], period: Period) -> QuerySet[Case]:
    """The cases of the units that were received in the period, or earlier and not closed before it, in the order of receipt."""
    rows = Case.objects.filter(organisation_id=organisation_id, unit_code__in=list(unit_codes), received_at__lt=period.closes_at)
    return rows.filter(Q(closed_at=None) | Q(closed_at__gte=period.opens_at)).order_by("received_at", "number")


def weekly(organisation_id: UUID, unit_code: str, period_name: str, at: datetime) -> dict[str, Any]:
    """The body of the weekly summary: a row a case with its clocks, state, result and warnings, and the totals (GP-10.1.3.4c)."""
    period, known = period_named(period_name), names(organisation_id, at)
    tree = places.units(organisation_id)
    cases = list(cases_of(organisation_id, [unit.code for unit in tree.below(unit_code)], period))
    ids = [case.id for case in cases]
    clocks, warnings, facts = _clocks(organisation_id, ids), _warnings(organisation_id, ids), _facts(organisation_id, ids)
    rows = [_row(case, known, clocks.get(case.id, []), warnings.get(case.id, []), facts.get(case.id, {})) for case in cases]
    return {
        "unit": known.unit(unit_code),
        "period": says.period(period_name),
        "to": "品质管理部",
        "due": says.moment(period.opens_at + timedelta(days=4, hours=17)).removesuffix("00分"),
        "cases": [str(one) for one in ids],
        "rows": rows,
        "totals": _totals(cases, period, clocks, warnings),
    }


def _row(
    case: Case, known: Names, clocks: Sequence[Clock], warnings: Sequence[WarningSignal], told: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    solution = told.get("solution_reported") or told.get("first_handling_plan_recorded") or {}
    return {
        "number": str(case.number),
        "received": says.short_moment(case.received_at),
        "place": str(case.household_code or case.place or ""),
        "channel": known.word(str(case.channel or "")),
        "class": known.classes(case.category),
        "severity": known.classes(case.severity),
        "content": hide_phones_in(str(case.title) or story_of(case)),
        "department": known.word(str(case.department)),
        "solution": hide_phones_in(str(solution.get("solution") or solution.get("text") or "")),
        "promised": said_moment(solution.get("promised_at")),
        "clocks": [f"{known.rules.get(one.rule, one.rule)} {CLOCK_STATES[one.state]}" for one in clocks],
        "state": STATE_NAMES[case.status][0],
        "result": hide_phones_in(str(told.get("complaint_handled", {}).get("text") or "")),
        "visit": known.word(str(told.get("return_visit_done", {}).get("result") or "")),
        "warnings": [says.LEVELS.get(one.level, one.level) for one in warnings],
    }


def last_key(given: Any) -> str:
    """The class that a case has now: of a key, of keys given one after the other, or of these by scheme; empty for none."""
    if isinstance(given, Mapping):
        given = next(iter(given.values()), "")
    if isinstance(given, list | tuple):
        given = given[-1] if given else ""
    return str(given or "")


def said_moment(value: Any) -> str:
    """A moment in the details of a fact (ISO text), written for a list; empty for none."""
    return says.short_moment(datetime.fromisoformat(value)) if isinstance(value, str) and value else ""


def _totals(
    cases: Sequence[Case], period: Period, clocks: Mapping[UUID, list[Clock]], warnings: Mapping[UUID, list[WarningSignal]]
) -> list[dict[str, Any]]:
    late = [case for case in cases if any(one.state in (LATE, OVERDUE) for one in clocks.get(case.id, ()))]
    closed = [case for case in cases if case.closed_at is not None and case.closed_at < period.closes_at]
    counted = {
        "本周受理": sum(case.received_at >= period.opens_at for case in cases),
        "上周结转": sum(case.received_at < period.opens_at for case in cases),
        "已办结": len(closed),
        "未办结": len(cases) - len(closed),
        "有超时": len(late),
    }
    levels = [one.level for case in cases for one in warnings.get(case.id, ())]
    of_levels = {f"{shown}色": levels.count(level) for level, shown in says.LEVELS.items()}
    return [{"label": label, "count": count} for label, count in (counted | of_levels).items()]


def _clocks(organisation_id: UUID, cases: list[UUID]) -> dict[UUID, list[Clock]]:
    found: dict[UUID, list[Clock]] = {}
    for one in Clock.objects.filter(organisation_id=organisation_id, case_id__in=cases).order_by("due_at", "key"):
        if one.case_id is not None and one.state not in (CANCELLED, EXEMPT):
            found.setdefault(one.case_id, []).append(one)
    return found


def _warnings(organisation_id: UUID, cases: list[UUID]) -> dict[UUID, list[WarningSignal]]:
    found: dict[UUID, list[WarningSignal]] = {}
    rows = WarningSignal.objects.filter(organisation_id=organisation_id, case_id__in=cases)
    for one in rows.exclude(state__in=(DISMISSED, WITHDRAWN)).order_by("raised_at", "key"):
        if one.case_id is not None:
            found.setdefault(one.case_id, []).append(one)
    return found


def _facts(organisation_id: UUID, cases: list[UUID]) -> dict[UUID, dict[str, Mapping[str, Any]]]:
    """The details of the last fact of each kind that a summary tells, by case."""
    found: dict[UUID, dict[str, Mapping[str, Any]]] = {}
    hidden = veils(organisation_id, cases)
    for one in Fact.objects.filter(organisation_id=organisation_id, case_id__in=cases, event__in=_TOLD).order_by("at", "number"):
        if one.case_id is not None:
            found.setdefault(one.case_id, {})[one.event] = hidden.get(one.case_id, OPEN).details(one.details)
    return found


def circular(organisation_id: UUID, unit_code: str, period_name: str, at: datetime) -> dict[str, Any]:
    """The body of the monthly circular: totals, ranking of the projects, warnings and deductions of each, results (GP-10.1.3.5a, b)."""
    period, known, tree = period_named(period_name), names(organisation_id, at), places.units(organisation_id)
    terms = terms_of(organisation_id, unit_code, at)
    projects = [unit.code for unit in tree.below(unit_code) if unit.kind == "project"]
    standing = sorted((_standing(organisation_id, code, period, known) for code in projects), key=lambda one: one["rank"])
    month = says.period(period_name)
    received, closed = sum(one["received"] for one in standing), sum(one["closed"] for one in standing)
    text = f"{month}共有投诉等工单{received}件，已办结{closed}件，未办结{received - closed}件。"
    rows = [[str(place), *one["cells"]] for place, one in enumerate(standing, 1)]
    columns = ["名次", "单位", "工单", "办结", "超时", "蓝", "黄", "红", "扣分"]
    return {
        "organisation": known.unit(unit_code),
        "unit": terms.get("quality_department", terms["company"])[0],
        "recipients": f"各{terms['branch'][0]}、各{terms['unit'][0]}",
        "copies": "公司领导、分管领导",
        "issued": says.day(in_shanghai(at)),
        "parts": [
            {"heading": "一、总体情况", "text": [text], "columns": [], "rows": []},
            {"heading": "二、各单位排名、预警及扣分", "text": [], "columns": columns, "rows": rows},
            {"heading": "三、处理结果", "text": [one["result"] for one in standing], "columns": [], "rows": []},
        ],
    }


def _standing(organisation_id: UUID, unit_code: str, period: Period, known: Names) -> dict[str, Any]:
    """How one project stands; the fewer deductions, late cases and cases, the higher its rank."""
    cases = list(cases_of(organisation_id, [unit_code], period))
    ids = [case.id for case in cases]
    clocks = _clocks(organisation_id, ids)
    late = sum(any(one.state in (LATE, OVERDUE) for one in clocks.get(case.id, ())) for case in cases)
    closed = sum(case.closed_at is not None and case.closed_at < period.closes_at for case in cases)
    wanted = scores.Filter(frozenset({unit_code}), period.opens_at, period.closes_at)
    deducted: Decimal = scores.total(organisation_id, wanted)
    raised = WarningSignal.objects.filter(
        organisation_id=organisation_id, unit_code=unit_code, raised_at__gte=period.opens_at, raised_at__lt=period.closes_at
    ).exclude(state__in=(DISMISSED, WITHDRAWN))
    levels = list(raised.values_list("level", flat=True))
    name, shown = known.unit(unit_code), format(deducted.normalize(), "f")
    counts = [len(cases), closed, late, *(levels.count(level) for level in says.LEVELS)]
    return {
        "rank": (-deducted, late, len(cases), unit_code),
        "received": len(cases),
        "closed": closed,
        "cells": [name, *map(str, counts), shown],
        "result": f"{name}：工单{len(cases)}件，办结{closed}件，超时{late}件，扣{shown.removeprefix('-')}分。",
    }
