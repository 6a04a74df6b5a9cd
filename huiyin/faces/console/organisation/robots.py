"""Robots of chat groups (群机器人): put up, tried, on and off, taken away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from huiyin.desk.messaging.actions import Sent
from huiyin.desk.messaging.queries import sends_from_here
from huiyin.desk.messaging.texts import reason
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import Unit
from huiyin.desk.robots import access, actions, queries
from huiyin.desk.robots.actions import AFTERNOON, LANGUAGES, MORNING, MOST_NAME, chats
from huiyin.desk.robots.models import Robot
from huiyin.faces.console.acts import attempt, back_to, only_post, unit_names
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.words import language
from huiyin.faces.parts.guard import Acting, acting


class NewRobotForm(forms.Form):
    """A robot of a chat group."""

    unit = forms.ChoiceField(label=gettext_lazy("单位"), help_text=gettext_lazy("推送该单位及下属单位的待办"))
    kind = forms.ChoiceField(label=gettext_lazy("平台"))
    name = forms.CharField(label=gettext_lazy("群名"), max_length=MOST_NAME)
    address = forms.CharField(
        label=gettext_lazy("机器人地址（Webhook）"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("在群设置里添加自定义机器人后复制；保存后不再显示"),
    )
    secret = forms.CharField(
        label=gettext_lazy("加签密钥"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("钉钉、飞书启用“加签”时填写；企业微信没有"),
    )
    morning = forms.BooleanField(label=gettext_lazy("每天早上"), required=False, initial=True, help_text=f"{MORNING:%H:%M}")
    afternoon = forms.BooleanField(label=gettext_lazy("每天下午"), required=False, initial=True, help_text=f"{AFTERNOON:%H:%M}")
    language = forms.ChoiceField(label=gettext_lazy("语言"), choices=list(zip(LANGUAGES, ("中文", "English"), strict=True)))

    def __init__(self, *args: Any, who: Acting, **more: Any) -> None:
        super().__init__(*args, **more)
        tree = places.units(who.organisation_id).by_code
        listed = [(code, name) for code, name in unit_names(who).items() if tree[code].kind != "department"]
        self.fields["unit"].choices = listed  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(kind, chat.label) for kind, chat in chats().items()]  # type: ignore[attr-defined]


@sensitive_post_parameters("address", "secret")
@sensitive_variables("form", "said")
def robots(request: HttpRequest) -> HttpResponse:
    """The robots within reach; sent: a new one."""
    who = acting(request)
    if request.method != "POST":
        return _page(request, who, NewRobotForm(who=who))
    form = NewRobotForm(request.POST, who=who)
    if form.is_valid():
        said = dict(form.cleaned_data)
        unit = _unit(who, said.pop("unit"))
        try:
            actions.put_up(
                unit, said.pop("kind"), said.pop("name"), said.pop("address"), said.pop("secret"), **said, by=who.by, at=timezone.now()
            )
        except SAID as error:
            form.add_error(None, tell(error))
        else:
            messages.success(request, _("已添加；请推送一次确认群里能收到"))
            return back_to(reverse("console:robots"))
    return _page(request, who, form, status=422)


def robot(request: HttpRequest, robot: UUID) -> HttpResponse:
    """Try one, turn it on or off, take it away; anything else does nothing."""
    only_post(request)
    who, now = acting(request), timezone.now()
    one = access.visible(who.reach).filter(pk=robot).first()
    if one is None:
        raise Http404
    do = request.POST.get("do", "")
    if do == "try":
        _try(request, who, one)
    elif do in ("on", "off"):
        done = _("已启用") if do == "on" else _("已停用")
        attempt(request, lambda: actions.switch(one, on=do == "on", by=who.by, at=now), done)
    elif do == "remove":
        attempt(request, lambda: actions.take_away(one, by=who.by, at=now), _("已删除"))
    return back_to(reverse("console:robots"))


def _try(request: HttpRequest, who: Acting, one: Robot) -> None:
    outcome = actions.tell_now(one, by=who.by, at=timezone.now())
    if isinstance(outcome, Sent):
        messages.success(request, _("对方已接收，请到群里查看"))
    else:
        messages.error(request, _("没有发出去：") + reason(outcome.why, language()))


def _unit(who: Acting, code: str) -> Unit:
    found = Unit.objects.filter(pk__in=who.reach, code=code).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, who: Acting, form: NewRobotForm, status: int = 200) -> HttpResponse:
    names, now, known = unit_names(who), timezone.now(), chats()
    rows = [
        {
            "robot": one,
            "unit": names.get(one.unit.code, one.unit.code),
            "kind": known[one.kind].label if one.kind in known else one.kind,
            "text": queries.worded(one, queries.digest(one, now), now),
            "trouble": reason(one.trouble, language()) if one.trouble else "",
        }
        for one in access.visible(who.reach)
    ]
    context = {"rows": rows, "form": form, "leaves": sends_from_here()}
    return render(request, "console/organisation/robots.html", context, status=status)


URLS = [
    path("organisation/robots", robots, name="robots"),
    path("organisation/robots/<uuid:robot>", robot, name="robot"),
]
