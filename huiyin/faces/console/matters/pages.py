"""The list of things, the page of one thing, and the page of a unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from huiyin.core.subjects import NAMED, PERIODS
from huiyin.desk.cases.access import told_of_cases
from huiyin.desk.cases.lifecycle import Move
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.models import Fact
from huiyin.desk.matters import queries
from huiyin.desk.matters.steps import OPENED, Offer, Subject, of_case, of_thing, of_unit, offers
from huiyin.desk.places import queries as places
from huiyin.desk.publications.writing.posted import has_page
from huiyin.faces.console.acts import address, chosen_units, unit_names
from huiyin.faces.console.cases import timeline
from huiyin.faces.console.cases.words import unit_word
from huiyin.faces.console.matters import handing, naming, shown
from huiyin.faces.console.matters.acting import fetch_matter, standing_of
from huiyin.faces.console.matters.flow import flow
from huiyin.faces.console.matters.forms import said
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import regulation_of

MOST = 200
LISTED_BY_ITSELF = (*NAMED, "issue", "household", "customer")
"""Kinds that the list shows where none is asked for: periods and units have many, and pages of their own."""


def matters(request: HttpRequest) -> HttpResponse:
    """The things in reach, those whose limit breaks next first."""
    who = acting(request)
    units = chosen_units(who, request.GET.get("unit", ""))
    kind, words = request.GET.get("kind", ""), request.GET.get("q", "")[:80]
    counts, asked = queries.counts(who.organisation_id, units), shown.kinds_asked(who, timezone.now())
    wanted = (kind,) if kind in shown.KINDS else LISTED_BY_ITSELF
    rows = queries.listed(who.organisation_id, units, kinds=wanted, words=words, most=MOST + 1)
    chosen = {"unit": request.GET.get("unit", ""), "kind": kind if kind in shown.KINDS else "", "q": words}
    here = reverse("console:matters")
    figures = [
        {"label": word, "count": counts[one], "url": address(here, **{**chosen, "kind": one}), "current": one == chosen["kind"]}
        for one, word in shown.KINDS.items()
        if one in counts
    ]
    context = {
        "rows": [shown.row(who, line) for line in rows[:MOST]],
        "more": len(rows) > MOST,
        "most": MOST,
        "figures": figures,
        "chosen": chosen,
        "units": unit_names(who).items(),
        "kinds": [(one, word) for one, word in shown.KINDS.items() if one in asked or one in counts],
        "new_url": address(reverse("console:matter-new"), unit=chosen["unit"], kind=chosen["kind"] if chosen["kind"] in OPENED else ""),
    }
    return render(request, "console/matters/list.html", context)


def matter(request: HttpRequest, matter: UUID) -> HttpResponse:
    """One thing: its limits with their reckoning, marks, figures, decisions, papers, what happened, and what may be done."""
    who, now = acting(request), timezone.now()
    found = fetch_matter(who, matter)
    subject = of_thing(who.organisation_id, found.key, found.unit_code, now)
    here = reverse("console:matter", args=[found.id])
    listed = offers(subject, standing_of(who, subject.unit), now)
    context = {
        "kind": shown.kind_word(found.about),
        "name": shown.name_of(who.organisation_id, found.about, found.name),
        "matter": found,
        "unit": unit_word(who.organisation_id, found.unit_code),
        "unit_url": reverse("console:unit", args=[found.unit_code]),
        "own_page": shown.page_of(who, found.about, found.id),
        "step_groups": shown.grouped(listed, f"{here}/steps"),
        "figures": shown.figures(queries.figures_of(who.organisation_id, found.id)),
        "cases_naming": naming.cases_naming(who, found),
        "timeline": _told(who, queries.facts_of(who.organisation_id, found.id), subject),
        **shown.records(subject, now),
    }
    return render(request, "console/matters/matter.html", context)


def _told(who: Acting, facts: Sequence[Fact], subject: Subject) -> list[dict[str, Any]]:
    for fact, details in zip(facts, told_of_cases(who.organisation_id, (one.details for one in facts)), strict=True):
        fact.details = details
    return timeline.entries(who.organisation_id, facts, [one.regulation.stem for one in subject.adopted])


def own_unit(request: HttpRequest) -> HttpResponse:
    """The page of the unit of the post in use."""
    who = acting(request)
    if who.post is None or who.post.unit.code not in who.codes:
        raise Http404
    return HttpResponseRedirect(reverse("console:unit", args=[who.post.unit.code]))


def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A unit: what stands about it, its own limits and figures, its duties, its things, and what may be recorded about it."""
    who, now = acting(request), timezone.now()
    if code not in who.codes:
        raise Http404
    subject = of_unit(who.organisation_id, code, now)
    listed = offers(subject, standing_of(who, code), now)
    here = reverse("console:unit", args=[code])
    own = frozenset({code})
    below = chosen_units(who, code)
    owed = Clock.objects.filter(organisation_id=who.organisation_id, kind="duty", unit_code__in=below, state__in=("running", "overdue"))
    periods = queries.listed(who.organisation_id, own, kinds=(*PERIODS, "house"), most=12)
    context = {
        "code": code,
        "unit": unit_word(who.organisation_id, code),
        "titles": [said(one.regulation.title) for one in subject.adopted],
        "step_groups": shown.grouped(listed, f"{here}/steps"),
        "handings": handing.panel(who, code, now, offered=[one.event for one in listed]),
        "owed": owed.count(),
        "owed_late": owed.filter(state="overdue").count(),
        "duties_url": address(reverse("console:duties"), unit=code) if who.may("see_reports") else "",
        "registers_url": _if_there("console:registers", code),
        "page_url": _page_of(who, code, now),
        "things_url": address(reverse("console:matters"), unit=code),
        "things": [shown.row(who, line) for line in queries.listed(who.organisation_id, own, kinds=LISTED_BY_ITSELF, most=12)],
        "periods": [shown.row(who, line) for line in periods],
        "figures": shown.figures(queries.figures_of_unit(who.organisation_id, code)),
        "timeline": _told(who, queries.facts_of_unit(who.organisation_id, code), subject),
        **shown.records(subject, now),
    }
    return render(request, "console/matters/unit.html", context)


