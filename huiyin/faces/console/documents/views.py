"""Weekly summaries: made, looked at, signed, handed in; monthly circulars; any document as a page and as PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from huiyin.core.recurrence import Period
from huiyin.desk.cases.models import Case
from huiyin.desk.documents import actions, queries
from huiyin.desk.documents.actions import CIRCULAR, WEEKLY
from huiyin.desk.documents.models import SIGNED, WAITING, WITHDRAWN, Document, Signature
from huiyin.desk.people.queries import names_of
from huiyin.desk.places import queries as places
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, attempt, back_to, chosen_units, only_post, unit_names
from huiyin.faces.console.cases.ending import how_destroyed
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.keeping import holding
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import role_name

STATE_WORDS = {
    "draft": gettext_lazy("草稿"),
    "waiting_signatures": gettext_lazy("待签字"),
    "signed": gettext_lazy("已签齐"),
    "submitted": gettext_lazy("已报送"),
    "published": gettext_lazy("已发布"),
    "withdrawn": gettext_lazy("已撤回"),
}
MADE_BY_KINDS = ("project",)
CIRCULATED_BY_KINDS = ("property_company",)
SHOWN_MONTHS = 12


def summaries(request: HttpRequest) -> HttpResponse:
    """The weekly summaries of the units in reach: who has not made, signed or handed in theirs, and the buttons that are due."""
    who, now = acting(request), timezone.now()
    week = periods.chosen(request.GET.get("period", ""), "week", now)
    units = chosen_units(who, request.GET.get("unit", ""))
    rows = _summaries(who, week, units)
    before, after = periods.beside(week)
    unit = request.GET.get("unit", "")
    company = next((one for one in _codes(who, CIRCULATED_BY_KINDS)), "")
    context = {
        "rows": rows,
        "week": week,
        "week_words": periods.words(week.name),
        "before": address("", period=before.name, unit=unit),
        "after": address("", period=after.name, unit=unit),
        "to_sign": sum(bool(row["my_role"]) for row in rows),
        "handed_in": sum(row["state"] == "submitted" for row in rows),
        "may_report": who.may("supervise") and bool(company),
        "company": company,
    }
    return render(request, "console/documents/summaries.html", context)


def _codes(who: Acting, kinds: tuple[str, ...]) -> list[str]:
    by_code = places.units(who.organisation_id).by_code
    return [code for code in unit_names(who) if code in by_code and by_code[code].kind in kinds]


def _summaries(who: Acting, week: Period, units: frozenset[str]) -> list[dict[str, Any]]:
    names = unit_names(who)
    codes = [code for code in _codes(who, MADE_BY_KINDS) if code in units]
    wanted = queries.Filter(kinds=(WEEKLY,), units=frozenset(codes), period=week.name)
    latest: dict[str, Document] = {}
    for document in queries.find(who.organisation_id, wanted).exclude(state=WITHDRAWN):
        latest.setdefault(document.unit_code, document)
    signed = queries.signatures_of(who.organisation_id, [one.id for one in latest.values()])
    return [_row(who, code, names[code], latest.get(code), signed) for code in codes]


def _row(who: Acting, code: str, name: str, document: Document | None, signed: Any) -> dict[str, Any]:
    if document is None:
        return {"code": code, "unit": name, "document": None, "state": "", "word": _("未编制"), "my_role": "", "signatures": []}
    signatures = signed.get(document.id, [])
    return {
        "code": code,
        "unit": name,
        "document": document,
        "state": document.state,
        "word": STATE_WORDS[document.state],
        "my_role": _my_role(who, document, signatures),
        "signatures": _signatures(document, signatures),
        "may_submit": who.may("submit_summary") and document.state in (WAITING, SIGNED),
    }


def _my_role(who: Acting, document: Document, signatures: list[Signature]) -> str:
    """The role in which the person in this post has still to sign the document, or nothing."""
    missing = set(document.signers) - {one.role for one in signatures}
    return who.role if document.state == WAITING and who.role in missing and who.may("sign_summary") else ""


def _signatures(document: Document, signatures: list[Signature]) -> list[dict[str, Any]]:
    by_role, who = {one.role: one for one in signatures}, names_of(one.staff_id for one in signatures)
    language = get_language() or "zh-hans"
    return [
        {"role": role_name(role, language), "name": who.get(by_role[role].staff_id, ""), "at": by_role[role].at}
        if role in by_role
        else {"role": role_name(role, language), "name": "", "at": None}
        for role in document.signers
    ]


def make_summary(request: HttpRequest) -> HttpResponse:
    """Write the summary of a unit's week from the records."""
    only_post(request)
    who, unit, week = acting(request), request.POST.get("unit", ""), request.POST.get("period", "")
    if not who.may("submit_summary") or unit not in _codes(who, MADE_BY_KINDS):
        raise Http404
    try:
        made = actions.make_weekly_summary(who.organisation_id, unit, week, by=who.staff.pk, at=timezone.now(), role=who.role)
    except SAID as error:
        messages.error(request, tell(error))
        return back_to(reverse("console:summaries"))
    messages.success(request, _("已编制 %(number)s，待签字") % {"number": made.number})
    return back_to(reverse("console:document", args=[made.number]))


