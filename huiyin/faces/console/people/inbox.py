"""The person's messages."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from huiyin.desk.messaging import actions, queries
from huiyin.desk.messaging.models import Message
from huiyin.faces.console.cases.find import number_of
from huiyin.faces.parts.guard import Acting, acting

PAGE = 50


def inbox(request: HttpRequest) -> HttpResponse:
    """The messages, the latest first; a post marks all of them as read."""
    who = acting(request)
    if request.method == "POST":
        actions.read_all(who.staff.pk, at=timezone.now())
        return HttpResponseRedirect(reverse("console:messages"))
    only_unread = request.GET.get("unread") == "1"
    before = _id(request.GET.get("before", ""))
    letters = queries.inbox(who.staff, unread=only_unread, before=before, most=PAGE, language=who.staff.language, units=who.hears)
    older = letters[-1].id if len(letters) == PAGE else None
    return render(request, "console/people/messages.html", {"letters": letters, "only_unread": only_unread, "older": older})


def open_letter(request: HttpRequest, letter: UUID) -> HttpResponse:
    """Mark one message as read and go to what it is about. A message of somebody else is not there."""
    who = acting(request)
    if request.method != "POST":
        raise Http404
    mine = Message.objects.filter(organisation_id=who.organisation_id, to_staff=who.staff.pk, unit_code__in=[*who.hears, ""])
    found = mine.filter(id=letter).first()
    if found is None:
        raise Http404
    actions.read(who.staff.pk, [letter], at=timezone.now())
    return HttpResponseRedirect(_about(who, found))


def _about(who: Acting, message: Message) -> str:
    number = number_of(who, message.case_id) if message.case_id else None
    return reverse("console:case", args=[number]) if number else reverse("console:messages")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
