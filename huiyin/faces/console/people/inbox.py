"""The person's messages."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.desk.messaging import actions, queries
from huiyin.desk.messaging.models import Message
from huiyin.desk.people.doors.accounts import choose_wishes
from huiyin.desk.people.queries import reach_of
from huiyin.desk.places import queries as places
from huiyin.faces.console.acts import attempt, only_post
from huiyin.faces.console.cases.find import number_of
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.phones import mask_phone

PAGE = 50
WISHES: Final = [("all", gettext_lazy("全部消息")), ("pressing", gettext_lazy("只要紧要消息")), ("none", gettext_lazy("不要"))]


class WishesForm(forms.Form):
    """Which messages somebody wants outside the house."""

    by_email = forms.ChoiceField(label=gettext_lazy("邮件提醒"), choices=WISHES)
    by_sms = forms.ChoiceField(label=gettext_lazy("短信提醒"), choices=WISHES)


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
    outside = bool(actions.ways_on(who.organisation_id, places.edition(who.organisation_id)))
    context = {"letters": letters, "only_unread": only_unread, "older": older, "outside": outside, "wishes": _wishes_form(who)}
    return render(request, "console/people/messages.html", context)


def _wishes_form(who: Acting, sent: Any = None) -> WishesForm:
    reach = reach_of(who.organisation_id, who.staff.pk)
    form = WishesForm(sent, initial={"by_email": who.staff.by_email, "by_sms": who.staff.by_sms})
    form.fields["by_email"].help_text = (reach and reach.addresses["email"]) or _("还没有登记邮箱")
    form.fields["by_sms"].help_text = (reach and mask_phone(reach.addresses["mobile"])) or _("还没有登记手机")
    return form


def wishes(request: HttpRequest) -> HttpResponse:
    """Keep which messages the person wants by mail and SMS beside the app."""
    only_post(request)
    who, form = acting(request), WishesForm(request.POST)
    if not form.is_valid():
        raise Http404
    attempt(request, lambda: choose_wishes(who.staff, **form.cleaned_data, by=who.by, at=timezone.now()), _("已保存"))
    return HttpResponseRedirect(reverse("console:messages"))


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
