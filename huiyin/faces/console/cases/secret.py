"""What is secret of a case: the sentence that says so, and opening it for a reason that is kept, by the posts that are cleared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from huiyin.core.secrecy import CONTACT
from huiyin.desk.attachments import queries as attachments
from huiyin.desk.cases import access
from huiyin.desk.cases.models import Case
from huiyin.desk.people import actions as people
from huiyin.faces.console.cases import shown, timeline, unmasking
from huiyin.faces.console.cases.errors import SAID
from huiyin.faces.console.cases.find import facts_of, fetch
from huiyin.faces.console.cases.words import language
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import part_name

FIELD: Final = "secret"
_COLUMNS: Final[Mapping[str, str]] = {
    "title": gettext_noop("标题"), "story": gettext_noop("内容"), "wish": gettext_noop("要求"), "contact_name": gettext_noop("联系人"),
    "contact_phone": gettext_noop("电话"), "place": gettext_noop("位置"), "household_code": gettext_noop("房号"),
}  # fmt: skip


def told(secrets: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is hidden of a case, a line for each rule: which parts, why, under which clause."""
    chinese = language().startswith("zh")
    return [
        {
            "parts": ("、" if chinese else ", ").join(part_name(one, language()) for one in found.parts) or _("部分文字"),
            "why": found.why[0 if chinese else 1],
            "clause": found.clause,
            "url": shown.clause_url(found.clause),
        }
        for found in access.withheld(secrets)
    ]


def context(who: Acting, case: Case, now: datetime) -> dict[str, Any]:
    """What the case's page says of its secrets, with the way to open them for a post that is cleared."""
    opens = bool(case.secrets) and access.may_open(case, who.staff.pk, who.role, now)
    return {"withheld": told(case.secrets), "secret_url": reverse("console:case-secret", args=[case.number]) if opens else ""}


def open_secret(request: HttpRequest, number: str) -> HttpResponse:
    """Show what is secret of the case, for a reason that is kept before it is shown. Absent for every post that is not cleared."""
    who, now = acting(request), timezone.now()
    found = fetch(who, number)
    if not access.may_open(found, who.staff.pk, who.role, now):
        raise Http404
    reason = request.POST.get("reason", "")
    asked = {"unmask_url": reverse("console:case-secret", args=[number]), "reasons": unmasking.reasons(who, found.unit_code, now)}
    if request.method != "POST" or reason not in unmasking.PURPOSES:
        return render(request, "console/cases/_unmask.html", asked)
    try:
        keep_view(who, found, reason, now)
    except SAID as error:
        why = unmasking.refused(who, found.unit_code, found.number, reason, error, now)
        return render(request, "console/cases/_unmask.html", {**asked, "error": why, "chosen": reason})
    files = [
        {"name": one.name, "size": one.size, "url": reverse("console:case-secret-file", args=[number, one.id])}
        for one in attachments.of_case(who.organisation_id, found.id)
        if one.removed_at is None
    ]
    context = {"value": "\n".join(_lines(who, found)), "is_phone": False, "files": files, "reason": reason}
    return render(request, "console/cases/_unmasked.html", context)


def keep_view(who: Acting, case: Case, reason: str, now: datetime) -> None:
    """Keep who opens the secrets of the case and why. Where they say who the customer is, it is a look at a customer's data too."""
    subject = f"case:{case.id}"
    if any(CONTACT in one.parts for one in access.withheld(case.secrets)):
        unmasking.view(who, case.unit_code, FIELD, subject, case.number, reason, now, case.id)
        return
    purpose = unmasking.purpose_of(who, case.unit_code, reason, now)
    people.unmask(who.organisation_id, who.staff, FIELD, subject, purpose, by=who.by, at=now)


def _lines(who: Acting, case: Case) -> Iterable[str]:
    texts = access.secret_of(case).texts
    yield from (f"{_(label)}：{texts[name]}" for name, label in _COLUMNS.items() if texts.get(name))
    veil, facts = access.veil(case), facts_of(case)
    yield from timeline.lines_beneath(who.organisation_id, facts, veil.details, case.editions)
