"""自查: what the live records of a unit say of every standard, before an inspector comes; and the records behind each figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from huiyin.core.rules import Rule
from huiyin.desk.approvals.models import Approval
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.documents.models import Paper
from huiyin.desk.facts.queries import House
from huiyin.desk.inspections import queries
from huiyin.desk.inspections.evidence import evidence, proposed_count, records
from huiyin.desk.matters.models import Matter
from huiyin.desk.places import queries as places
from huiyin.desk.registers.models import Entry
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, own_unit, unit_names
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import CLOCK_STATES, language, unit_word
from huiyin.faces.console.inspections import shown
from huiyin.faces.console.matters.shown import APPROVAL_STATES, PAPER_STATES, kind_word, name_of
from huiyin.faces.console.registers.words import compared_words
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import regulation_of, rule_name

MOST = 500


def audit(request: HttpRequest) -> HttpResponse:
    """Every standard of the unit's checklists with what the records of the span say, and the points that it would cost."""
    who, now = acting(request), timezone.now()
    unit = request.GET.get("unit", "") or _own(who)
    span = shown.span_of(who, unit, request.GET.get("since", ""), request.GET.get("until", ""), now)
    house = House.of(who.organisation_id)
    lists = queries.checklists(house, unit, house.adopted(unit, now), None, now)
    branches, at_risk = [], Decimal()
    for one in lists:
        rules = [each.rule for branch in one.branches for each in branch.standards if each.applies]
        found = evidence(who.organisation_id, one.adopted.regulation, rules, span)
        told = shown.Told(unit, span, (), found)
        at_risk += sum(
            (rule.points * max((proposed_count(rule, each.bad) for each in found.get(rule.cites[0], ())), default=0) for rule in rules),
            Decimal(),
        )
        branches += [
            {**branch, "standards": [each for each in branch["standards"] if each["proposals"]]} for branch in shown.branches(one, told)
        ]
    context = {
        "unit": unit,
        "unit_name": unit_word(who.organisation_id, unit),
        "units": unit_names(who).items(),
        "days": shown.days_of(span),
        "branches": [branch for branch in branches if branch["standards"]],
        "at_risk": shown.points(at_risk),
        "has_list": bool(lists),
    }
    return render(request, "console/inspections/audit.html", context)


def _own(who: Acting) -> str:
    """The post's own unit where it has none below it, else the first of those that inspectors come to."""
    tree, own = places.units(who.organisation_id), own_unit(who)
    above = {unit.parent for unit in tree.by_code.values() if unit.kind != "department"}
    below = (code for code in unit_names(who) if code not in above and tree.by_code[code].kind != "department")
    return own if own and own not in above else next((code for code in below if not own or own in tree.path(code)), own)


def evidence_list(request: HttpRequest) -> HttpResponse:
    """The records behind one figure: which limit, duty, decision or paper it was, and how it stands."""
    who, now = acting(request), timezone.now()
    said = {name: request.GET.get(name, "") for name in ("unit", "rule", "since", "until", "bad")}
    span = shown.span_of(who, said["unit"], said["since"], said["until"], now)
    regulation, name = regulation_of(said["rule"]), said["rule"].partition(":")[2]
    rule: Rule | None = regulation.by_id.get(name) if regulation else None
    if regulation is None or rule is None:
        raise Http404
    found = records(who.organisation_id, regulation, rule, span, bad_only=bool(said["bad"]))
    here = reverse("console:inspection-evidence")
    context = {
        "name": rule_name(said["rule"], language()),
        "clause": rule.cites[0],
        "clause_url": clause_url(rule.cites[0]),
        "unit_name": unit_word(who.organisation_id, said["unit"]),
        "days": shown.days_of(span),
        "rows": _rows(who, found[:MOST]),
        "count": len(found),
        "most": MOST,
        "bad": bool(said["bad"]),
        "other": address(here, **{**said, "bad": "" if said["bad"] else "1"}),
        "back": address(reverse("console:inspection-audit"), unit=said["unit"], **shown.days_of(span)),
    }
    return render(request, "console/inspections/evidence.html", context)


Record = Clock | Approval | Paper | Entry


def _rows(who: Acting, found: Sequence[Record]) -> list[dict[str, Any]]:
    abouts = _abouts(who, found)
    return [_line(who, one, abouts) for one in found]


def _abouts(who: Acting, found: Iterable[Record]) -> dict[Any, tuple[str, str]]:
    """What the records are about, by id: its name and page."""
    ids = [one.case_id for one in found if not isinstance(one, Entry) and one.case_id]
    key = {"organisation_id": who.organisation_id, "id__in": ids}
    cases = {one.id: (f"{one.number} {one.title}", reverse("console:case", args=[one.number])) for one in Case.objects.filter(**key)}
    things = {
        one.id: (f"{kind_word(one.about)} {name_of(who.organisation_id, one.about, one.name)}", reverse("console:matter", args=[one.id]))
        for one in Matter.objects.filter(**key)
    }
    return cases | things


def _line(who: Acting, one: Record, abouts: dict[Any, tuple[str, str]]) -> dict[str, Any]:
    due, state = _state(one)
    unit = unit_word(who.organisation_id, one.unit_code)
    if isinstance(one, Entry):
        url = reverse("console:registers-entry", args=[one.id])
        return {"about": one.label, "url": url, "unit": unit, "period": "", "due_at": due, "state": state}
    about, url = abouts.get(one.case_id, ("", "")) if one.case_id else ("", "")
    period = periods.words(one.period) if one.period else ""
    if not url:
        url = reverse("console:unit", args=[one.unit_code])
    return {"about": about or period or unit, "url": url, "unit": unit, "period": period, "due_at": due, "state": state}


def _state(one: Record) -> tuple[datetime | None, str]:
    if isinstance(one, Entry):
        return one.at, compared_words(one)
    if isinstance(one, Clock):
        return one.due_at, str(CLOCK_STATES.get(one.state, one.state))
    if isinstance(one, Approval):
        return one.asked_at, str(APPROVAL_STATES.get(one.state, one.state))
    return one.at, str(PAPER_STATES.get(one.state, one.state))
