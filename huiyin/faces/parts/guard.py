"""Who is asking: the person, the post in use, its rights and reach; and the middleware that holds pages to the table of routes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from huiyin.desk.journal.actions import By
from huiyin.desk.people import access
from huiyin.desk.people.models import Post, Staff
from huiyin.desk.people.queries import posts_of
from huiyin.desk.places import queries as places
from huiyin.faces.parts.routes import ANYONE, BY_KEY, ROUTES, SIGNED_IN, Route

POST_KEY = "post"
SECOND_STEP_KEY = "second_step"
"""In a session whose person has passed the second step."""
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Acting:
    """A person acting under one of their posts. ``reach`` are the ids, ``codes`` the codes of the units that the post reaches.

    Without a post nothing is reached and no right is held.
    """

    staff: Staff
    post: Post | None
    posts: tuple[Post, ...]
    reach: frozenset[UUID]
    codes: frozenset[str]
    rights: frozenset[str]

    @property
    def organisation_id(self) -> UUID:
        """The organisation of the person: nothing outside it exists for them."""
        return self.staff.organisation_id

    @property
    def role(self) -> str:
        """The role of the post in use, or nothing."""
        return self.post.role if self.post else ""

    @property
    def by(self) -> By:
        """Who acts, for the journal."""
        return By(self.role, self.staff.pk)

    @property
    def hears(self) -> frozenset[str]:
        """The codes of the units whose messages are still the person's to read: those around and above every post of today.

        A department is written to about all that the unit above it has below it, also where its post reaches less.
        """
        found, tree = set(self.codes), places.units(self.organisation_id)
        for post in self.posts:
            path = tree.path(post.unit.code)
            top = next((code for code in path if tree.by_code[code].kind != "department"), post.unit.code)
            whole = post.role in access.WHOLE_ORGANISATION
            found |= {*path, *(tree.by_code if whole else (unit.code for unit in tree.below(top)))}
        return frozenset(found)

    def may(self, right: str) -> bool:
        """Whether the post in use has the right at all."""
        return right in self.rights


def act_as(staff: Staff, wanted: str, now: datetime) -> Acting:
    """The person under the post with the id ``wanted``, or where that is not theirs today under the one they last chose, else under the
    first that they were given."""
    posts = tuple(posts_of(staff, timezone.localtime(now).date()))
    begins_with = (one for key in (wanted, str(staff.last_post_id)) for one in posts if str(one.pk) == key)
    post = next(begins_with, min(posts, key=lambda one: (one.place, one.from_on), default=None))
    if post is None:
        return Acting(staff, None, (), frozenset(), frozenset(), frozenset())
    reach = access.scope_of(staff, post)
    codes = places.tree(staff.organisation_id).codes
    rights = frozenset(verb for verb, roles in access.RIGHTS.items() if post.role in roles)
    return Acting(staff, post, posts, reach, frozenset(codes[unit] for unit in reach), rights)


def to_settle(staff: Staff, session: Mapping[str, Any]) -> str:
    """The name of the page that the person has to see to in this session before any other; empty where there is none."""
    if staff.must_change_password:
        return "console:password"
    return "console:second-step" if staff.organisation.second_step_asked and not session.get(SECOND_STEP_KEY) else ""


def acting(request: HttpRequest) -> Acting:
    """Who is asking. Raises Http404 for a request that the guard did not let through as somebody's."""
    found = getattr(request, "acting", None)
    if not isinstance(found, Acting):
        raise Http404
    return found


class Guard:
    """Holds every request to the table of routes. What may not be opened looks as if it were not there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; what persons see is nobody else's to keep."""
        response = self.get_response(request)
        if hasattr(request, "acting"):
            response.setdefault("Cache-Control", "no-store")
            self._say_whose(request, response)
        return response

    def _say_whose(self, request: HttpRequest, response: HttpResponse) -> None:
        """Tell the worker on the person's device whose page this is, where it may keep it; no part of a page and nothing that was sent."""
        match = request.resolver_match
        route = ROUTES.get(match.view_name) if match else None
        whole = request.method == "GET" and not request.headers.get("HX-Request")
        if route is not None and route.kept and whole and response.status_code == 200:
            response["X-Keep"] = str(acting(request).staff.pk)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: list[Any], _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None where the request may go on; else what it gets instead. Raises Http404 for what is not the person's."""
        match = request.resolver_match
        route = ROUTES.get(match.view_name) if match else None
        if route is None:
            raise Http404
        if route.right == BY_KEY:
            return None
        # Whoever may not open the page gets the same for every method: 405 would say that it is there.
        if (instead := self._judge(request, route)) is not None:
            return instead
        if request.method not in _SAFE and not route.writes:
            return HttpResponseNotAllowed(_SAFE)
        _refuse_nul(request, match.kwargs if match else {})
        return None

    def _judge(self, request: HttpRequest, route: Route) -> HttpResponse | None:
        staff = request.user
        if isinstance(staff, AnonymousUser) or not staff.is_active:
            return None if route.right == ANYONE else _to_login(request)
        who = act_as(staff, str(request.session.get(POST_KEY, "")), timezone.now())
        request.acting = who  # type: ignore[attr-defined]
        translation.activate(staff.language)
        request.LANGUAGE_CODE = translation.get_language()
        if route.right not in (ANYONE, SIGNED_IN) and route.right not in who.rights:
            raise Http404
        first = "" if route.right == ANYONE or route.unsettled else to_settle(staff, request.session)
        return _go_to(request, reverse(first)) if first else None


def _refuse_nul(request: HttpRequest, named: Mapping[str, Any]) -> None:
    """Raise Http404 for U+0000 in what was asked or sent: no text that is kept can hold it, so nothing has such a name."""
    sent = (value for query in (request.GET, request.POST) for _name, values in query.lists() for value in values)
    if any("\0" in str(one) for one in (*named.values(), *sent)):
        raise Http404


def _to_login(request: HttpRequest) -> HttpResponse:
    login = reverse("console:login")
    if request.headers.get("HX-Request"):
        back = request.headers.get("HX-Current-URL", "")
        return _go_to(request, f"{login}?{urlencode({'next': _path_of(back)})}")
    if request.method not in _SAFE:
        return HttpResponseRedirect(login)
    return HttpResponseRedirect(f"{login}?{urlencode({'next': request.get_full_path()})}")


def _go_to(request: HttpRequest, page: str) -> HttpResponse:
    """Send the whole page there, also where only a part of one was asked for."""
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(page)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = page
    return answer


def _path_of(address: str) -> str:
    after = address.split("://", 1)[-1]
    return "/" + after.split("/", 1)[1] if "/" in after else "/"
