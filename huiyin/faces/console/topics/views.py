"""The page of proposed matters, and what people do with a proposal: confirm, part, undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from huiyin.desk.people.queries import names_of
from huiyin.desk.topics import access, actions, queries
from huiyin.desk.topics.likeness.grouping import Settings
from huiyin.faces.console.acts import address, attempt, back_to, chosen_units, only_post, own_unit, unit_names
from huiyin.faces.console.topics.shown import group_shown
from huiyin.faces.parts.guard import Acting, acting

IN_A_PAGE: Final = 30


def overview(request: HttpRequest) -> HttpResponse:
    """The proposed matters of the units in reach, those that have become an alert first; below them what people decided."""
    who, now = acting(request), timezone.now()
    unit = request.GET.get("unit", "") or own_unit(who)
    codes = chosen_units(who, unit)
    found = queries.groups(who.organisation_id, codes, now)
    page = Paginator([one for one in found if not one.settled], IN_A_PAGE).get_page(request.GET.get("page", "1"))
    names = unit_names(who)
    return render(
        request,
        "console/topics/topics.html",
        {
            "groups": [group_shown(one, names) for one in page],
            "page": page,
            "settled": [group_shown(one, names) for one in found if one.settled],
            "joined": _joined(who, codes),
            "parted": queries.parted(who.organisation_id, codes),
            "unit": unit,
            "units": names.items(),
            "days": queries.DAYS,
            "most": queries.MOST,
            "persons": Settings().persons,
            "may": who.may(actions.RIGHT),
            "here": address(reverse("console:topics"), unit=unit),
        },
    )


def _joined(who: Acting, codes: frozenset[str]) -> list[dict[str, Any]]:
    rows = queries.joined(who.organisation_id, codes)
    numbers = queries.numbers(who.organisation_id, [row.case_id for row in rows])
    people = names_of(row.by_person for row in rows if row.by_person)
    return [
        {
            "number": numbers.get(row.case_id, ""),
            "issue": row.issue,
            "was": row.was,
            "at": row.at,
            "by": people.get(row.by_person, "") if row.by_person else "",
        }
        for row in rows
    ]


def act(request: HttpRequest) -> HttpResponse:
    """Do what a form of a proposal asks for, and go back to where it stood. Raises Http404 for cases that are not there or not in reach."""
    only_post(request)
    who = acting(request)
    chosen, others = _cases(who, request.POST.getlist("case")), _cases(who, request.POST.getlist("other"))
    done = _ACTS.get(request.POST.get("do", ""))
    if done is None or who.post is None:
        raise Http404
    if not chosen:
        messages.error(request, _("请至少勾选一张工单，再确认或否定。"))
        return back_to(_next(request))
    post = actions.Post(who.staff.pk, who.role, who.post.unit.code)
    act, said = done(who, chosen, others, request.POST.get("issue", "").strip(), post)
    attempt(request, act, said)
    return back_to(_next(request))


def _cases(who: Acting, numbers: Sequence[str]) -> list[UUID]:
    try:
        return access.case_ids(who.organisation_id, [one[:40] for one in numbers[: actions.MOST_CASES]], who.codes)
    except access.NotFound:
        raise Http404 from None


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("console:topics")


_Done = tuple[Callable[[], object], str]


def _confirm(who: Acting, chosen: list[UUID], others: list[UUID], issue: str, post: actions.Post) -> _Done:
    cases = [*chosen, *(one for one in others if one not in chosen)]
    name = issue or queries.name_among(who.organisation_id, [*others, *chosen])
    told = _("%(n)s 张工单已归为同一事项“%(name)s”") % {"n": len(cases), "name": name}
    return lambda: actions.confirm(who.organisation_id, cases, name, post=post, at=timezone.now()), told


def _part(who: Acting, chosen: list[UUID], others: list[UUID], _issue: str, post: actions.Post) -> _Done:
    told = _("已记住：这些工单不是同一事项，不再一起提示")
    return lambda: actions.part(who.organisation_id, chosen, others, post=post, at=timezone.now()), told


def _undo(who: Acting, chosen: list[UUID], _others: list[UUID], _issue: str, post: actions.Post) -> _Done:
    return lambda: actions.undo(who.organisation_id, chosen, post=post, at=timezone.now()), _("已撤销，工单恢复原来的归类")


def _take_back(who: Acting, chosen: list[UUID], others: list[UUID], _issue: str, post: actions.Post) -> _Done:
    if len(chosen) != 1 or len(others) != 1:
        raise Http404
    return lambda: actions.take_back(who.organisation_id, chosen[0], others[0], post=post, at=timezone.now()), _("已恢复，可以再次提示")


_ACTS: Final = {"confirm": _confirm, "part": _part, "undo": _undo, "take_back": _take_back}
URLS: Final = [
    path("topics", overview, name="topics"),
    path("topics/act", act, name="topics-act"),
]
