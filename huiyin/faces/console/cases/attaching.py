"""Adding files to a case alone, opening them, taking them away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.moments import BadText
from huiyin.desk.attachments import access, actions
from huiyin.desk.attachments.models import Attachment
from huiyin.desk.cases.access import moves_with
from huiyin.desk.cases.models import Case
from huiyin.faces.console.acts import attempt, back_to, only_post
from huiyin.faces.console.cases import secret, unmasking
from huiyin.faces.console.cases.errors import SAID, status_of, tell, waited
from huiyin.faces.console.cases.files import keep, sent_files
from huiyin.faces.console.cases.find import fetch
from huiyin.faces.console.cases.page import show
from huiyin.faces.parts.files import served
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.phones import hide_phones_in


def add(request: HttpRequest, number: str) -> HttpResponse:
    """Add files to the case, without any other act. What cannot be taken is told on the case's page, with its status."""
    only_post(request)
    who = acting(request)
    found = fetch(who, number)
    if not any(move.key == "note" for move in moves_with(found, who.rights)):
        raise Http404
    try:
        files = sent_files(request)
        if not files:
            raise BadText("found no file, expected one at least; choose one", "没有选择文件；请先选择")
        keep(who, found.id, files, "", timezone.now())
    except SAID as error:
        return waited(show(request, who, found, status=status_of(error), files_error=tell(error)), error)
    messages.success(request, _("已添加 %(count)s 个附件") % {"count": len(files)})
    return back_to(reverse("console:case", args=[number]) + "#files")


def _fetched(request: HttpRequest, number: str, file: UUID) -> tuple[Acting, Case, Attachment]:
    who = acting(request)
    found = fetch(who, number)
    try:
        return who, found, access.fetch(found, file)
    except access.NotFound:
        raise Http404 from None


def open_file(request: HttpRequest, number: str, file: UUID) -> HttpResponse:
    """The file itself, which is entered: a picture to be seen, everything else to be kept."""
    who, _case, one = _fetched(request, number, file)
    return given(who, one)


def given(who: Acting, one: Attachment) -> HttpResponse:
    """The bytes of a file that the person may have. Raises Http404 where it was taken away a moment ago."""
    try:
        data = actions.look(one, by=who.by, at=timezone.now())
    except access.NotFound:
        raise Http404 from None
    return served(data, one.kind, hide_phones_in(one.name), shown=one.small)


def open_small(request: HttpRequest, number: str, file: UUID) -> HttpResponse:
    """The small picture that stands on the page of the case."""
    _who, _case, one = _fetched(request, number, file)
    try:
        data = actions.small_picture(one)
    except access.NotFound:
        raise Http404 from None
    if not data:
        raise Http404
    return served(data, "image/jpeg", "", shown=True)


def remove(request: HttpRequest, number: str, file: UUID) -> HttpResponse:
    """Take the file away, with the reason: whoever added it may, and who supervises."""
    only_post(request)
    who, _case, one = _fetched(request, number, file)
    if not access.may_remove(one, who.staff.pk, supervises=who.may("supervise")):
        raise Http404
    why = request.POST.get("why", "")
    attempt(request, lambda: actions.take_away(one, why, by=who.by, at=timezone.now()), _("已撤下附件"))
    return back_to(reverse("console:case", args=[number]) + "#files")


def open_secret_file(request: HttpRequest, number: str, file: UUID) -> HttpResponse:
    """A file of a case that holds secrets, for a reason that is kept first. Absent for every post that is not cleared."""
    only_post(request)
    who, now, reason = acting(request), timezone.now(), request.POST.get("reason", "")
    found = fetch(who, number)
    try:
        one = access.fetch_secret(found, file, staff_id=who.staff.pk, role=who.role, at=now)
    except access.NotFound:
        raise Http404 from None
    if reason not in unmasking.PURPOSES:
        raise Http404
    try:
        secret.keep_view(who, found, reason, now)
    except SAID as error:
        messages.error(request, tell(error))
        return back_to(reverse("console:case", args=[number]))
    return given(who, one)
