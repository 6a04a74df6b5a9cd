"""Quick registration (A01): one page, the keyboard alone, the household found by telephone or room, the same matter found while typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core.rules import RefusalRule, Regulation
from huiyin.desk.cases import actions
from huiyin.desk.cases.actions import Registered, Registration
from huiyin.desk.matters.actions import read_details
from huiyin.desk.people.access import CALL_CENTRE
from huiyin.desk.people.queries import find_residents
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import Household, Unit
from huiyin.faces.console import sending
from huiyin.faces.console.cases import files, shown
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.find import case_clocks, fetch
from huiyin.faces.console.cases.forms import ClassesField
from huiyin.faces.console.cases.needed import layout_of
from huiyin.faces.console.cases.taking import Taking, channel_fields, class_fields
from huiyin.faces.console.cases.words import OWN_CHANNELS, as_map, classes_of, language, record_word, records_of, terms
from huiyin.faces.console.matters.acting import standing_of
from huiyin.faces.console.matters.flow import said_by
from huiyin.faces.console.matters.forms import said as say
from huiyin.faces.console.topics.shown import put_with
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.phones import BadPhone, read_phones
from huiyin.rulebook.classed import unclassed
from huiyin.rulebook.words import class_name

MOST_STORY: Final = 10_000
WORKING_KINDS: Final = frozenset(
    {
        "project", "service_centre", "management_office", "centre", "cluster", "community", "campus", "building",
        "university_logistics_office", "student_apartment_centre",
    }
)  # fmt: skip
"""Kinds of units that take cases: also the offices that answer some of them themselves."""

TAKEN_AT: Final = {"call_centre": "phone", "counter": "counter", "web": "web"}
"""Where a case is taken in (``taken_at`` of a regulation's channels), with the office's own way of that place."""


class IntakeForm(forms.Form):
    """What a receptionist or agent writes down. Only the words are needed; whatever she cannot know may stay empty."""

    contact_phone = forms.CharField(label=gettext_lazy("电话"), max_length=120, required=False)
    place = forms.CharField(label=gettext_lazy("房号或地点"), max_length=200, required=False)
    contact_name = forms.CharField(label=gettext_lazy("姓名"), max_length=50, required=False)
    unit = forms.ChoiceField(label=gettext_lazy("单位"))
    record = forms.ChoiceField(label=gettext_lazy("类型"), widget=forms.RadioSelect)
    story = forms.CharField(
        label=gettext_lazy("内容"), max_length=MOST_STORY, widget=forms.Textarea,
        error_messages={"required": gettext_lazy("请填写内容：发生了什么、在哪里、从什么时候开始。")},
    )  # fmt: skip
    wish = forms.CharField(label=gettext_lazy("诉求"), max_length=2000, required=False, widget=forms.Textarea)
    channel = forms.ChoiceField(label=gettext_lazy("渠道"), required=False)
    urgent = forms.BooleanField(label=gettext_lazy("紧急"), required=False)
    confidential = forms.BooleanField(label=gettext_lazy("保密：不向被投诉人透露姓名"), required=False)
    dispatch = forms.BooleanField(label=gettext_lazy("登记后立即派单"), required=False)

    def __init__(
        self, who: Acting, units: Sequence[tuple[str, str]], taking: Taking, data: QueryDict | None = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial, auto_id="i-%s")
        regulations, self.taking = taking.regulations, taking
        said = terms(who.organisation_id, who.post.unit.code if who.post else "", timezone.now())
        self.fields["unit"].label = said["unit"].capitalize()
        self.fields["wish"].label = _("%(customer)s要求") % said
        self._choose("unit", units)
        self._choose("record", records_of(regulations))
        classes = class_fields(regulations, "category", _("类别"))
        if not classes and classes_of(regulations, "category"):
            classes = {"category": ClassesField(regulations, "category", label=_("类别"), required=False)}
        self.fields |= classes
        self._choose("channel", channels_for(regulations, first=who.role in CALL_CENTRE or taking.asks_anywhere("channel")))
        self.fields |= channel_fields(regulations)
        if events := taking.events():
            self.fields["event"] = forms.ChoiceField(label=_("登记为"), required=False, choices=[("", _("按类型")), *events])
        self.fields |= taking.fields()
        self.may_dispatch = who.may("dispatch")
        self.proposed = data.getlist("proposed") if data is not None else []

    def by_regulation(self, name: str) -> dict[str, str]:
        """What was chosen for the scheme, by the prefix of the regulation."""
        cleaned = self.cleaned_data
        several = {one.partition(".")[2]: str(value) for one, value in cleaned.items() if one.startswith(f"{name}.") and value}
        return several or dict(cleaned.get(name) or {}) if name != "channel" else several

    def clean(self) -> dict[str, Any]:
        """What was written. A case that goes out at once needs the class that decides on its limits; ticked proposals count."""
        said = super().clean() or self.cleaned_data
        if said.get("dispatch") and self.may_dispatch and said.get("record"):
            record = self.taking.record_of(said["record"], said.get("event", ""))
            given = {*as_map(self.proposed), *self.by_regulation("category")}
            for one in unclassed(tuple(found.stem for found in self.taking.regulations), record, frozenset(given)):
                field = f"category.{one.prefix}" if f"category.{one.prefix}" in self.fields else "category"
                self.add_error(field, _("请选择类别：%(title)s按类别计时，没有类别就不起算。") % {"title": say(one.title)})
        return said

    def _choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_contact_phone(self) -> str:
        """The number as it was typed. Raises ValidationError for what is no number and not 无 or the like."""
        typed = str(self.cleaned_data["contact_phone"])
        try:
            read_phones(typed)
        except BadPhone as error:
            raise ValidationError(error.message_zh if language().startswith("zh") else error.message_en) from None
        return typed


def channels_for(regulations: Sequence[Regulation], *, first: bool) -> list[tuple[str, str]]:
    """By which ways cases come in: the regulations' own and those of every office, none that a regulation in force refuses; ``first``: the
    regulations' own stand first, as for the call centre and where a regulation asks for one of its own."""
    named = {
        str(one["key"]): class_name("channels", str(one["key"]), language(), found.stem)
        for found in regulations
        for one in found.source.get("channels", ())
        if one.get("use", "intake") == "intake"
    }
    own = {key: str(OWN_CHANNELS[key]) for key in ("counter", "phone", "wechat", "email") if key not in named}
    allowed = allowed_channels(regulations)
    listed = {**named, **own} if first else {**own, **named}
    return [(key, word) for key, word in listed.items() if allowed is None or key in allowed]


def allowed_channels(regulations: Sequence[Regulation]) -> frozenset[str] | None:
    """The channels besides which a regulation refuses any other (UL-2.0: four ways to complain); None where none does."""
    questions = (one for found in regulations for rule in found.rules if isinstance(rule, RefusalRule) for one in rule.when.questions)
    lists = [frozenset(one.answers) for one in questions if one.about == "fact_not" and one.name == "channel"]
    return frozenset.intersection(*lists) if lists else None


def usual_channel(regulations: Sequence[Regulation], role: str) -> str:
    """The way by which cases reach the post: at the call centre its telephone, anywhere else the person stands at the counter. The word of
    the first regulation that has one for it, else the office's own."""
    place = "call_centre" if role in CALL_CENTRE else "counter"
    named = (str(one["key"]) for found in regulations for one in found.source.get("channels", ()) if one.get("taken_at") == place)
    return next(named, TAKEN_AT[place])


def units_for(who: Acting) -> list[tuple[str, str]]:
    """The units that take cases and that the post reaches, its own first; codes with names."""
    rows = Unit.objects.filter(pk__in=who.reach, kind__in=WORKING_KINDS, open=True).order_by("document_order", "code")
    chinese = language().startswith("zh")
    found = [(row.code, row.name if chinese else row.name_en or row.name) for row in rows]
    own = who.post.unit.code if who.post else ""
    return sorted(found, key=lambda one: one[0] != own)


def register(request: HttpRequest) -> HttpResponse:
    """The page, and its sending: register and dispatch, or urge or join the case that is already there."""
    who = acting(request)
    units = units_for(who)
    unit = request.POST.get("unit") or request.GET.get("unit") or (units[0][0] if units else "")
    taking = Taking(who, unit, timezone.now())
    if request.method != "POST":
        usual = {"record": "complaint", "unit": unit, "dispatch": True, "channel": usual_channel(taking.regulations, who.role)}
        given = {**usual, **_given(request)}
        return _page(request, IntakeForm(who, units, taking, initial=given))
    form = IntakeForm(who, units, taking, request.POST)
    if number := request.POST.get("urge", ""):
        return _urge(request, who, number, str(request.POST.get("story", "")))
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        return _keep(request, who, form)
    except sending.AlreadyDone:
        return HttpResponseRedirect(reverse("console:queue"))
    except SAID as error:
        form.add_error(None, tell(error))
        return _page(request, form, status=422)


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("record", "event", "contact_phone", "place", "story", "channel") if request.GET.get(name)}


