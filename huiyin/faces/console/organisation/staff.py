"""People: found and added; one person's account and posts."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from huiyin.core.moments import BadText
from huiyin.desk.people import actions
from huiyin.desk.people.doors import accounts, second_step
from huiyin.desk.people.models import Post, SecondStep, Staff
from huiyin.desk.places import queries as places
from huiyin.desk.places.actions import ask_second_step
from huiyin.faces.console.acts import address, attempt, back_to, called, only_post
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.words import language
from huiyin.faces.console.frame import label_of
from huiyin.faces.console.organisation.forms import NewPersonForm, PersonForm, PostForm
from huiyin.faces.console.organisation.offered import class_choices, role_choices, unit_choices
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.ids import read_id
from huiyin.rulebook.words import class_name, regulation_of

IN_A_PAGE: Final = 50


@sensitive_variables("password")
def staff(request: HttpRequest) -> HttpResponse:
    """The people of the organisation; sent: a new one, whose password for the first login stands on this one page."""
    who = acting(request)
    if request.method != "POST":
        return _list(request, who, NewPersonForm())
    form = NewPersonForm(request.POST)
    if not form.is_valid():
        return _list(request, who, form, status=422)
    said, now, password = form.cleaned_data, timezone.now(), accounts.one_time_password()
    with transaction.atomic():
        more = {"name_en": said["name_en"], "phone": said["phone"], "email": said["email"]}
        made = actions.add_staff(who.organisation_id, said["login"], said["name"], by=who.by, at=now, **more)
        actions.set_password(made, password, by=who.by, at=now, once=True)
    return _list(request, who, NewPersonForm(), made=made, password=password)


def _list(request: HttpRequest, who: Acting, form: NewPersonForm, status: int = 200, **more: Any) -> HttpResponse:
    asked, state = request.GET.get("q", "").strip()[:64], request.GET.get("state", "active")
    rows = Staff.objects.filter(organisation_id=who.organisation_id).order_by("name", "login")
    if state in ("active", "disabled"):
        rows = rows.filter(is_active=state == "active")
    if asked:
        rows = rows.filter(Q(name__icontains=asked) | Q(name_en__icontains=asked) | Q(login__icontains=asked) | Q(phone__icontains=asked))
    page = Paginator(rows, IN_A_PAGE).get_page(request.GET.get("page"))
    posts = _standing(page.object_list)
    context = {
        "form": form,
        "page": page,
        "rows": [{"staff": one, "name": called(one), "posts": posts.get(one.pk, [])} for one in page.object_list],
        "q": asked,
        "state": state,
        "page_query": address("", q=asked, state=state).removeprefix("?"),
        "second_step": _second_steps(who),
        **more,
    }
    return render(request, "console/organisation/staff.html", context, status=status)


def _second_steps(who: Acting) -> dict[str, Any]:
    """Whether everybody has to have a second step, how many there are, and how many of them have one."""
    working = Staff.objects.filter(organisation_id=who.organisation_id, is_active=True)
    having = working.filter(pk__in=SecondStep.objects.values("staff_id"))
    return {"asked": who.staff.organisation.second_step_asked, "all": working.count(), "having": having.count()}


def second_step_asked(request: HttpRequest) -> HttpResponse:
    """Ask a second step of everybody in the organisation, or no longer."""
    only_post(request)
    who, asked = acting(request), request.POST.get("asked") == "1"
    done = _("已要求所有人启用两步验证") if asked else _("不再要求所有人启用两步验证")
    attempt(request, lambda: ask_second_step(who.organisation_id, asked=asked, by=who.by, at=timezone.now()), done)
    return back_to(reverse("console:staff"))


def _standing(people: Any) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    held = Post.objects.filter(staff__in=[one.pk for one in people]).exclude(until_on__lt=timezone.localdate())
    for post in held.select_related("unit").order_by("place", "from_on"):
        found.setdefault(post.staff_id, []).append(label_of(post, language()))
    return found


def _fetch(who: Acting, key: UUID) -> Staff:
    found = Staff.objects.filter(organisation_id=who.organisation_id, pk=key).first()
    if found is None:
        raise Http404
    return found


@sensitive_variables("password")
def person(request: HttpRequest, staff: UUID) -> HttpResponse:
    """One person; sent: names, a password for one login, out of use, into use again. A password stands on the answer alone."""
    who = acting(request)
    one = _fetch(who, staff)
    if request.method != "POST":
        return _person(request, who, one)
    now, do = timezone.now(), request.POST.get("do", "")
    if do == "describe":
        return _describe(request, who, one)
    if do == "disable":
        attempt(request, lambda: actions.disable_staff(one, by=who.by, at=now), _("账号已停用，登录已失效"))
        return back_to(reverse("console:person", args=[one.pk]))
    if do == "second_step_off" and one.pk != who.staff.pk:
        attempt(request, lambda: second_step.take_off(one, by=who.by, at=now), _("两步验证已关闭"))
        return back_to(reverse("console:person", args=[one.pk]))
    ways = {"reset": accounts.reset_password, "enable": accounts.enable_staff}
    # Resetting is for who may log in, and coming back for who may not.
    if do not in ways or one.is_active != (do == "reset"):
        raise Http404
    try:
        password = ways[do](one, by=who.by, at=now)
    except SAID as error:
        return _person(request, who, one, wrong=tell(error), status=422)
    return _person(request, who, one, password=password)


def _describe(request: HttpRequest, who: Acting, one: Staff) -> HttpResponse:
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _person(request, who, one, form=form, status=422)
    attempt(request, lambda: accounts.describe_staff(one, **form.cleaned_data, by=who.by, at=timezone.now()), _("已保存"))
    return back_to(reverse("console:person", args=[one.pk]))


def _person(request: HttpRequest, who: Acting, one: Staff, status: int = 200, **more: Any) -> HttpResponse:
    today = timezone.localdate()
    known = {"name": one.name, "name_en": one.name_en, "phone": one.phone, "email": one.email}
    posts = Post.objects.filter(staff=one).select_related("unit").order_by("place", "from_on")
    context = {
        "one": one,
        "name": called(one),
        "myself": one.pk == who.staff.pk,
        "second_step": second_step.of(one),
        "posts": [
            {
                "post": post,
                "label": label_of(post, language()),
                "over": post.until_on is not None and post.until_on < today,
                "classes": class_choices(who, post),
                "responsible_for": _class_names(post),
            }
            for post in posts
        ],
        "form": PersonForm(initial=known),
        "post_form": _post_form(who, None),
        "today": today,
        **more,
    }
    return render(request, "console/organisation/person.html", context, status=status)


def _class_names(post: Post) -> list[str]:
    owners = ((one, regulation_of(one)) for one in post.classes)
    return [class_name("category", one.partition(":")[2], language(), of.stem) for one, of in owners if of is not None]


def _post_form(who: Acting, sent: Any) -> PostForm:
    today = timezone.localdate()
    return PostForm(sent, units=unit_choices(who), roles=role_choices(who, today), initial={"from_on": today}, prefix="post")


def person_post(request: HttpRequest, staff: UUID) -> HttpResponse:
    """Give the person a post, say for which classes they are responsible in it, or let it end."""
    only_post(request)
    who = acting(request)
    one = _fetch(who, staff)
    if request.POST.get("do") in ("end", "classes"):
        return (_end if request.POST["do"] == "end" else _classes)(request, who, one)
    form = _post_form(who, request.POST)
    if not form.is_valid():
        return _person(request, who, one, post_form=form, status=422)
    said = form.cleaned_data
    try:
        with transaction.atomic():
            unit = places.unit(who.organisation_id, said["unit"])
            _refuse_held(one, unit.code, said["role"], said["from_on"])
            actions.give_post(one, unit, said["role"], said["from_on"], by=who.by, at=timezone.now(), until_on=said["until_on"])
    except SAID as error:
        form.add_error(None, tell(error))
        return _person(request, who, one, post_form=form, status=422)
    return back_to(reverse("console:person", args=[one.pk]))


def _refuse_held(one: Staff, unit: str, role: str, day: Any) -> None:
    held = Post.objects.filter(staff=one, unit__code=unit, role=role).exclude(until_on__lt=day)
    if held.exists():
        raise BadText("found a post that the person holds already, expected another; look at the list", "该人员已任此岗位；请核对岗位列表")


def _post_of(request: HttpRequest, one: Staff) -> Post:
    key = read_id(request.POST.get("post", ""))
    post = Post.objects.filter(staff=one, pk=key).select_related("unit").first() if key else None
    if post is None:
        raise Http404
    return post


def _classes(request: HttpRequest, who: Acting, one: Staff) -> HttpResponse:
    post = _post_of(request, one)
    offered = {key for _title, listed in class_choices(who, post) for key, _name in listed}
    sent = [key for key in request.POST.getlist("classes") if key in offered]
    attempt(request, lambda: actions.give_classes(post, sent, by=who.by, at=timezone.now()), _("负责的类别已保存"))
    return back_to(reverse("console:person", args=[one.pk]))


def _end(request: HttpRequest, who: Acting, one: Staff) -> HttpResponse:
    post = _post_of(request, one)

    def act() -> None:
        try:
            day = parse_date(request.POST.get("until_on", ""))
        except ValueError:
            day = None
        if day is None:
            raise BadText("found no day, expected the last one; choose it", "请填写最后一天的日期")
        actions.end_post(post, day, by=who.by, at=timezone.now())

    attempt(request, act, _("已记录任职结束日期"))
    return back_to(reverse("console:person", args=[one.pk]))


URLS = [
    path("organisation/staff", staff, name="staff"),
    path("organisation/second-step", second_step_asked, name="second-step-asked"),
    path("organisation/staff/<uuid:staff>", person, name="person"),
    path("organisation/staff/<uuid:staff>/post", person_post, name="person-post"),
]
