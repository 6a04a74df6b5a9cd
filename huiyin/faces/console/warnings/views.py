"""The warning centre, one warning, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core.records import CONFIRMED
from huiyin.desk.warnings import actions
from huiyin.desk.warnings import queries as desk
from huiyin.desk.warnings.models import STATES, WarningSignal
from huiyin.faces.console.acts import address, attempt, back_to, chosen_units, only_post, unit_names
from huiyin.faces.console.warnings import issues, queries
from huiyin.faces.console.warnings.forms import Departments, JointSolution, Solution, Verification
from huiyin.faces.parts.guard import Acting, acting
from huiyin.faces.parts.templatetags.parts import WARNING_LEVELS

PAGE = 50
STATE_WORDS = {
    "raised": gettext_lazy("待核实"),
    "confirmed": gettext_lazy("已核实"),
    "answered": gettext_lazy("已答复"),
    "dismissed": gettext_lazy("误报"),
    "withdrawn": gettext_lazy("已撤销"),
}
SENT = {"yes": True, "no": False}


def _wanted(request: HttpRequest, who: Acting) -> desk.Filter:
    level, state, sent = (request.GET.get(name, "") for name in ("level", "state", "sent"))
    for value, known in ((level, WARNING_LEVELS), (state, STATES), (sent, SENT)):
        if value and value not in known:
            raise Http404
    return desk.Filter(
        levels=(level,) if level else (),
        states=(state,) if state else (),
        units=chosen_units(who, request.GET.get("unit", "")),
        sent=SENT.get(sent),
    )


def centre(request: HttpRequest) -> HttpResponse:
    """The warnings of all units in reach, the latest first, with filters that stand in the address; figures that open their lists."""
    who, now = acting(request), timezone.now()
    wanted = _wanted(request, who)
    page = Paginator(desk.find(who.organisation_id, wanted, at=now), PAGE).get_page(request.GET.get("page"))
    rows = queries.lines(who, list(page.object_list), now)
    chosen = {name: request.GET.get(name, "") for name in ("level", "state", "unit", "sent")}
    context = {
        "page": page,
        "rows": rows,
        "page_query": address("", **chosen).removeprefix("?"),
        "chosen": chosen,
        "figures": _figures(who, wanted, chosen),
        "levels": [(level, str(name)) for level, name in WARNING_LEVELS.items()],
        "states": list(STATE_WORDS.items()),
        "units": unit_names(who).items(),
        "batch": any(row.mine for row in rows),
        "at": now,
    }
    return render(request, "console/warnings/centre.html", context)


def _figures(who: Acting, wanted: desk.Filter, chosen: dict[str, str]) -> list[dict[str, Any]]:
    every = desk.Filter(units=wanted.units)
    counted = {one.name: one.count for one in desk.figures(who.organisation_id, every, at=timezone.now())}
    found = []
    for state, word in STATE_WORDS.items():
        count = sum(number for name, number in counted.items() if name.endswith(f":{state}"))
        url = address(reverse("console:warnings"), state=state, unit=chosen["unit"])
        found.append({"label": word, "count": count, "url": url, "current": chosen["state"] == state and not chosen["level"]})
    return found


def _fetch(request: HttpRequest, number: str) -> tuple[Acting, WarningSignal]:
    who = acting(request)
    found = WarningSignal.objects.filter(organisation_id=who.organisation_id, number=number, unit_code__in=who.codes).first()
    if found is None:
        raise Http404
    return who, found


def one(request: HttpRequest, number: str) -> HttpResponse:
    """One warning with all its evidence and the acts that are due."""
    who, warning = _fetch(request, number)
    return _page(request, who, warning)


def _page(request: HttpRequest, who: Acting, warning: WarningSignal, **bound: forms.Form) -> HttpResponse:
    of = queries.regulation_for(warning)
    unbound = {
        "verification": Verification(initial={"result": CONFIRMED}),
        "solution": Solution(),
        "departments": Departments(of=of),
        "joint": JointSolution(of=of),
    }
    context = {**queries.page(who, warning, timezone.now()), "state_word": STATE_WORDS[warning.state], **unbound, **bound}
    status = 422 if any(form.is_bound and not form.is_valid() for form in bound.values()) else 200
    return render(request, "console/warnings/warning.html", context, status=status)


def verify(request: HttpRequest, number: str) -> HttpResponse:
    """True (and, for blue and yellow, sent on at once by the button that says so), or false alarm with its reason."""
    only_post(request)
    who, warning = _fetch(request, number)
    given = Verification(request.POST)
    if not given.is_valid():
        return _page(request, who, warning, verification=given)
    said: dict[str, Any] = {"by": who.staff.pk, "role": who.role, "at": timezone.now(), "reason": given.cleaned_data["reason"]}
    result = given.cleaned_data["result"]
    if result == CONFIRMED and "send" in request.POST and warning.level != actions.RED:
        done = _("已核实属实并下发：%(number)s") % {"number": number}
        attempt(request, lambda: actions.verify_and_send(who.organisation_id, warning.id, **said), done)
    else:
        done = _("已核实：%(number)s") % {"number": number}
        attempt(request, lambda: actions.verify(who.organisation_id, warning.id, result, **said), done)
    return back_to(reverse("console:warning", args=[number]))


def send(request: HttpRequest, number: str) -> HttpResponse:
    """Send a verified blue or yellow warning on."""
    only_post(request)
    who, warning = _fetch(request, number)
    said: dict[str, Any] = {"by": who.staff.pk, "role": who.role, "at": timezone.now()}
    attempt(request, lambda: actions.send_to_unit(who.organisation_id, warning.id, **said), _("已下发：%(number)s") % {"number": number})
    return back_to(reverse("console:warning", args=[number]))


def _act(
    request: HttpRequest, number: str, name: str, form: Callable[[WarningSignal], forms.Form], act: Callable[..., object], done: str
) -> HttpResponse:
    only_post(request)
    who, warning = _fetch(request, number)
    given = form(warning)
    if not given.is_valid():
        return _page(request, who, warning, **{name: given})
    said: dict[str, Any] = {"by": who.staff.pk, "role": who.role, "at": timezone.now()}
    if not attempt(request, lambda: act(who.organisation_id, warning.id, **given.cleaned_data, **said), done):
        return _page(request, who, warning, **{name: given})
    return back_to(reverse("console:warning", args=[number]))


def forward(request: HttpRequest, number: str) -> HttpResponse:
    """Forward a verified red warning to the departments that it concerns."""

    def given(one: WarningSignal) -> forms.Form:
        return Departments(request.POST, of=queries.regulation_for(one))

    return _act(request, number, "departments", given, actions.forward_to_departments, _("已转发相关职能部门"))


def solution(request: HttpRequest, number: str) -> HttpResponse:
    """The unit's answer to a blue or yellow warning."""
    return _act(request, number, "solution", lambda _one: Solution(request.POST), actions.report_solution, _("方案和完成时间已上报"))