def _page_of(who: Acting, code: str, now: datetime) -> str:
    """The address of the unit's public page, where something stands on it."""
    found = places.unit(who.organisation_id, code)
    return reverse("public-page", args=[found.organisation.code, code]) if has_page(found, now) else ""


def _if_there(page: str, unit: str) -> str:
    try:
        return address(reverse(page), unit=unit)
    except NoReverseMatch:
        return ""


def steps_of_case(who: Acting, case_id: UUID, number: str, buttons: Sequence[Move], wanted: str = "") -> dict[str, Any]:
    """The panels of a case's page: the flow with its present step; the acts that the regulations ask for, but for those that a button
    already makes; decisions, papers. ``due_step`` is the act among them that is ``wanted`` next, None where the person has it not."""
    now = timezone.now()
    subject = of_case(who.organisation_id, case_id, now)
    listed = [one for one in offers(subject, standing_of(who, subject.unit), now) if not _has_button(one, buttons)]
    address = reverse("console:case", args=[number])
    found = shown.records(subject, now)
    due = next((one for one in listed if one.event == wanted), None)
    return {
        "flow": flow(subject, now),
        "step_groups": shown.grouped(listed, f"{address}/steps"),
        "due_step": {"label": shown.label_of(due), "url": f"{address}/steps/{due.key}"} if due else None,
        "approvals": found["approvals"],
        "papers": found["papers"],
        "things_named": naming.things_named(who, case_id),
    }


def _has_button(offer: Offer, buttons: Sequence[Move]) -> bool:
    """Whether one of the buttons stores the act with everything that it asks."""
    return any(
        offer.event in move.events
        and move.clause(filter(None, [regulation_of(offer.clause)])) == offer.clause
        and set(offer.asks) <= {need.name for need in move.needs}
        for move in buttons
    )
