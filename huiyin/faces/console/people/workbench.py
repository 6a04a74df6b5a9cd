"""The workbench: what is late, due within the hour, waiting for me, and unread. Every figure opens its list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.moments import closing_of, in_shanghai, opening_of
from huiyin.desk.approvals.models import Approval
from huiyin.desk.approvals.queries import waiting_for
from huiyin.desk.cases import queries
from huiyin.desk.cases.models import Case
from huiyin.desk.cases.queries import OVERDUE, TODAY, WITHIN_AN_HOUR, Filters
from huiyin.desk.clocks.models import Clock
from huiyin.desk.messaging.queries import unread_count
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console.cases.listing import rows_of, scope_of
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import language, role_word, unit_word
from huiyin.faces.console.matters.waiting import notices_waiting
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import edition_of, rule_name

WORST = 8
SHOWN = 20
MOST_WAITING = 200


def workbench(request: HttpRequest) -> HttpResponse:
    """The home of most posts: first the worst cases, then the figures, then what waits for the person and today's duties."""
    who, now = acting(request), timezone.now()
    if who.post is None:
        return render(request, "console/people/no_post.html")
    context = {
        "tiles": _tiles(who, now),
        "worst": rows_of(who, queries.queue(scope_of(who), Filters(), now, size=WORST)) if who.may("see_cases") else [],
        **_approvals(who),
        "duties": _duties(who, now),
        "shown": SHOWN,
        "today": timezone.localdate(),
    }
    return render(request, "console/people/workbench.html", context)


def _tiles(who: Acting, now: datetime) -> list[dict[str, Any]]:
    unread = _tile(_("未读消息"), unread_count(who.staff, who.hears), f"{reverse('console:messages')}?unread=1")
    if not who.may("see_cases"):
        return [unread]
    list_url = reverse("console:queue")
    counts: Mapping[str, int] = queries.queue_counts(scope_of(who), Filters(), now)
    return [
        _tile(_("已超时"), counts.get(OVERDUE, 0), f"{list_url}?due={OVERDUE}", "late"),
        _tile(_("1小时内到期"), counts.get(WITHIN_AN_HOUR, 0), f"{list_url}?due={WITHIN_AN_HOUR}", "soon"),
        _tile(_("今天到期"), counts.get(TODAY, 0), f"{list_url}?due={TODAY}"),
        _tile(_("未办结"), sum(counts.values()), list_url),
        *_states(who, list_url),
        _tile(_("今日受理"), _received_today(who), f"{list_url}?since=today&state=all"),
        *_warnings(who),
        unread,
    ]


def _tile(label: str, count: int, url: str, tone: str = "") -> dict[str, Any]:
    return {"label": label, "count": count, "url": url, "tone": tone if count else "quiet"}


def _states(who: Acting, list_url: str) -> list[dict[str, Any]]:
    mine = {"organisation_id": who.organisation_id, "unit_code__in": who.codes}
    wanted = (
        ("dispatch", "pending_dispatch", _("待派单")),
        ("accept", "pending_acceptance", _("待接单")),
        ("return_visit", "pending_return_visit", _("待回访")),
    )
    return [
        _tile(label, Case.objects.filter(**mine, status=state).count(), f"{list_url}?state={state}")
        for right, state, label in wanted
        if who.may(right)
    ]


def _received_today(who: Acting) -> int:
    today = timezone.localdate()
    rows = Case.objects.filter(organisation_id=who.organisation_id, unit_code__in=who.codes)
    return rows.filter(received_at__gte=opening_of(today), received_at__lt=closing_of(today)).count()


def _warnings(who: Acting) -> list[dict[str, Any]]:
    address = _address("console:warnings")
    if not address:
        return []
    rows = WarningSignal.objects.filter(organisation_id=who.organisation_id, unit_code__in=who.codes)
    tiles = []
    if who.may("verify_warning"):
        tiles.append(_tile(_("待核实预警"), rows.filter(state="raised").count(), f"{address}?state=raised", "late"))
    if who.may("answer_warning"):
        tiles.append(_tile(_("待答复预警"), rows.filter(state="confirmed").count(), f"{address}?state=confirmed", "late"))
    return tiles


def _address(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""


def _approvals(who: Acting) -> dict[str, Any]:
    """The decisions that wait, the longest waiting shown, all of them counted."""
    every = waiting_for(who.staff, on_day=timezone.localdate(), post=who.post, most=MOST_WAITING + 1)
    notices = notices_waiting(who)
    total = len(every) + len(notices)
    count = total if total <= MOST_WAITING else f"{MOST_WAITING}+"
    rows = sorted([*_rows_of(who, every[:SHOWN]), *notices], key=lambda one: one["asked_at"])
    return {"approvals": rows[:SHOWN], "approvals_count": count}


def _rows_of(who: Acting, found: list[Approval]) -> list[dict[str, Any]]:
    cases = Case.objects.filter(organisation_id=who.organisation_id, id__in=[one.case_id for one in found if one.case_id])
    numbers = dict(cases.values_list("id", "number"))
    return [
        {
            "clause": one.clause,
            "what": _what(one.clause, one.subject),
            "unit": unit_word(who.organisation_id, one.unit_code),
            "asked_at": one.asked_at,
            "url": _where(one, numbers),
        }
        for one in found
    ]


def _what(clause: str, subject: str) -> str:
    from huiyin.rulebook.words import regulation_of

    found = regulation_of(clause)
    rule = next((one for one in found.rules if clause in one.cites and "pproval" in type(one).__name__), None) if found else None
    name = rule.name[0 if language().startswith("zh") else 1] if rule else subject
    return name or subject or clause


def _where(approval: Any, numbers: Mapping[Any, str]) -> str:
    number = numbers.get(approval.case_id)
    if number:
        return reverse("console:case", args=[number])
    if approval.case_id is not None:
        return reverse("console:matter", args=[approval.case_id])
    summaries = _address("console:summaries")
    return summaries if approval.period and summaries else clause_url(approval.clause)


ONE_DAY = r"^\d{4}-\d{2}-\d{2}$"
"""The name of a period of one day."""


def _duties(who: Acting, now: datetime) -> list[dict[str, Any]]:
    """What this post's role owes at its units: the duties of today, and reports that are late. A day missed is for the calendar."""
    today = in_shanghai(now).date()
    midnight = closing_of(today)
    rows = Clock.objects.filter(organisation_id=who.organisation_id, kind="duty", unit_code__in=who.codes, state__in=("running", "overdue"))
    rows = rows.exclude(period__regex=ONE_DAY, due_at__lte=opening_of(today))
    found = rows.filter(responsible=who.role, due_at__lte=midnight).order_by("due_at")
    return [
        {
            "name": rule_name(one.rule, language()),
            "clause": one.cites[0] if one.cites else "",
            "unit": unit_word(who.organisation_id, one.unit_code),
            "period": one.period,
            "due_at": one.due_at,
            "who": role_word(one.responsible, edition_of(one.rule)),
            "url": _address("console:duties") or (clause_url(one.cites[0]) if one.cites else ""),
        }
        for one in found
    ]