def sign_summaries(request: HttpRequest) -> HttpResponse:
    """Sign all the summaries that were picked; each was looked at or may be, and each is signed by itself."""
    only_post(request)
    who, now, done = acting(request), timezone.now(), 0
    picked = Document.objects.filter(
        organisation_id=who.organisation_id, number__in=request.POST.getlist("document")[:200], unit_code__in=who.codes, kind=WEEKLY
    )
    signed = queries.signatures_of(who.organisation_id, [one.id for one in picked])
    for document in picked:
        role = _my_role(who, document, list(signed.get(document.id, [])))
        if role:
            actions.sign(document, role, by=who.staff.pk, at=now)
            done += 1
    if done:
        messages.success(request, ngettext("已签 %(n)s 份", "已签 %(n)s 份", done) % {"n": done})
    else:
        messages.error(request, _("没有选中待你签字的汇总。请勾选后再签。"))
    return back_to(address(reverse("console:summaries"), period=request.POST.get("period", "")))


def report_summary(request: HttpRequest) -> HttpResponse:
    """Keep that the quality department reported the week to the leader in charge."""
    only_post(request)
    who, week = acting(request), periods.chosen(request.POST.get("period", ""), "week", timezone.now())
    company = next(iter(_codes(who, CIRCULATED_BY_KINDS)), "")
    if not who.may("supervise") or not company:
        raise Http404
    said: dict[str, Any] = {"by": who.staff.pk, "at": timezone.now(), "role": who.role}
    done = _("已记录：%(week)s 情况已向分管领导汇报") % {"week": periods.words(week.name)}
    attempt(request, lambda: actions.report_weekly_summary(who.organisation_id, company, week.name, **said), done)
    return back_to(address(reverse("console:summaries"), period=week.name))


def circulars(request: HttpRequest) -> HttpResponse:
    """The monthly circulars: the last twelve months, each issued or not; a form for the one that is due."""
    who, now = acting(request), timezone.now()
    month = periods.chosen(request.GET.get("period", ""), "month", now)
    companies = _codes(who, CIRCULATED_BY_KINDS)
    above = [code for one in who.codes for code in places.units(who.organisation_id).path(one)]
    wanted = queries.Filter(kinds=(CIRCULAR,), units=frozenset({*above, *who.codes}))
    issued = list(queries.find(who.organisation_id, wanted)[: SHOWN_MONTHS * 3])
    context = {
        "issued": [{"document": one, "period": periods.words(one.period), "word": STATE_WORDS[one.state]} for one in issued],
        "month": month,
        "month_words": periods.words(month.name),
        "months": [(one.name, periods.words(one.name)) for one in _months(month, now)],
        "may_publish": bool(companies) and who.may("supervise"),
        "companies": [(code, unit_names(who)[code]) for code in companies],
    }
    return render(request, "console/documents/circulars.html", context)


def _months(chosen: Period, now: Any) -> list[Period]:
    found = [periods.chosen("", "month", now)]
    while len(found) < SHOWN_MONTHS:
        found.append(periods.beside(found[-1])[0])
    return found if chosen.name in {one.name for one in found} else [chosen, *found]