def _page(request: HttpRequest, form: IntakeForm, status: int = 200) -> HttpResponse:
    one_unit = len(dict(form.fields["unit"].choices)) == 1  # type: ignore[attr-defined]
    context = {
        "form": form,
        "one_unit": one_unit,
        "layout": layout_of(form, one_unit=one_unit),
        "minds": [{"key": record, "record": record_word(record), "mind": said_by(said)} for record, said in form.taking.mind()],
        "files_lost": bool(request.FILES),
        **files.limits(),
    }
    return render(request, "console/cases/register.html", context, status=status)


def _keep(request: HttpRequest, who: Acting, form: IntakeForm) -> HttpResponse:
    joined = request.POST.get("join", "")
    made, issue = keep(request, who, form, timezone.now())
    return _told(request, made, joined, issue)


def keep(request: HttpRequest, who: Acting, form: IntakeForm, now: datetime) -> tuple[Registered, str]:
    """Take in what the form says, with its files; returns the case, and the matter that it was put with. Raises the errors ``SAID``, and
    AlreadyDone for what was sent before. In: a form that is valid."""
    said = form.cleaned_data
    joined, same = request.POST.get("join", ""), [one for one in request.POST.getlist("same") if one]
    sent = files.sent_files(request)
    with transaction.atomic():
        sending.once(request, who, now)
        into = fetch(who, joined) if joined else None
        wants_dispatch = said["dispatch"] and form.may_dispatch and into is None
        made = actions.register(
            who.organisation_id,
            _registration(who, form, request.POST.getlist("proposed"), sending.done_at(request, now)),
            by=who.staff.pk,
            at=now,
            dispatch_to=said["unit"] if wants_dispatch else None,
            dispatched_by=who.role,
        )
        files.keep(who, made.case_id, sent, files.REGISTERED, now)
        if into is not None and who.post is not None:
            actions.move(
                who.organisation_id, made.case_id, "join", {"into": str(into.id)},
                by=who.staff.pk, post_role=who.role, unit=who.post.unit.code, at=now,
            )  # fmt: skip
        issue = put_with(who, made.case_id, same[:1], now) if same and into is None and who.post is not None else ""
    return made, issue


