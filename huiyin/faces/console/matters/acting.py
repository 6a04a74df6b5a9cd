"""The form of one act on a case, a thing or a unit, and its sending. What is refused stays on the form, with the clause and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.facts import CONVERTED
from huiyin.core.rules import StepRule
from huiyin.core.secrecy import CONTACT
from huiyin.desk.cases.access import withheld
from huiyin.desk.cases.models import Case
from huiyin.desk.duties.calendar import compiling
from huiyin.desk.facts.actions import Refused
from huiyin.desk.matters import access
from huiyin.desk.matters.actions import record_step
from huiyin.desk.matters.models import Matter
from huiyin.desk.matters.steps import Offer, Subject, fields_of, find, of_case, of_thing, of_unit
from huiyin.desk.people.access import NOBODY, Standing, standing_at
from huiyin.desk.places import queries as places
from huiyin.faces.console import sending
from huiyin.faces.console.cases import files
from huiyin.faces.console.cases.errors import SAID, status_of, tell
from huiyin.faces.console.cases.find import fetch
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import unit_word
from huiyin.faces.console.matters import counting, handing, requested, shown
from huiyin.faces.console.matters.flow import said_by, told_barred
from huiyin.faces.console.matters.forms import ActForm, said
from huiyin.faces.parts.guard import Acting, acting
from huiyin.faces.parts.masks import masked_phone

CARRIED = (
    "title", "story", "wish", "place", "household_id", "household_code", "resident_id", "contact_name", "contact_phone", "confidential",
    "urgency",
)  # fmt: skip
"""What a case that goes on as something else hands down."""
_SAYS_WHO = frozenset({"customer", "household"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where an act is recorded: what it is about, its name for people, the page to go back to, and the columns a new case takes over.
    ``unsaid`` are the details that the form does not fill in, because they are secret of the case. ``case`` is the one that takes files.
    ``told`` is what was told at the registration and need not be told again."""

    subject: Subject
    title: str
    back: str
    carried: dict[str, Any]
    unsaid: frozenset[str] = frozenset()
    case: UUID | None = None
    told: Mapping[str, str] = field(default_factory=dict)


def standing_of(who: Acting, unit: str) -> Standing:
    """What the person is at the unit, under the post in use."""
    if unit not in places.tree(who.organisation_id).ids:
        return NOBODY
    found = places.unit(who.organisation_id, unit)
    return standing_at(who.staff, found, on_day=timezone.localdate(), post=who.post)


def fetch_matter(who: Acting, matter: UUID) -> Matter:
    """The thing with this id, if the post reaches its unit. Raises Http404 otherwise, as for an id that nothing has."""
    try:
        return access.fetch(who.organisation_id, matter, who.codes)
    except access.NotFound:
        raise Http404 from None


def case_step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """An act on a case."""
    who = acting(request)
    found = fetch(who, number)
    place = place_of(found, of_case(who.organisation_id, found.id, timezone.now()))
    return _act(request, who, replace(place, back=back_of(request) or place.back), step)


def place_of(found: Case, subject: Subject) -> Place:
    """The case as the place of an act."""
    secret = any(CONTACT in one.parts for one in withheld(found.secrets))
    told = {} if secret else {"address": found.place, "phone": found.contact_phone.split("、")[0]}
    back = reverse("console:case", args=[found.number])
    unsaid = _SAYS_WHO if secret else frozenset()
    known = {name: text for name, text in told.items() if text}
    return Place(subject, f"{found.number} {found.title}", back, _carried(found), unsaid, found.id, known)


def back_of(request: HttpRequest) -> str:
    """The page on which the act was done, where it was done on the duty screen."""
    return reverse("console:duty") if request.POST.get("from") == "duty" else ""


def _carried(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in CARRIED}


def matter_step(request: HttpRequest, matter: UUID, step: str) -> HttpResponse:
    """An act about a thing."""
    who = acting(request)
    found = fetch_matter(who, matter)
    subject = of_thing(who.organisation_id, found.key, found.unit_code, timezone.now())
    title = f"{shown.kind_word(found.about)} {shown.name_of(who.organisation_id, found.about, found.name)}"
    return _act(request, who, Place(subject, title, reverse("console:matter", args=[found.id]), {}), step)


