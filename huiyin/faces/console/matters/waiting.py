"""待审批: the decisions that wait for the person, and where each is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.approvals import BY_APPROVAL
from huiyin.core.rules import ApprovalRule
from huiyin.desk.approvals.models import Approval
from huiyin.desk.approvals.queries import waiting_for
from huiyin.desk.cases.models import Case
from huiyin.desk.matters.models import Matter
from huiyin.desk.publications.queries import notices_to_approve
from huiyin.faces.console import periods
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import language, role_word, unit_word
from huiyin.faces.console.matters import requested, shown
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import decision_name, edition_of, regulation_of

MOST = 200


def approvals(request: HttpRequest) -> HttpResponse:
    """The decisions that wait for the post in use, the longest waiting first."""
    who = acting(request)
    found = waiting_for(who.staff, on_day=timezone.localdate(), post=who.post, most=MOST + 1)
    rows = [*rows_of(who, found[:MOST]), *map(_of_notice, notices_waiting(who))]
    context = {"rows": sorted(rows, key=lambda one: one["asked_at"]), "more": len(found) > MOST, "most": MOST}
    return render(request, "console/matters/approvals.html", context)


def notices_waiting(who: Acting) -> list[dict[str, Any]]:
    """The notices to the customers that wait for the post's approval: their unit, month, since when, and their page."""
    found = notices_to_approve(who.organisation_id, who.codes, who.staff.pk) if who.may("approve") and who.may("see_reports") else []
    return [
        {
            "what": _("对外公布"),
            "unit": unit_word(who.organisation_id, one.unit_code),
            "period": periods.words(one.period),
            "asked_at": one.handed_in_at,
            "url": reverse("console:publication", args=[one.id]),
        }
        for one in found
    ]


def _of_notice(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": one["what"], "about": one["period"], "unit": one["unit"], "asked_at": one["asked_at"], "url": one["url"]}


def rows_of(who: Acting, found: list[Approval]) -> list[dict[str, Any]]:
    """Decisions with what they are about and where they are taken."""
    ids = [one.case_id for one in found if one.case_id]
    cases = {one.id: one for one in Case.objects.filter(organisation_id=who.organisation_id, id__in=ids)}
    things = {one.id: one for one in Matter.objects.filter(organisation_id=who.organisation_id, id__in=ids)}
    said = requested.requests(who.organisation_id, found)
    return [_row(who, one, cases, things) | {"said": requested.lines(who.organisation_id, said.get(one.id, {}))} for one in found]


def _row(who: Acting, one: Approval, cases: Mapping[UUID, Case], things: Mapping[UUID, Matter]) -> dict[str, Any]:
    about, url = _subject(one, cases, things)
    rule = rule_of(one.clause)
    decides_here = rule is not None and rule.level is None and (one.case_id in cases or one.case_id in things)
    yes = f"approval_given:{one.clause}" if rule is not None and rule.decided_by == BY_APPROVAL else rule.decided_by if rule else ""
    return {
        "name": decision_name(one.clause, language()),
        "clause": one.clause,
        "clause_url": clause_url(one.clause),
        "about": about or one.subject,
        "unit": unit_word(who.organisation_id, one.unit_code),
        "asked_at": one.asked_at,
        "of": "、".join(role_word(role, edition_of(one.clause)) for role in one.of),
        "url": url,
        "yes_url": f"{url}/steps/{yes}" if decides_here else "",
        "no_url": f"{url}/steps/approval_refused:{one.clause}" if decides_here and rule and rule.decided_by == BY_APPROVAL else "",
    }


def rule_of(clause: str) -> ApprovalRule | None:
    """The rule of the decision under the clause."""
    found = regulation_of(clause)
    rules = found.rules if found else ()
    return next((one for one in rules if isinstance(one, ApprovalRule) and clause == one.cites[0]), None)


def _subject(one: Approval, cases: Mapping[UUID, Case], things: Mapping[UUID, Matter]) -> tuple[str, str]:
    if one.case_id is not None and one.case_id in cases:
        case = cases[one.case_id]
        return f"{case.number} {case.title}", reverse("console:case", args=[case.number])
    if one.case_id is not None and one.case_id in things:
        thing = things[one.case_id]
        return f"{shown.kind_word(thing.about)} {shown.name_of(thing.organisation_id, thing.about, thing.name)}", reverse(
            "console:matter", args=[thing.id]
        )
    if one.issue:
        return one.issue, reverse("console:warnings")
    return one.period or "", reverse("console:unit", args=[one.unit_code])