def _told(request: HttpRequest, made: Registered, joined: str, issue: str) -> HttpResponse:
    if issue:
        messages.success(request, _("已归入同一事项“%(name)s”。") % {"name": issue})
    if joined:
        messages.success(request, _("已登记 %(number)s，并入 %(into)s。") % {"number": made.number, "into": joined})
    return HttpResponseRedirect(reverse("console:registered", args=[made.number]))


def _registration(who: Acting, form: IntakeForm, proposed: Sequence[str], received_at: datetime) -> Registration:
    said, taking = form.cleaned_data, form.taking
    home = household_of(who, said["unit"], said["place"])
    chosen = said.get("event", "")
    record, event = taking.record_of(said["record"], chosen), taking.event_of(said["record"], chosen)
    details = read_details({**_said_already(taking, event, said), **taking.details(event, said)})
    if taking.asks(event, "customer") and (customer := _customer(who, said)):
        details["customer"] = customer
    return Registration(
        record=record,
        event=event,
        unit=said["unit"],
        channel=said["channel"],
        channels=_channels(form),
        story=said["story"],
        wish=said["wish"],
        category={**_taken_over(form, proposed), **form.by_regulation("category")},
        issue=str(details.pop("issue", "")),
        household_id=home.pk if home else None,
        household_code=home.code if home else "",
        place=shown.room(home.code) if home else said["place"],
        contact_name=said["contact_name"],
        contact_phone=said["contact_phone"],
        confidential=said["confidential"],
        urgency="urgent" if said["urgent"] else "",
        received_at=received_at,
        by_role=taking.role(event, standing_of(who, said["unit"])),
        details=details,
    )


