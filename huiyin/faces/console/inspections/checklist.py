"""The checklist of one inspection: a finding in one tap, with note, place and photo; taking it back; what the live records propose."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.inspections import FINDING
from huiyin.core.moments import BadText
from huiyin.desk.inspections import access, actions, queries
from huiyin.desk.inspections.actions import Report
from huiyin.desk.inspections.evidence import Span, evidence, keys_behind
from huiyin.desk.inspections.models import Finding
from huiyin.desk.inspections.queries import Checklist
from huiyin.desk.matters.models import Matter
from huiyin.desk.matters.steps import Subject, find, of_thing
from huiyin.desk.places import queries as places
from huiyin.faces.console import sending
from huiyin.faces.console.acts import attempt, back_to, only_post
from huiyin.faces.console.cases.errors import SAID, status_of, tell, waited
from huiyin.faces.console.cases.files import limits
from huiyin.faces.console.cases.words import unit_word
from huiyin.faces.console.inspections import shown
from huiyin.faces.console.inspections.views import fetch
from huiyin.faces.console.matters.acting import standing_of
from huiyin.faces.parts.files import file_name, sent_picture, served
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.ids import new_id


class _Look:
    """One inspection as the page sees it: the thing, its past, its checklists, and what the records say of them."""

    def __init__(self, who: Acting, matter: Matter, now: datetime) -> None:
        self.who, self.matter, self.now = who, matter, now
        self.subject: Subject = of_thing(who.organisation_id, matter.key, matter.unit_code, now)
        self.lists = queries.checklists(self.subject.house, self.subject.unit, self.subject.adopted, self.subject.case, now)
        self.closed_at = queries.closed_at(self.subject.case)
        self.findings = queries.findings_of(matter)
        since, until = queries.looked_back(matter, self.closed_at or now)
        units = frozenset(one.code for one in places.units(who.organisation_id).below(matter.unit_code)) & who.codes
        self.span = Span(since, until, units)
        self.standing = standing_of(who, matter.unit_code)

    @property
    def may_record(self) -> bool:
        """Whether the person may record findings here and now."""
        offered = self.who.may("inspect") and find(self.subject, self.standing, self.now, FINDING) is not None
        return offered and self.closed_at is None

    def told(self, one: Checklist, clause: str = "") -> shown.Told:
        """What stands beside a checklist; with ``clause`` only what the records say of this standard."""
        rules = [each.rule for branch in one.branches for each in branch.standards if each.applies and clause in ("", each.clause)]
        found = evidence(self.who.organisation_id, one.adopted.regulation, rules, self.span)
        return shown.Told(self.matter.unit_code, self.span, tuple(self.findings), found, queries.rejections_of(self.matter))

    def context(self) -> dict[str, Any]:
        """What every part of the page needs."""
        left = sum((one.left for one in self.lists), Decimal())
        whole = sum((one.whole for one in self.lists), Decimal())
        return {
            "matter": self.matter,
            "left": shown.points(left),
            "whole": shown.points(whole),
            "may_record": self.may_record,
            "closed_at": self.closed_at,
            **limits(),
        }


def inspection(request: HttpRequest, matter: UUID) -> HttpResponse:
    """The checklist as a tree: indicators, their standards, what each has cost, and what the records propose."""
    who, now = acting(request), timezone.now()
    look = _Look(who, fetch(who, matter), now)
    names = shown.names_for(look.findings)
    branches = [_with_findings(branch, names) for one in look.lists for branch in shown.branches(one, look.told(one))]
    context = look.context() | {
        "unit": unit_word(who.organisation_id, look.matter.unit_code),
        "branches": branches,
        "days": shown.days_of(look.span),
        "proposed": sum(1 for branch in branches for one in branch["standards"] if one["bad"]),
        "general_url": reverse("console:matter", args=[look.matter.id]),
        "loose": [shown.finding(one, names) for one in look.findings if not any(each.standard(one.clause) for each in look.lists)],
    }
    return render(request, "console/inspections/inspection.html", context)


def _with_findings(branch: dict[str, Any], names: Any) -> dict[str, Any]:
    every = [{**one, "found": [shown.finding(each, names) for each in one["found"]]} for one in branch["standards"]]
    return {**branch, "standards": every}


def record(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Record a finding. The page's script gets the standard as it then stands, or the sentence that says what is wrong."""
    only_post(request)
    who, now = acting(request), timezone.now()
    found = fetch(who, matter)
    by_script = sending.wants_sentence(request)
    clause = request.POST.get("clause", "")
    try:
        report = _report(request, who, found, now)
        actions.record_finding(found, report, standing=standing_of(who, found.unit_code), by=who.by, at=now)
    except SAID as error:
        sentence = tell(error)
        if by_script:
            return waited(sending.sentence(sentence, status_of(error)), error)
        messages.error(request, sentence)
    else:
        if by_script:
            return _standard(request, who, found, clause)
        messages.success(request, _("已登记 %(clause)s") % {"clause": clause})
    return back_to(_place(found, clause))


