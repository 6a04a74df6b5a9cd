"""The list of inspections, opening one, and the score sheet on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.rules import IndicatorRule
from huiyin.desk.facts.queries import House
from huiyin.desk.inspections import access, actions, queries
from huiyin.desk.inspections.evidence import Span
from huiyin.desk.inspections.queries import Inspection
from huiyin.desk.matters.models import Matter
from huiyin.desk.matters.steps import find, of_name, of_thing
from huiyin.desk.people.queries import names_of
from huiyin.faces.console.acts import back_to, chosen_units, only_post, unit_names
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.words import role_word, unit_word
from huiyin.faces.console.inspections import shown
from huiyin.faces.console.matters.acting import standing_of
from huiyin.faces.console.matters.forms import said
from huiyin.faces.parts.guard import Acting, acting


def fetch(who: Acting, matter: UUID) -> Matter:
    """The inspection with this id, if the post reaches its unit. Raises Http404 otherwise."""
    try:
        return access.fetch(who.organisation_id, matter, who.codes)
    except access.NotFound:
        raise Http404 from None


def listing(request: HttpRequest) -> HttpResponse:
    """The inspections in reach, the latest first; opening one, where the post may."""
    who, unit = acting(request), request.GET.get("unit", "")
    rows = queries.listed(who.organisation_id, chosen_units(who, unit))
    people = names_of(one.by_person for one in rows if one.by_person)
    context = {
        "rows": [_row(who, one, people.get(one.by_person, "") if one.by_person else "") for one in rows],
        "units": unit_names(who).items(),
        "unit": unit,
        "openable": [(code, name) for code, name in unit_names(who).items() if who.may("inspect") and _inspected(who, code)],
        "open_tasks": access.findings(who.organisation_id, who.codes).filter(done_at=None, withdrawn_at=None).count(),
    }
    return render(request, "console/inspections/list.html", context)


def _inspected(who: Acting, unit: str) -> bool:
    """Whether the unit is one that is inspected under a regulation in force there, and has nothing below it that is a unit of its own."""
    adopted = House.of(who.organisation_id).adopted(unit, timezone.now())
    return any(isinstance(rule, IndicatorRule) for one in adopted for rule in one.regulation.rules) and _may_open(who, unit)


def _may_open(who: Acting, unit: str) -> bool:
    now = timezone.now()
    subject = of_name(who.organisation_id, access.INSPECTION, unit, "?", now)
    return find(subject, standing_of(who, unit), now, queries.OPENED) is not None


def _row(who: Acting, one: Inspection, by: str) -> dict[str, Any]:
    return {
        "inspection": one,
        "unit": unit_word(who.organisation_id, one.matter.unit_code),
        "left": shown.points(one.left),
        "whole": shown.points(one.whole),
        "by": by,
        "url": reverse("console:inspection", args=[one.matter.id]),
        "sheet_url": reverse("console:inspection-sheet", args=[one.matter.id]),
    }


def begin(request: HttpRequest) -> HttpResponse:
    """Open an inspection of a unit and go to its checklist."""
    only_post(request)
    who, unit = acting(request), request.POST.get("unit", "")
    if unit not in who.codes:
        raise Http404
    try:
        made = actions.open_inspection(who.organisation_id, unit, standing=standing_of(who, unit), by=who.by, at=timezone.now())
    except SAID as error:
        messages.error(request, tell(error))
        return back_to(reverse("console:inspections"))
    return back_to(reverse("console:inspection", args=[made]))


def sheet(request: HttpRequest, matter: UUID) -> HttpResponse:
    """The score sheet: every deduction with its clause, how often it was found, the findings and photos behind it; to be printed."""
    who, now = acting(request), timezone.now()
    found = fetch(who, matter)
    subject = of_thing(who.organisation_id, found.key, found.unit_code, now)
    findings = queries.findings_of(found)
    names = shown.names_for(findings)
    span = Span(*queries.looked_back(found, now), frozenset({found.unit_code}))
    told = shown.Told(found.unit_code, span, tuple(findings))
    lists = queries.checklists(subject.house, subject.unit, subject.adopted, subject.case, now)
    one = queries.told(who.organisation_id, [found])[0]
    branches = [_on_paper(branch, names) for each in lists for branch in shown.branches(each, told)]
    context = {
        "matter": found,
        "unit": unit_word(who.organisation_id, found.unit_code),
        "inspection": one,
        "left": shown.points(one.left),
        "whole": shown.points(one.whole),
        "titles": [said(each.adopted.regulation.title) for each in lists],
        "branches": branches,
        "by": names_of([one.by_person]).get(one.by_person, "") if one.by_person else "",
        "signers": [role_word("inspector"), _("被检查单位负责人")],
    }
    return render(request, "console/inspections/sheet.html", context)


def _on_paper(branch: dict[str, Any], names: Any) -> dict[str, Any]:
    kept = [one for one in branch["standards"] if one["found"]]
    return {**branch, "standards": [{**one, "found": [shown.finding(each, names) for each in one["found"]]} for one in kept]}
