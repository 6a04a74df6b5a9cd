"""扫码反映: what is the matter at a place, said by whoever scans the code that hangs there. No account; number and query code come back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from huiyin.desk.adoptions.queries import regulations_of
from huiyin.desk.attachments.actions import Prepared, prepare
from huiyin.desk.files.actions import TooMuchToday
from huiyin.desk.people.doors import knocks
from huiyin.desk.places import queries as places
from huiyin.desk.qr_points import access, actions
from huiyin.desk.qr_points.models import QrPoint
from huiyin.desk.qr_points.queries import offered
from huiyin.desk.tracking import access as tracked
from huiyin.desk.tracking import queries as tracking
from huiyin.faces.portal.doors import TOO_MANY, WRONG, chinese, may_knock, sentence
from huiyin.faces.portal.tracking import PROMISES, let_in
from huiyin.plumbing.ids import read_id

COOKIE: Final = "huiyin_receipt"
SALT: Final = "portal.receipt"
KEPT: Final = timedelta(minutes=30)
MOST_SENT: Final = 20
SENT_WITHIN: Final = timedelta(hours=1)
KINDS: Final = {
    "complaint": (gettext_lazy("投诉"), gettext_lazy("服务不满意、有人或事影响到您")),
    "repair": (gettext_lazy("报修"), gettext_lazy("东西坏了、漏水、不亮")),
    "suggestion": (gettext_lazy("建议"), gettext_lazy("希望改进")),
    "help_request": (gettext_lazy("求助"), gettext_lazy("需要帮忙")),
    "inquiry": (gettext_lazy("咨询"), gettext_lazy("想问清楚")),
    "praise": (gettext_lazy("表扬"), gettext_lazy("做得好的人和事")),
}
"""The kinds that are offered, each with what people mean by it."""
_FIELDS: Final = ("record", "place", "story", "name", "phone")


@never_cache
@sensitive_post_parameters("story", "name", "phone")
def qr_point(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a point, its place filled in; sent: the case, and the way to its receipt."""
    now = timezone.now()
    if not may_knock(request, now):
        return render(request, "portal/wait.html", status=TOO_MANY)
    try:
        found = access.by_code(code.upper())
    except access.NotFound:
        raise Http404 from None
    if not (found.open and found.unit.open):
        return render(request, "portal/qr_point_closed.html", {"unit": _unit(found), "point": found}, status=410)
    if request.method == "POST":
        return _brought(request, found, now)
    actions.scanned(found)
    return _form(request, found, {"place": found.place}, str(uuid4()))


def _brought(request: HttpRequest, found: QrPoint, now: datetime) -> HttpResponse:
    sent = {name: request.POST.get(name, "")[:4000].strip() for name in _FIELDS}
    once = read_id(request.POST.get("once", "")) or uuid4()
    if knocks.count("point", request.META.get("REMOTE_ADDR", ""), SENT_WITHIN, at=now) > MOST_SENT:
        return _form(request, found, sent, str(once), _("您这一小时提交的次数太多，请稍后再试，或直接致电。"), TOO_MANY)
    said = actions.Said(
        sent["record"], sent["place"], sent["story"], sent["name"], sent["phone"], confidential="confidential" in request.POST
    )
    try:
        made = actions.bring(found, said, once, _photos(request), at=now)
    except TooMuchToday:
        return _form(request, found, sent, str(once), _("今天收到的照片太多，请去掉照片再提交。"), TOO_MANY)
    except WRONG as error:
        return _form(request, found, sent, str(once), sentence(error))
    answer = HttpResponseRedirect(reverse("qr-receipt"))
    answer.set_signed_cookie(
        COOKIE, f"{made.organisation_id}:{made.case_id}:{made.number}:{made.query_code}", salt=SALT, max_age=KEPT, httponly=True,
        secure=settings.SESSION_COOKIE_SECURE, samesite="Strict",
    )  # fmt: skip
    return let_in(answer, made.organisation_id, made.case_id)


def _photos(request: HttpRequest) -> list[Prepared]:
    """The photos of the form, drawn anew. Raises BadFile."""
    sent = [one for one in request.FILES.getlist("photos") if not isinstance(one, str)]
    # One more than may be is enough for the refusal.
    return [prepare(one.name or "", one.read(settings.ATTACHMENT_MOST_BYTES + 1)) for one in sent[: actions.MOST_PHOTOS + 1] if one.size]


def _form(request: HttpRequest, found: QrPoint, sent: dict[str, str], once: str, error: str = "", status: int = 422) -> HttpResponse:
    context: dict[str, Any] = {
        "point": found,
        "unit": _unit(found),
        "kinds": [(key, *KINDS[key]) for key in offered(regulations_of(found.organisation_id, found.unit.code, timezone.now()))],
        "sent": sent,
        "once": once,
        "confidential": "confidential" in request.POST,
        "error": error,
        "most_photos": actions.MOST_PHOTOS,
        "most_megabytes": settings.ATTACHMENT_MOST_BYTES // 1048576,
    }
    return render(request, "portal/qr_point.html", context, status=status if error else 200)


def _unit(found: QrPoint) -> str:
    names = places.tree(found.organisation_id).names.get(found.unit.code, ("", ""))
    return names[0 if chinese() else 1]


@never_cache
def receipt(request: HttpRequest) -> HttpResponse:
    """The number and query code of what was just sent, and what comes next; half an hour later the way there is the number and the code."""
    told = (request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEPT) or "").split(":")
    organisation, case = (read_id(told[0]), read_id(told[1])) if len(told) == 4 else (None, None)
    if organisation is None or case is None:
        return HttpResponseRedirect(reverse("track"))
    try:
        shown = tracking.tracked(organisation, case)
    except tracked.NotFound:
        return HttpResponseRedirect(reverse("track"))
    promise = {"what": PROMISES[shown.promise[0]], "due_at": shown.promise[1]} if shown.promise else None
    context = {
        "number": told[2],
        "query_code": told[3],
        "promise": promise,
        "now": timezone.now(),
        "unit": places.tree(organisation).names.get(shown.case.unit_code, ("", ""))[0 if chinese() else 1],
        "track_url": request.build_absolute_uri(reverse("track") + f"?number={told[2]}"),
    }
    return render(request, "portal/qr_receipt.html", context)
