"""Ways out of the house: settings of mail and SMS, a message to try them, and what could not be delivered."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from huiyin.desk.messaging import actions, queries
from huiyin.desk.messaging.actions import Channel, Sent, configured_channels
from huiyin.desk.messaging.models import FAILED, Message, Way
from huiyin.desk.messaging.texts import reason, words
from huiyin.desk.people.queries import names_of, reach_of
from huiyin.faces.console.acts import attempt, back_to, only_post
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.words import language
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.ids import read_id
from huiyin.plumbing.phones import hide_phones_in, mask_phone

MOST_SHOWN: Final = 100


class SettingsForm(forms.Form):
    """The settings of a channel, as it declares them. A secret is never shown again; left empty it stays."""

    def __init__(self, *args: Any, channel: Channel, stands: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        for one in channel.fields:
            shared: dict[str, Any] = {"label": one.label, "help_text": one.hint, "required": False, "initial": one.default}
            if one.kind == "choice":
                self.fields[one.name] = forms.ChoiceField(**shared, choices=one.choices)
            elif one.kind == "secret":
                hint = _("已保存，不再显示；不改可不填") if stands else one.hint
                widget = forms.PasswordInput(attrs={"autocomplete": "off"})
                self.fields[one.name] = forms.CharField(**{**shared, "help_text": hint}, strip=False, max_length=500, widget=widget)
            else:
                self.fields[one.name] = forms.CharField(**shared, max_length=300)


def channels(request: HttpRequest) -> HttpResponse:
    """Every way out: whether it is on, what waits and what was lost there, its settings."""
    return _page(request, acting(request))


@sensitive_post_parameters()
@sensitive_variables("form", "said")
def channel(request: HttpRequest, channel: str) -> HttpResponse:
    """Keep the settings of one way, turn it on or off, or send one message now."""
    only_post(request)
    who, known = acting(request), configured_channels().get(channel)
    if known is None:
        raise Http404
    do, now = request.POST.get("do", ""), timezone.now()
    if do == "try":
        return _try(request, who, channel)
    if do in ("on", "off"):
        done = _("已启用") if do == "on" else _("已停用；等待中的消息不再从这里发出")
        attempt(request, lambda: actions.switch_way(who.organisation_id, channel, on=do == "on", by=who.by, at=now), done)
        return back_to(reverse("console:channels"))
    stands = channel in actions.ways_of(who.organisation_id)
    form = SettingsForm(request.POST, channel=known, stands=stands, prefix=channel)
    if not form.is_valid():
        return _page(request, who, forms_sent={channel: form}, status=422)
    said = {name: str(value) for name, value in form.cleaned_data.items()}
    try:
        actions.set_way(who.organisation_id, channel, said, on=True, by=who.by, at=now)
    except SAID as error:
        form.add_error(None, tell(error))
        return _page(request, who, forms_sent={channel: form}, status=422)
    messages.success(request, _("已保存并启用；请发一条测试消息确认"))
    return back_to(reverse("console:channels"))


def _try(request: HttpRequest, who: Acting, name: str) -> HttpResponse:
    address, house = request.POST.get("address", "").strip()[:254], who.staff.organisation.name
    try:
        outcome = actions.try_way(who.organisation_id, name, address, who.staff.language, house, by=who.by, at=timezone.now())
    except SAID as error:
        return _page(request, who, tried={name: {"taken": False, "said": tell(error)}}, address=address, status=422)
    taken = isinstance(outcome, Sent)
    said = outcome.reference if isinstance(outcome, Sent) else reason(outcome.why, language())
    return _page(request, who, tried={name: {"taken": taken, "said": hide_phones_in(said)}}, address=address, status=200 if taken else 422)


def _page(
    request: HttpRequest, who: Acting, *, forms_sent: dict[str, SettingsForm] | None = None, tried: dict[str, Any] | None = None,
    address: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    ways, counts = actions.ways_of(who.organisation_id), queries.by_channel(who.organisation_id)
    own = reach_of(who.organisation_id, who.staff.pk)
    listed: list[dict[str, Any]] = [
        {
            "name": name,
            "channel": known,
            "way": ways.get(name),
            "counts": counts.get(name, {}),
            "lost": sum(count for state, count in counts.get(name, {}).items() if state in ("failed", "dead")),
            "form": (forms_sent or {}).get(name) or _form(name, known, ways.get(name)),
            "tried": (tried or {}).get(name),
            "address": address if tried and name in tried else own.addresses[known.reach] if own else "",
        }
        for name, known in configured_channels().items()
    ]
    context = {"rows": listed, "leaves": queries.sends_from_here(), "lost": sum(one["lost"] for one in listed)}
    return render(request, "console/organisation/channels.html", context, status=status)


def _form(name: str, known: Channel, way: Way | None) -> SettingsForm:
    return SettingsForm(initial=way.settings if way else None, channel=known, stands=way is not None, prefix=name)


def undelivered(request: HttpRequest) -> HttpResponse:
    """What could not be delivered, to whom and why, without what it said; sent: once more, one or all of a channel."""
    who = acting(request)
    if request.method == "POST":
        _again(request, who)
        return back_to(reverse("console:undelivered"))
    rows = queries.lost(who.organisation_id, MOST_SHOWN)
    names = names_of(one.to_staff for one in rows if one.to_staff)
    listed = [
        {
            "message": one,
            "channel": queries.channel_name(one.channel, language()),
            "about": words(one.topic, {}, language())[0],
            "to": names.get(one.to_staff, "") if one.to_staff else _hidden(one),
            "why": hide_phones_in(reason(one.error, language())),
            "refused": one.state == FAILED,
        }
        for one in rows
    ]
    channels_lost = {one.channel: queries.channel_name(one.channel, language()) for one in rows}
    return render(request, "console/organisation/undelivered.html", {"rows": listed, "channels": channels_lost, "most": MOST_SHOWN})


def _hidden(message: Message) -> str:
    """The address of somebody outside, so that it is recognised and not read."""
    name, at, domain = message.to_address.partition("@")
    return f"{name[:1]}***@{domain}" if at else mask_phone(message.to_address)


def _again(request: HttpRequest, who: Acting) -> None:
    now, done = timezone.now(), _("已放回待发，稍后重新发送")
    if channel := request.POST.get("channel", ""):
        attempt(request, lambda: actions.try_all_again(who.organisation_id, channel[:20], by=who.by, at=now), done)
        return
    key = read_id(request.POST.get("message", ""))
    if key is None or not actions.try_again(who.organisation_id, key, by=who.by, at=now):
        raise Http404
    messages.success(request, done)


URLS = [
    path("organisation/channels", channels, name="channels"),
    path("organisation/channels/<slug:channel>", channel, name="channel"),
    path("organisation/undelivered", undelivered, name="undelivered"),
]