def _said_already(taking: Taking, event: str, said: Mapping[str, Any]) -> dict[str, str]:
    """What the act asks that the registration has by fields of its own: who was told where and whom to ring up is not asked again."""
    given = {"address": said["place"], "phone": said["contact_phone"]}
    return {name: text for name, text in given.items() if text and taking.asks(event, name)}


def _taken_over(form: IntakeForm, proposed: Sequence[str]) -> dict[str, str]:
    """The proposed classes that the person ticked, by the regulation's prefix; what the form itself says stands above them."""
    known = dict(classes_of(form.taking.regulations, "category"))
    return as_map(one for one in proposed if one in known)


def _channels(form: IntakeForm) -> dict[str, str]:
    """The channel under each regulation, where one of them names another one than the usual; those that do not are told the usual one."""
    own = form.by_regulation("channel")
    return {one.prefix: own.get(one.prefix, form.cleaned_data["channel"]) for one in form.taking.regulations} if own else {}


def _customer(who: Acting, said: Mapping[str, Any]) -> str:
    """Who the customer is: the one resident who has the telephone, else the person by name."""
    found = find_residents(who.organisation_id, said["contact_phone"]) if said["contact_phone"] else []
    return str(found[0].pk) if len(found) == 1 else str(said["contact_name"])


def household_of(who: Acting, unit_code: str, text: str) -> Household | None:
    """The home of a unit in reach that the text names, however it is written; None where it names none."""
    unit = places.tree(who.organisation_id).ids.get(unit_code)
    return places.find_household(unit, text) if text.strip() and unit in who.reach else None


def _urge(request: HttpRequest, who: Acting, number: str, words: str) -> HttpResponse:
    case, now = fetch(who, number), timezone.now()
    try:
        sent = files.sent_files(request)
        with transaction.atomic():
            actions.move(
                who.organisation_id, case.id, "urge", {"text": words[:MOST_STORY]},
                by=who.staff.pk, post_role=who.role, unit=who.post.unit.code if who.post else "", at=now,
            )  # fmt: skip
            files.keep(who, case.id, sent, "urge", now)
    except SAID as error:
        messages.error(request, tell(error))
        return HttpResponseRedirect(reverse("console:register"))
    messages.success(request, _("已催办 %(number)s，没有另开新单。") % {"number": number})
    return HttpResponseRedirect(reverse("console:case", args=[number]) + "?draft=intake")


def registered(request: HttpRequest, number: str) -> HttpResponse:
    """What the person on the phone or at the counter is told: the number, the query code, what happens next and by when."""
    who = acting(request)
    case = fetch(who, number)
    waiting = [clock for clock in case_clocks(who, case) if clock["open"] and clock["due_at"]]
    context = {
        "case": shown.head(who, case),
        "query_code": case.query_code,
        "clocks": sorted(waiting, key=lambda clock: clock["due_at"]),
        "track_url": f"{request.build_absolute_uri(reverse('track'))}?number={case.number}",
    }
    return render(request, "console/cases/registered.html", context)
