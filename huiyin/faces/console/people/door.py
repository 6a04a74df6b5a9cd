"""Coming and going: login, logout, changing the post in use, the language and the looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlparse

from django.contrib import auth, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from huiyin.core.moments import BadText
from huiyin.desk.people.doors import accounts, knocks, second_step
from huiyin.desk.people.models import AFTER_ACT, Staff
from huiyin.faces.console.cases.errors import tell
from huiyin.faces.console.cases.words import language
from huiyin.faces.console.frame import label_of
from huiyin.faces.console.navigation import home_of
from huiyin.faces.parts.guard import POST_KEY, SECOND_STEP_KEY, act_as, acting
from huiyin.rehearsal.demo import being_built
from huiyin.rehearsal.demo.organisation import sheets

LANGUAGES = ("zh-hans", "en")
THEMES = ("auto", "light", "dark")
MOST_TRIES = 8
TRIES_COUNT_FOR = timedelta(minutes=10)
WAITING_KEY = "second_step_waits"
"""In a session: whose password was right, and when; they are nobody until the second step."""
WAITS_FOR = timedelta(minutes=5)


@never_cache
@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    """The login; a person who is signed in already goes on to where they were going."""
    if request.method == "POST":
        return _try(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request, request.GET.get("next", "")) or "/")
    return _form(request, next=_next(request, request.GET.get("next", "")))


def _form(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "parts/login.html", {**_demonstration(), **context}, status=status)


def _try(request: HttpRequest) -> HttpResponse:
    username, wanted = request.POST.get("username", "").strip().lower()[:64], _next(request, request.POST.get("next", ""))
    now, who_tries = timezone.now(), f"{username}:{request.META.get('REMOTE_ADDR', '')}"
    if knocks.counted("login", who_tries, TRIES_COUNT_FOR, at=now) >= MOST_TRIES:
        return _form(request, 429, username=username, next=wanted, error=_("尝试次数过多，请 10 分钟后再试，或请管理员重设密码。"))
    staff = auth.authenticate(request, username=username, password=request.POST.get("password", "")[:200])
    if not isinstance(staff, Staff):
        knocks.count("login", who_tries, TRIES_COUNT_FOR, at=now)
        return _form(request, 200, username=username, next=wanted, error=_("账号或密码不对，请检查大小写和输入法后再试。"))
    knocks.forget("login", who_tries, TRIES_COUNT_FOR, at=now)
    if second_step.of(staff):
        request.session[WAITING_KEY] = {
            "staff": str(staff.pk),
            "hash": staff.get_session_auth_hash(),
            "at": now.timestamp(),
            "next": wanted,
        }
        return HttpResponseRedirect(reverse("console:login-code"))
    return _let_in(request, staff, wanted, now)


def _let_in(request: HttpRequest, staff: Staff, wanted: str, now: datetime) -> HttpResponse:
    auth.login(request, staff)
    who = act_as(staff, "", now)
    return HttpResponseRedirect(wanted if wanted not in ("", "/") else home_of(who))


@never_cache
@sensitive_post_parameters("code")
def login_code(request: HttpRequest) -> HttpResponse:
    """The second step of somebody whose password was right a moment ago; anybody else begins at the login."""
    now = timezone.now()
    staff = _waiting(request, now)
    if staff is None:
        return HttpResponseRedirect(reverse("console:login"))
    if request.method != "POST":
        return render(request, "parts/login_code.html", {})
    try:
        second_step.prove(staff, request.POST.get("code", "")[:40], at=now)
    except BadText as error:
        return render(request, "parts/login_code.html", {"error": tell(error)}, status=422)
    wanted = str(request.session.pop(WAITING_KEY)["next"])
    answer = _let_in(request, staff, wanted, now)
    request.session[SECOND_STEP_KEY] = True
    return answer


def _waiting(request: HttpRequest, now: datetime) -> Staff | None:
    found = request.session.get(WAITING_KEY)
    if not found or now.timestamp() - found["at"] > WAITS_FOR.total_seconds():
        return None
    staff = Staff.objects.filter(pk=found["staff"], is_active=True).first()
    return staff if staff and constant_time_compare(found["hash"], staff.get_session_auth_hash()) else None


def _next(request: HttpRequest, wanted: str) -> str:
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return urlparse(wanted)._replace(scheme="", netloc="").geturl() if safe and wanted.startswith("/") else ""


def _demonstration() -> dict[str, Any]:
    """The people of the demonstration, who are invented, by organisation; of organisations that do not stand, nobody, and which of them are
    being built."""
    told = {one["code"]: one for one in sheets()}
    there = Staff.objects.filter(organisation__code__in=told, is_active=True).values_list("organisation__code", "login")
    found = {(code, login) for code, login in there}
    logins = [
        {"organisation": _name(one), "username": person["login"], "password": one["password"], "label": _shown(person)}
        for code, one in told.items()
        for person in one["staff"]
        if person.get("show") and (code, person["login"]) in found
    ]
    to_come = [_name(one) for one in being_built([code for code, _login in found])]
    return {"demo_logins": logins, "demo_to_come": ("、" if language().startswith("zh") else ", ").join(to_come)}


def _name(told: Mapping[str, Any]) -> str:
    return str(told["name"]["zh" if language().startswith("zh") else "en"])


def _shown(one: dict[str, str]) -> str:
    """Name and post of an invented person in the language of the page; ``show`` gives the post in both, the Chinese first."""
    chinese, _space, english = one["show"].partition(" ")
    return f"{one['zh']} · {chinese}" if language().startswith("zh") else f"{one['en']} · {english}"


def logout(request: HttpRequest) -> HttpResponse:
    """Leave; only by a form, so that no link can log anybody out."""
    if request.method != "POST":
        raise Http404
    auth.logout(request)
    answer = HttpResponseRedirect(reverse("console:login"))
    # Nothing of the person stays on the device; the page's script has cleared it already where the browser does not know this header.
    answer["Clear-Site-Data"] = '"storage"'
    return answer


def change_post(request: HttpRequest) -> HttpResponse:
    """Go on under another of one's posts, without logging out."""
    who, wanted = acting(request), request.POST.get("post", "")
    post = next((one for one in who.posts if str(one.pk) == wanted), None)
    if request.method != "POST" or post is None:
        raise Http404
    request.session[POST_KEY] = wanted
    accounts.use_post(who.staff, post, by=who.by, at=timezone.now())
    messages.success(request, _("现在的身份：%(post)s") % {"post": label_of(post, who.staff.language)})
    return HttpResponseRedirect(home_of(act_as(who.staff, wanted, timezone.now())))


def choose_looks(request: HttpRequest) -> HttpResponse:
    """Keep the person's language, theme or place after an act, and go back to the page they were on."""
    who = acting(request)
    if request.method != "POST":
        raise Http404
    language, theme, after_act = (request.POST.get(name, "") for name in ("language", "theme", "after_act"))
    accounts.choose_looks(
        who.staff,
        by=who.by,
        at=timezone.now(),
        language=language if language in LANGUAGES else "",
        theme=theme if theme in THEMES else "",
        after_act=after_act if after_act in AFTER_ACT else "",
    )
    return HttpResponseRedirect(_next(request, request.POST.get("next", "")) or "/")
