"""查进度: what became of a case, for whoever has its number and query code. No account; half an hour later both are asked for again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from huiyin.desk.cases.lifecycle import RATED, VISIT
from huiyin.desk.facts.actions import Refused, note_refusal
from huiyin.desk.places import queries as places
from huiyin.desk.tracking import access, actions, queries
from huiyin.faces.portal.doors import TOO_MANY, WRONG, chinese, may_knock, sentence
from huiyin.plumbing import text
from huiyin.plumbing.ids import read_id

COOKIE: Final = "huiyin_tracked"
SALT: Final = "portal.tracking"
KEPT: Final = timedelta(minutes=30)
DONE: Final[Mapping[str, Any]] = {
    "order_accepted": gettext_lazy("承办人员已接单"),
    "complainant_contacted": gettext_lazy("已与您联系"),
    "contact_attempted": gettext_lazy("曾与您联系，未能接通"),
    "public_reply_given": gettext_lazy("已答复"),
    "suggestion_replied": gettext_lazy("已答复"),
    "complainant_replied": gettext_lazy("已答复"),
    "solution_given_to_customer": gettext_lazy("已给出解决方案"),
    "message_answered": gettext_lazy("已答复"),
    "opinion_reported_to_superior": gettext_lazy("已报告上级部门"),
    "suggestion_passed_on": gettext_lazy("已提请有关部门协助"),
    "suggestion_realised": gettext_lazy("您的建议已实现"),
    "problem_solved": gettext_lazy("问题已解决"),
    "resident_answered": gettext_lazy("已答复"),
    "clear_answer_given": gettext_lazy("已答复"),
    "written_reply_sent": gettext_lazy("书面答复已发出"),
    "progress_told_to_customer": gettext_lazy("已向您说明进展"),
    "result_told_to_resident": gettext_lazy("已告知您结果"),
    "case_held": gettext_lazy("暂停办理"),
    "case_resumed": gettext_lazy("恢复办理"),
    "extension_decided": gettext_lazy("延期办理"),
    "complaint_handled": gettext_lazy("已处理完毕"),
    "return_visit_done": gettext_lazy("已回访"),
    "follow_up_done": gettext_lazy("已回访"),
    "satisfaction_confirmed": gettext_lazy("已询问您是否满意"),
    "case_closed": gettext_lazy("已办结"),
    "case_reopened": gettext_lazy("重新办理"),
    "complaint_withdrawn": gettext_lazy("已撤销"),
    "case_joined": gettext_lazy("与同一件事的另一张单合并办理"),
    "case_voided": gettext_lazy("已关闭"),
    "case_reinstated": gettext_lazy("继续办理"),
}
SOLVED: Final[Mapping[str, Any]] = {"solved": gettext_lazy("您说已经解决"), "not_solved": gettext_lazy("您说没有解决")}
RATINGS: Final = (
    ("very_satisfied", gettext_lazy("很满意")),
    ("satisfied", gettext_lazy("满意")),
    ("fair", pgettext_lazy("rating", "一般")),
    ("not_satisfied", gettext_lazy("不满意")),
    ("very_dissatisfied", gettext_lazy("很不满意")),
)
SAID: Final = frozenset({"urged", "rated", "withdrawn"})
PROMISES: Final[Mapping[str, Any]] = {
    "contact": gettext_lazy("与您联系"),
    "answer": gettext_lazy("给您答复"),
    "handle": gettext_lazy("处理完毕"),
    "visit": gettext_lazy("向您回访"),
}
ENDED: Final[Mapping[str, Any]] = {
    "non_liability": gettext_lazy("经核实不属本单位的责任"),
    "withdrawn": gettext_lazy("已按您的意思撤销"),
    "duplicate": gettext_lazy("与同一件事的另一张单合并办理"),
    "misfiled": gettext_lazy("登记有误"),
}


@never_cache
@sensitive_post_parameters("code")
def track(request: HttpRequest) -> HttpResponse:
    """The form for number and code; the right ones lead to the case."""
    if request.method != "POST":
        return _form(request, number=request.GET.get("number", "")[:24])
    now = timezone.now()
    number, code = (text.fold_text(request.POST.get(name, "")[:100]).strip().upper() for name in ("number", "code"))
    if not may_knock(request, now):
        return render(request, "portal/wait.html", status=TOO_MANY)
    try:
        organisation, case = access.find(number, code, at=now)
    except access.NotFound:
        return _form(
            request, 404, number=number, error=_("没有找到。请核对单号（如 TS2505210037）和 6 位查询码；两项都在登记时告知您的凭证上。")
        )
    except access.TooOften:
        return _form(request, TOO_MANY, number=number, error=_("这个单号今天输错的次数太多，请明天再查，或致电受理您诉求的单位。"))
    return let_in(HttpResponseRedirect(reverse("tracked")), organisation, case)


def let_in(response: HttpResponse, organisation: UUID, case: UUID) -> HttpResponse:
    """The answer, with the cookie by which this browser sees the case for KEPT."""
    response.set_signed_cookie(
        COOKIE, f"{organisation}:{case}", salt=SALT, max_age=KEPT, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Strict"
    )
    return response


@never_cache
def tracked(request: HttpRequest) -> HttpResponse:
    """The case of the person who came with its number and code; with a POST they urge and say what they have to add."""
    found = _proven(request)
    if found is None:
        return HttpResponseRedirect(reverse("track"))
    now, said = timezone.now(), ""
    status, error = 200, ""
    if request.method == "POST":
        said = request.POST.get("words", "")[: 2 * actions.MOST_WORDS]
        try:
            return HttpResponseRedirect(f"{reverse('tracked')}?{_act(request, found, said, now)}")
        except access.TooOften:
            status, error = TOO_MANY, _("四小时内已经催过一次，承办人员已收到。有急事请直接致电。")
        except WRONG as problem:
            if isinstance(problem, Refused):
                note_refusal(problem)
            status, error = 422, sentence(problem)
        except access.NotFound:
            status, error = 409, _("这张单的情况刚有变化，现在不能这样做；请看下面的最新情况。")
    try:
        shown = queries.tracked(*found)
    except access.NotFound:
        return _left()
    done = next((one for one in SAID if one in request.GET and not error), "")
    context = {**_context(shown, now), "now": now, "said": said, "error": error, "done": done}
    return render(request, "portal/tracked.html", context, status=status)


def _act(request: HttpRequest, found: tuple[UUID, UUID], said: str, now: datetime) -> str:
    """Do what was sent; returns one of SAID."""
    if "rate" in request.POST:
        actions.rate(*found, request.POST["rate"], request.POST.get("rating", ""), said, at=now)
        return "rated"
    if "withdraw" in request.POST:
        actions.withdraw(*found, said, at=now)
        return "withdrawn"
    actions.urge(*found, said, at=now)
    return "urged"


def leave(request: HttpRequest) -> HttpResponse:
    """Forget number and code on this device."""
    return _left()


def _left() -> HttpResponse:
    response = HttpResponseRedirect(reverse("track"))
    response.delete_cookie(COOKIE, samesite="Strict")
    return response


def _form(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "portal/track.html", context, status=status)


def _proven(request: HttpRequest) -> tuple[UUID, UUID] | None:
    """The organisation and case that the signed cookie names, if it is younger than KEPT."""
    told = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEPT) or ""
    organisation, _colon, case = told.partition(":")
    first, second = read_id(organisation), read_id(case)
    return (first, second) if first and second else None


def _context(shown: queries.Tracked, now: datetime) -> dict[str, Any]:
    case = shown.case
    names, index = places.tree(case.organisation_id).names, 0 if chinese() else 1
    promise = None
    if shown.promise and queries.may_urge(case):
        key, due_at = shown.promise
        promise = {"what": PROMISES[key], "due_at": due_at, "passed": due_at < now}
    return {
        "case": case,
        "unit": names.get(case.unit_code, ("", ""))[index],
        "steps": [_step(one, names, index) for one in reversed(shown.steps)],
        "promise": promise,
        "ended": ENDED.get(shown.ended, ""),
        "may_rate": queries.may_rate(case, now),
        "may_urge": queries.may_urge(case) and case.status != VISIT,
        "may_withdraw": queries.may_withdraw(case),
        "done_now": case.status == VISIT,
        "ratings": RATINGS,
        "most": actions.MOST_WORDS,
    }


def _step(one: queries.Step, names: Mapping[str, tuple[str, str]], index: int) -> dict[str, Any]:
    if one.event == "case_urged":
        title = _("您催办了一次") if one.own else _("已催办")
    elif one.event == RATED:
        rating = dict(RATINGS).get(one.rating)
        title = ("，" if chinese() else ", ").join(
            str(each) for each in (SOLVED.get(one.result), rating and _("评价：%(rating)s") % {"rating": rating}) if each
        )
    elif one.event in queries.HANDED_ON:
        title = _("已交%(unit)s办理") % {"unit": names[one.unit][index]} if one.unit in names else _("已派出办理")
    elif one.event == "suggestion_decided":
        title = _("您的建议已采纳") if one.adopted else _("您的建议暂未采纳")
    else:
        title = DONE[one.event]
    return {
        "at": one.at,
        "title": title,
        "text": text.show_text(one.text),
        "reason": text.show_text(one.reason),
        "until": parse_datetime(one.until) if one.until else None,
    }