def unit_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """An act about a unit, one of its periods, households or customers."""
    who = acting(request)
    if code not in who.codes:
        raise Http404
    subject = of_unit(who.organisation_id, code, timezone.now())
    return _act(request, who, Place(subject, unit_word(who.organisation_id, code), reverse("console:unit", args=[code]), {}), step)


def _act(request: HttpRequest, who: Acting, place: Place, step: str) -> HttpResponse:
    now, standing = timezone.now(), standing_of(who, place.subject.unit)
    offer = find(place.subject, standing, now, step)
    if offer is None:
        raise Http404
    if own := shown.own_form(offer, now):
        return HttpResponseRedirect(own)
    form = form_of(who, place, offer, now, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return page(request, place, offer, form)
    act = form.act()
    act = replace(act, details={**{name: text for name, text in place.told.items() if name in offer.asks}, **act.details})
    act = replace(act, details={**act.details, **compiling.figures(offer, place.subject, str(act.details.get("period", "")))})
    if handing.lacks_a_choice(who, place.subject.unit, act.details, offer.event, now):
        form.add_error(None, _("这一期还有应交的没有勾选；请勾选本次上交的，未齐的可以留待补交。"))
        return page(request, place, offer, form)
    if offer.event == CONVERTED:
        act = replace(act, carried=place.carried)
    try:
        sent = files.sent_files(request) if place.case else []
        began_at = place.subject.case.received_at if place.subject.case else None
        act = replace(act, happened_at=act.happened_at or sending.done_in_turn(request, who, place.case, now, began_at))
        with transaction.atomic():
            sending.once(request, who, now)
            record_step(place.subject, offer, act, standing=standing, by=who.staff.pk, at=now)
            if place.case:
                files.keep(who, place.case, sent, offer.event, now)
    except sending.AlreadyDone:
        pass
    except SAID as error:
        return page(request, place, offer, form, error)
    done = _("已登记：%(act)s") % {"act": shown.done_of(offer)}
    if sending.wants_sentence(request):
        return sending.sentence(done)
    messages.success(request, done)
    return HttpResponseRedirect(place.back)


def form_of(who: Acting, place: Place, offer: Offer, now: datetime, data: Any = None) -> ActForm:
    """The form of the act there. What was told at the registration is filled in; a telephone stays hidden and is taken if none is typed."""
    fields = [replace(one, initial=None) if one.name in place.unsaid else one for one in fields_of(offer, place.subject, now)]
    form = ActForm(offer, fields, who, data)
    for name, text in place.told.items():
        if name in offer.asks and name in form.fields:
            form.fields[name].required = False
            if name == "phone":
                form.fields[name].help_text = _("登记时已留 %(phone)s，不填即用这个号码") % {"phone": masked_phone(text)}
            else:
                form.fields[name].initial = text
    for name, value in requested.proposed(requested.request_of(place.subject, offer), offer.asks).items():
        if name in form.fields:
            form.fields[name].initial = value
    return form


def page(request: HttpRequest, place: Place, offer: Offer, form: ActForm, error: Exception | None = None) -> HttpResponse:
    """The page of the form; with what was typed and, where the act was refused, the clause that forbids it and why. A script gets why."""
    if sending.wants_sentence(request):
        return sending.sentence(tell(error), status_of(error)) if error else sending.sentence(sending.wrong_in(form), 422)
    context = {
        "form": form,
        "label": shown.label_of(offer),
        "rule_name": said(offer.rules[0][1].name),
        "sources": shown.sources(offer.clauses),
        "requested": requested.lines(place.subject.organisation_id, requested.request_of(place.subject, offer)),
        "barred": [] if error else told_barred(offer, place.subject, timezone.now()),
        "mind": said_by(dict.fromkeys(one for _adopted, rule in offer.rules if isinstance(rule, StepRule) for one in rule.mind)),
        "compiled": counting.panel(form, offer, place.subject),
        "handings": handing.panel(form.who, place.subject.unit, timezone.now()) if any(one.kind == "cases" for one in form.asked) else (),
        "title": place.title,
        **(files.limits() if place.case else {}),
        "back": place.back,
        "refused": tell(error) if error else "",
        "refused_url": clause_url(error.refusal.clause) if isinstance(error, Refused) else "",
        "refused_clause": error.refusal.clause if isinstance(error, Refused) else "",
    }
    return render(request, "console/matters/step.html", context)