def _report(request: HttpRequest, who: Acting, found: Matter, now: datetime) -> Report:
    sent = request.POST
    count = sent.get("count", "") or "1"
    return Report(
        id=_id(request.headers.get(sending.KEY, "")) or new_id(now),
        clause=sent.get("clause", ""),
        count=int(count) if count.isascii() and count.isdigit() and len(count) < 6 else 0,
        household=sent.get("household", ""),
        merchant=sent.get("merchant", ""),
        text=sent.get("text", ""),
        at=sending.done_at(request, now),
        told=_told(who, found, sent.get("clause", ""), sent.getlist("rule"), now),
        photo=sent_picture(request, "photo"),
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _told(who: Acting, found: Matter, clause: str, rules: list[str], now: datetime) -> list[dict[str, Any]]:
    """What the records say now under the rules that the finding was proposed by."""
    if not rules:
        return []
    look = _Look(who, found, now)
    for one in look.lists:
        if (standing := one.standard(clause)) is not None:
            told = evidence(who.organisation_id, one.adopted.regulation, [standing.rule], look.span).get(standing.clause, [])
            days = shown.days_of(look.span)
            return [
                {"rule": each.rule, "kind": each.kind, "bad": each.bad, "whole": each.whole, **days} for each in told if each.rule in rules
            ]
    return []


def _standard(request: HttpRequest, who: Acting, found: Matter, clause: str) -> HttpResponse:
    look = _Look(who, found, timezone.now())
    names = shown.names_for(look.findings)
    for one in look.lists:
        if (standing := one.standard(clause)) is not None:
            told = look.told(one, standing.clause)
            row = _with_findings({"standards": [shown.standard(one.adopted.regulation, standing, told)]}, names)["standards"][0]
            context = look.context() | {"one": row}
            answer = render(request, "console/inspections/_standard.html", context)
            answer["X-Left"] = str(context["left"])
            return answer
    raise Http404


def _place(found: Matter, clause: str) -> str:
    return f"{reverse('console:inspection', args=[found.id])}#s-{clause}"


def withdraw(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Take a finding back."""
    only_post(request)
    who, now = acting(request), timezone.now()
    found = fetch(who, matter)
    row = _finding(who, found, request.POST.get("finding", ""))
    why, standing = request.POST.get("reason", ""), standing_of(who, found.unit_code)
    attempt(request, lambda: actions.withdraw_finding(found, row, why, standing=standing, by=who.by, at=now), _("已撤回"))
    return back_to(_place(found, request.POST.get("standard", "") or row.clause))


def _finding(who: Acting, found: Matter, sent: str) -> Any:
    key = _id(sent)
    try:
        row = access.fetch_finding(who.organisation_id, key, who.codes) if key else None
    except access.NotFound:
        row = None
    if row is None or row.inspection_id != found.id:
        raise Http404
    return row


def reject(request: HttpRequest, matter: UUID) -> HttpResponse:
    """Do not count what the live records propose, for a reason."""
    only_post(request)
    who, now = acting(request), timezone.now()
    look = _Look(who, fetch(who, matter), now)
    clause, rule, reason = (request.POST.get(name, "") for name in ("clause", "rule", "reason"))
    counted = _counted(look, clause, rule)

    def act() -> None:
        actions.reject_proposal(look.matter, clause, rule, counted, reason, standing=look.standing, by=who.by, at=now)

    attempt(request, act, _("已记为不扣分"))
    return back_to(_place(look.matter, clause))


def _counted(look: _Look, clause: str, rule: str) -> tuple[int, int]:
    """What went wrong of how much under the rule. Raises Http404 for a rule that tells nothing of the standard."""
    for one in look.lists:
        regulation, standing = one.adopted.regulation, one.standard(clause)
        if standing is not None and rule in keys_behind(regulation, standing.rule):
            told = evidence(look.who.organisation_id, regulation, [standing.rule], look.span).get(standing.clause, [])
            return next(((each.bad, each.whole) for each in told if each.rule == rule), (0, 0))
    raise Http404


def close(request: HttpRequest, matter: UUID) -> HttpResponse:
    """End the inspection and go to its score sheet."""
    only_post(request)
    who, now = acting(request), timezone.now()
    found = fetch(who, matter)
    standing = standing_of(who, found.unit_code)
    done = attempt(request, lambda: actions.close_inspection(found, standing=standing, by=who.by, at=now), _("检查已结束并计分"))
    return back_to(reverse("console:inspection-sheet" if done else "console:inspection", args=[found.id]))


def photo(request: HttpRequest, matter: UUID) -> HttpResponse:
    """A picture of a finding; or one more of it, where one is sent."""
    who, now = acting(request), timezone.now()
    found = fetch(who, matter)
    if request.method == "POST":
        if not who.may("inspect"):
            raise Http404
        row = _finding(who, found, request.POST.get("finding", ""))
        attempt(request, lambda: _add_photo(request, who, row, now), _("照片已保存"))
        return back_to(_place(found, request.POST.get("standard", "") or row.clause))
    key = _id(request.GET.get("photo", ""))
    try:
        picture = access.fetch_photo(who.organisation_id, found, key) if key else None
        data = actions.read_photo(picture) if picture else b""
    except access.NotFound:
        raise Http404 from None
    if picture is None:
        raise Http404
    return served(data, picture.kind, file_name(str(picture.id), picture.kind), shown=True)


def _add_photo(request: HttpRequest, who: Acting, row: Finding, now: datetime) -> None:
    sent = sent_picture(request, "photo")
    if sent is None:
        raise BadText("found no photo, expected one; choose one", "没有选择照片；请先选择")
    actions.add_photo(row, sent, by=who.by, at=now)
