"""The person's own second step: set up with an app on their telephone, proved, taken off; spare codes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from huiyin.core.moments import BadText
from huiyin.desk.people.doors import second_step
from huiyin.faces.console.cases.errors import tell
from huiyin.faces.console.navigation import home_of
from huiyin.faces.parts.guard import SECOND_STEP_KEY, acting


@never_cache
@sensitive_post_parameters("code", "sealed")
def mine(request: HttpRequest) -> HttpResponse:
    """What stands; sent: the set-up, or – each with a code – going on, new spare codes, taking it off."""
    if request.method != "POST":
        return _page(request)
    do, now, ways = request.POST.get("do", ""), timezone.now(), {"set_up": _set_up, "prove": _prove, "spare": _spare, "off": _off}
    if do not in ways:
        raise Http404
    try:
        return ways[do](request, now)
    except BadText as error:
        return _page(request, wrong=tell(error), status=422)


@sensitive_variables("proposal", "codes")
def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    who = acting(request)
    stands, proposal = second_step.of(who.staff), None
    if stands is None:
        proposal = _proposal(request)
    asked, passed = who.staff.organisation.second_step_asked, bool(request.session.get(SECOND_STEP_KEY))
    context = {
        "stands": stands,
        "proposal": proposal,
        "asked": asked,
        "to_prove": stands is not None and asked and not passed,
        "home": home_of(who),
        **more,
    }
    return render(request, "console/people/second_step.html", context, status=status)


def _proposal(request: HttpRequest) -> second_step.Proposal:
    staff = acting(request).staff
    try:
        return second_step.propose(staff, request.POST.get("sealed", ""))
    except BadText:
        return second_step.propose(staff)


def _code(request: HttpRequest) -> str:
    return request.POST.get("code", "")[:40]


@sensitive_variables("codes")
def _set_up(request: HttpRequest, now: datetime) -> HttpResponse:
    who = acting(request)
    codes = second_step.set_up(who.staff, request.POST.get("sealed", "")[:400], _code(request), by=who.by, at=now)
    request.session[SECOND_STEP_KEY] = True
    return _page(request, codes=codes)


def _prove(request: HttpRequest, now: datetime) -> HttpResponse:
    who = acting(request)
    second_step.prove(who.staff, _code(request), at=now)
    request.session[SECOND_STEP_KEY] = True
    return HttpResponseRedirect(home_of(who))


@sensitive_variables("codes")
def _spare(request: HttpRequest, now: datetime) -> HttpResponse:
    who = acting(request)
    second_step.prove(who.staff, _code(request), at=now)
    codes = second_step.renew_spare_codes(who.staff, by=who.by, at=now)
    return _page(request, codes=codes)


def _off(request: HttpRequest, now: datetime) -> HttpResponse:
    who = acting(request)
    second_step.prove(who.staff, _code(request), at=now)
    second_step.take_off(who.staff, by=who.by, at=now)
    request.session.pop(SECOND_STEP_KEY, None)
    messages.success(request, _("两步验证已关闭"))
    return HttpResponseRedirect(reverse("console:second-step"))