def publish_circular(request: HttpRequest) -> HttpResponse:
    """Issue the circular of a month inside the company."""
    only_post(request)
    who, unit = acting(request), request.POST.get("unit", "")
    if not who.may("supervise") or unit not in _codes(who, CIRCULATED_BY_KINDS):
        raise Http404
    month = periods.chosen(request.POST.get("period", ""), "month", timezone.now())
    said: dict[str, Any] = {"by": who.staff.pk, "at": timezone.now(), "role": who.role}
    done = _("已在公司范围内发布 %(month)s 通报") % {"month": periods.words(month.name)}
    attempt(request, lambda: actions.publish_monthly_circular(who.organisation_id, unit, month.name, **said), done)
    return back_to(address(reverse("console:circulars"), period=month.name))


def _fetch(request: HttpRequest, number: str) -> tuple[Acting, Document]:
    who = acting(request)
    found = Document.objects.filter(organisation_id=who.organisation_id, number=number).first()
    # A circular is issued inside the company: everybody who works below it reads it.
    inside = {code for one in who.codes for code in places.units(who.organisation_id).path(one)} | who.codes
    if found is None or found.unit_code not in (inside if found.kind == CIRCULAR else who.codes):
        raise Http404
    return who, found


def document(request: HttpRequest, number: str) -> HttpResponse:
    """A document as it was frozen, who signed it, and what is due with it."""
    who, found = _fetch(request, number)
    signatures = list(queries.signatures_of(who.organisation_id, [found.id]).get(found.id, []))
    numbers = [row.get("number", "") for row in found.body.get("rows", [])]
    cases = Case.objects.filter(organisation_id=who.organisation_id, number__in=numbers)
    context = {
        "document": found,
        "body": queries.body_of(found),
        "word": STATE_WORDS[found.state],
        "period": periods.words(found.period),
        "signatures": _signatures(found, signatures),
        "my_role": _my_role(who, found, signatures),
        "may_submit": found.kind == WEEKLY and who.may("submit_summary") and found.state in (WAITING, SIGNED),
        "missing": len(set(found.signers) - {one.role for one in signatures}),
        "may_withdraw": who.may("withdraw_publication") and found.state != WITHDRAWN and found.destroyed_at is None,
        "destroyed": how_destroyed(who.organisation_id, found.id) if found.destroyed_at else None,
        "hold": holding.on_page(who, "paper", found.id) if found.destroyed_at is None and found.unit_code in who.codes else None,
        "known_cases": set(cases.filter(unit_code__in=who.codes).values_list("number", flat=True)),
        "made_by": names_of([found.made_by]).get(found.made_by, "") if found.made_by else "",
    }
    return render(request, "console/documents/document.html", context)


def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """Sign a document, hand it in, or withdraw it."""
    only_post(request)
    who, found = _fetch(request, number)
    now = timezone.now()
    mine: dict[str, Any] = {"by": who.staff.pk, "role": who.role}
    if what == "sign" and who.role in found.signers and who.may("sign_summary"):
        attempt(request, lambda: actions.sign(found, who.role, by=who.staff.pk, at=now), _("已签字"))
    elif what == "submit" and who.may("submit_summary"):
        attempt(request, lambda: actions.submit_weekly_summary(found, at=now, **mine), _("已报送品质管理部"))
    elif what == "withdraw" and who.may("withdraw_publication"):
        why = request.POST.get("why", "")
        attempt(request, lambda: actions.withdraw(found, why, at=now, **mine), _("已撤回"))
    else:
        raise Http404
    return back_to(reverse("console:document", args=[number]))


def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The document on paper; asked for by a form, because each print is counted."""
    only_post(request)
    who, found = _fetch(request, number)
    made = actions.render(found, by=who.staff.pk, at=timezone.now())
    name = {"Content-Disposition": f'inline; filename="{found.number}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=name)


URLS = [
    path("summaries", summaries, name="summaries"),
    path("summaries/make", make_summary, name="summary-make"),
    path("summaries/sign", sign_summaries, name="summaries-sign"),
    path("summaries/report", report_summary, name="summary-report"),
    path("circulars", circulars, name="circulars"),
    path("circulars/publish", publish_circular, name="circular-publish"),
    path("documents/<str:number>", document, name="document"),
    path("documents/<str:number>/pdf", pdf, name="document-pdf"),
    path("documents/<str:number>/<slug:what>", act, name="document-act"),
]
