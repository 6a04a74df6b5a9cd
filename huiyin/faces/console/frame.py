"""What stands around every page of the staff: who I am, where I can go, what is new (the context of ``parts/base.html``)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from huiyin.desk.adoptions.queries import regulations_of
from huiyin.desk.messaging.queries import unread_count
from huiyin.desk.people.models import Post
from huiyin.desk.places.models import Organisation
from huiyin.faces.console.acts import called
from huiyin.faces.console.cases.words import terms
from huiyin.faces.console.navigation import NEW_CASES, bars_for, home_of
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook.words import role_name

_THEMES = {"light": "light", "dark": "dark"}


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame; for a part of a page only what parts need. Nothing of it for somebody who is not signed in."""
    basic: dict[str, Any] = {"now": timezone.now(), "language_url": reverse("set_language")}
    who = getattr(request, "acting", None)
    if not isinstance(who, Acting):
        return basic
    basic |= {"who": who, "language_url": reverse("console:looks"), "terms": _terms(who)}
    return basic if request.headers.get("HX-Request") else basic | _around(request, who)


def _around(request: HttpRequest, who: Acting) -> dict[str, Any]:
    side, bottom = bars_for(who, request.path, request.get_full_path(), timezone.now())
    return {
        "organisation": _organisation_name(who, request),
        "home_url": home_of(who),
        "search_url": reverse("console:search"),
        "navigation": side,
        "phone_navigation": bottom,
        "new_cases": _new_cases(who),
        "bell_url": reverse("console:messages"),
        "unread_count": unread_count(who.staff, who.hears),
        "posts": [{"id": post.pk, "label": label_of(post, who.staff.language), "current": post == who.post} for post in who.posts],
        "post_switch_url": reverse("console:post"),
        "logout_url": reverse("console:logout"),
        "password_url": reverse("console:password"),
        "second_step_url": reverse("console:second-step"),
        "device_url": reverse("console:device"),
        "me": {"name": called(who.staff), "key": str(who.staff.pk), "after_act": who.staff.after_act},
        "theme": _THEMES.get(who.staff.theme, ""),
        "live_url": _live_url(request),
    }


def _terms(who: Acting) -> Any:
    """The words of the unit of the post in use, looked up when a page says one."""
    unit = who.post.unit.code if who.post else ""
    return SimpleLazyObject(lambda: terms(who.organisation_id, unit, timezone.now()))


def _organisation_name(who: Acting, request: HttpRequest) -> str:
    found: Organisation = who.staff.organisation
    return found.name if who.staff.language.startswith("zh") else found.name_en or found.name


def _new_cases(who: Acting) -> list[dict[str, Any]]:
    if not who.may("register"):
        return []
    address = reverse("console:register")
    return [{"label": label, "url": f"{address}?record={record}", "key": key} for record, label, key in NEW_CASES]


def label_of(post: Post, language: str) -> str:
    """A post as people call it: the unit and the role."""
    unit = post.unit.name if language.startswith("zh") else post.unit.name_en or post.unit.name
    here = regulations_of(post.unit.organisation_id, post.unit.code, timezone.now())
    return f"{unit} · {role_name(post.role, language, [one.stem for one in here])}"


def _live_url(request: HttpRequest) -> str:
    if not settings.LIVE_PORT:
        return "/live"
    scheme, host = ("https" if request.is_secure() else "http"), request.get_host().rsplit(":", 1)[0]
    return f"{scheme}://{host}:{settings.LIVE_PORT}/live"
