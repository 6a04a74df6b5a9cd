"""The forms that the regulations declare (打印表单): chosen for a case, a thing, or a unit and period, and printed filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from huiyin.core.recurrence import BadLimit, period_named
from huiyin.desk.documents import actions, queries
from huiyin.desk.documents.papers.declared import Form
from huiyin.desk.documents.papers.known import Subject
from huiyin.desk.matters.models import Matter
from huiyin.desk.registers import queries as registers
from huiyin.desk.registers.columns import of_cases, show_value
from huiyin.desk.registers.columns.of_cases import CaseLine
from huiyin.desk.registers.models import Entry
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, back_to, only_post, unit_names
from huiyin.faces.console.cases import unmasking
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.find import fetch
from huiyin.faces.console.cases.words import channel_word, language
from huiyin.faces.console.registers.words import NAMES
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.names import mask_name
from huiyin.plumbing.phones import hide_phones_in

MOST_ROWS = 500


def _subject(who: Acting, told: QueryDict) -> Subject:
    """What the request wants forms for. Raises Http404 for a case, thing, unit or period that is not there or not in reach."""
    now = timezone.now()
    if number := told.get("case", ""):
        case = fetch(who, number)
        return Subject(who.organisation_id, str(case.unit_code), now, case=case)
    if named := told.get("matter", ""):
        thing = Matter.objects.filter(organisation_id=who.organisation_id, id=_uuid(named), unit_code__in=who.codes).first()
        if thing is None:
            raise Http404
        return Subject(who.organisation_id, thing.unit_code, now, thing=thing)
    unit = told.get("unit", "") or (who.post.unit.code if who.post else "")
    if unit not in who.codes:
        raise Http404
    return Subject(who.organisation_id, unit, now, period=_period(told.get("period", "")))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _period(name: str) -> str:
    if not name:
        return ""
    try:
        found = period_named(name)
    except (BadLimit, OverflowError):
        raise Http404 from None
    if not periods.is_reckoned(found.opens_at):
        raise Http404
    return found.name


def choose(request: HttpRequest) -> HttpResponse:
    """The forms that may be printed for a case, a thing, or a unit and period, by regulation."""
    who = acting(request)
    subject = _subject(who, request.GET)
    groups: dict[str, list[Form]] = {}
    which = 0 if language().startswith("zh") else 1
    for form in queries.forms_for(who.organisation_id, subject.unit, subject.at):
        groups.setdefault(form.regulation.title[which], []).append(form)
    month = periods.chosen("", "month", subject.at)
    context = {
        "groups": [(title, [{"form": one, "name": one.name[which]} for one in forms]) for title, forms in groups.items()],
        "subject": subject,
        "unit_name": unit_names(who).get(subject.unit, subject.unit),
        "units": unit_names(who).items(),
        "of_unit": subject.case is None and subject.thing is None,
        "periods": [(one.name, periods.words(one.name)) for one in _beside(subject, month)],
        "reasons": _reasons(who, subject),
    }
    return render(request, "console/documents/forms.html", context)


def _reasons(who: Acting, subject: Subject) -> Sequence[tuple[str, str]]:
    if subject.case is None or subject.case.confidential or not who.may("unmask"):
        return ()
    return unmasking.reasons(who, subject.case.unit_code, subject.at)


def _beside(subject: Subject, month: Any) -> list[Any]:
    before = periods.beside(month)[0]
    listed = [month, before, *(periods.chosen("", kind, subject.at) for kind in ("week", "quarter", "year"))]
    own = [period_named(subject.period)] if subject.period and subject.period not in {one.name for one in listed} else []
    return [*own, *listed]


def print_form(request: HttpRequest) -> HttpResponse:
    """A form as PDF; asked for by a form of the page, because the print is entered in the journal."""
    only_post(request)
    who = acting(request)
    subject = _subject(who, request.POST)
    key = request.POST.get("form", "")
    form = next((one for one in queries.forms_for(who.organisation_id, subject.unit, subject.at) if one.key == key), None)
    if form is None:
        raise Http404
    try:
        subject = replace(subject, names=_with_names(who, subject, request.POST.get("reason", "")))
        given, rows = _of_registers(form, subject)
        made = actions.print_form(form.key, subject, by=who.by, given=given, rows=rows)
    except SAID as error:
        messages.error(request, tell(error))
        return back_to(address(reverse("console:forms"), unit=subject.unit, period=subject.period))
    name = {"Content-Disposition": f'inline; filename="{form.key.replace(":", "-")}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=name)


def _with_names(who: Acting, subject: Subject, reason: str) -> bool:
    """Whether names and telephones stand on the paper in full: the reason is kept before."""
    case = subject.case
    if case is None or case.confidential or reason not in unmasking.PURPOSES or not who.may("unmask"):
        return False
    unmasking.view(who, case.unit_code, "form", f"case:{case.id}", case.household_code or case.number, reason, subject.at, case.id)
    return True


def _of_registers(form: Form, subject: Subject) -> tuple[Mapping[str, str], Sequence[Mapping[str, str]]]:
    """What the register of the same clause says: of the case or thing its entry, of a unit's period all its lines."""
    organisation_id, unit = subject.organisation_id, subject.unit
    if subject.case is not None:
        about = {key: str(subject.case.number) for key in ("number", "case", "form_number")}
        entry = registers.latest(organisation_id, unit, form.clause, about, subject.at, subject.case.id)
        return (_values(entry, subject) if entry else {}), ()
    if subject.thing is not None:
        about = {str(subject.thing.about): subject.thing.name, "number": subject.thing.name}
        entry = registers.latest(organisation_id, unit, form.clause, about, subject.at)
        return (_values(entry, subject) if entry else {}), ()
    if not subject.period or not form.listing:
        return {}, ()
    span = period_named(subject.period)
    keys = [book.key for book in registers.books_of(organisation_id, unit, subject.at) if form.clause in book.rule.cites]
    asked = [registers.Filter(key, frozenset({unit}), span.opens_at, span.closes_at) for key in keys]
    return {}, [_values(line, subject) for one in asked for line in _lines(organisation_id, one)]


def _lines(organisation_id: UUID, wanted: registers.Filter) -> Iterable[Entry | CaseLine]:
    if registers.rule_of(wanted.register).of_cases is None:
        return registers.find(organisation_id, wanted).order_by("at", "number")[:MOST_ROWS]
    cases = of_cases.cases_in(organisation_id, wanted).order_by("received_at", "number")[:MOST_ROWS]
    return of_cases.lines(organisation_id, wanted.register, cases, "zh", channel_word)


def _values(entry: Entry | CaseLine, subject: Subject) -> dict[str, str]:
    """The entry's values as papers show them, names and telephones hidden unless a reason was given."""
    told = {}
    for field in registers.rule_of(entry.register).fields:
        said = show_value(field, entry.values.get(field.key))
        told[field.key] = said if subject.names else _hidden(field.key, said)
    return told


def _hidden(key: str, said: str) -> str:
    return mask_name(said) if key in NAMES else hide_phones_in(said)


URLS = [
    path("forms", choose, name="forms"),
    path("forms/print", print_form, name="form-print"),
]
"""Addresses before those of documents by number."""