def joint_solution(request: HttpRequest, number: str) -> HttpResponse:
    """The joint solution to a red warning, to the general manager."""

    def given(one: WarningSignal) -> forms.Form:
        return JointSolution(request.POST, of=queries.regulation_for(one))

    return _act(request, number, "joint", given, actions.report_red_solution, _("联合解决方案已上报"))


def batch(request: HttpRequest) -> HttpResponse:
    """Verify several warnings: first what would happen to each, then, confirmed, the same with a result for each."""
    only_post(request)
    who, now = acting(request), timezone.now()
    picked = _picked(request, who)
    rows = queries.lines(who, picked, now)
    given = Verification(request.POST)
    sending = request.POST.get("send") == "yes"
    if "confirm" not in request.POST or not given.is_valid():
        form = given if "confirm" in request.POST else Verification(initial={"result": request.POST.get("result", CONFIRMED)})
        context = {"rows": rows, "form": form, "mine": sum(row.mine for row in rows), "sending": sending,
                   "may_send": any(row.may_send for row in rows)}  # fmt: skip
        return render(request, "console/warnings/batch.html", context)
    ids = [row.warning.id for row in rows if row.mine]
    results = actions.verify_many(
        who.organisation_id,
        ids,
        given.cleaned_data["result"],
        by=who.staff.pk,
        role=who.role,
        at=now,
        reason=given.cleaned_data["reason"],
        send=sending,
    )
    done = {one.warning_id: one for one in results}
    told = [(row, done.get(row.warning.id)) for row in rows]
    return render(request, "console/warnings/batch_done.html", {"told": told, "done": sum(one.done for one in results)})


def _picked(request: HttpRequest, who: Acting) -> list[WarningSignal]:
    ids = [found for text in request.POST.getlist("warning")[:PAGE] if (found := _uuid(text))]
    rows = WarningSignal.objects.filter(organisation_id=who.organisation_id, id__in=ids, unit_code__in=who.codes)
    return list(rows.order_by("raised_at", "id"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


URLS = [
    path("warnings", centre, name="warnings"),
    path("warnings/batch", batch, name="warnings-batch"),
    path("warnings/issues", issues.watched, name="issues"),
    path("warnings/<str:number>", one, name="warning"),
    path("warnings/<str:number>/verify", verify, name="warning-verify"),
    path("warnings/<str:number>/send", send, name="warning-send"),
    path("warnings/<str:number>/forward", forward, name="warning-forward"),
    path("warnings/<str:number>/solution", solution, name="warning-solution"),
    path("warnings/<str:number>/joint-solution", joint_solution, name="warning-joint-solution"),
]
