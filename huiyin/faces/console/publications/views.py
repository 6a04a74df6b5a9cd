"""The notices to the customers (对外公布): the months of each unit, one notice with its lines, and everything that is done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from huiyin.core.moments import SHANGHAI, BadText
from huiyin.core.recurrence import Period
from huiyin.desk.clocks.models import Clock
from huiyin.desk.documents.models import Document
from huiyin.desk.people.queries import names_of
from huiyin.desk.publications import access, actions, queries
from huiyin.desk.publications.actions import Actor
from huiyin.desk.publications.models import APPROVED, DRAFT, ISSUED, WAITING, WITHDRAWN, Line, Notice
from huiyin.desk.publications.writing import choosing
from huiyin.desk.publications.writing.redacting import HOME, NAME, NUMBER, SECRET, Found
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, attempt, back_to, chosen_units, only_post, unit_names
from huiyin.faces.console.cases.files import limits
from huiyin.faces.console.duties.lines import lines_of
from huiyin.faces.parts.files import file_name, sent_picture, served
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import class_name, regulation_of

STATE_WORDS = {
    DRAFT: gettext_lazy("草稿"),
    WAITING: gettext_lazy("待审批"),
    APPROVED: gettext_lazy("已批准，待发布"),
    ISSUED: gettext_lazy("已发布"),
    WITHDRAWN: gettext_lazy("已撤回"),
}
FOUND_WORDS = {NAME: gettext_lazy("姓名"), NUMBER: gettext_lazy("号码"), HOME: gettext_lazy("房号"), SECRET: gettext_lazy("保密内容")}
MOST = 60


def publications(request: HttpRequest) -> HttpResponse:
    """The month: which units owe a notice, how it stands, and the notices of months before."""
    who, now = acting(request), timezone.now()
    month = periods.chosen(request.GET.get("period", ""), "month", now)
    codes = chosen_units(who, request.GET.get("unit", ""))
    names = unit_names(who)
    owing = choosing.owing_units(who.organisation_id, [code for code in names if code in codes], now)
    found = list(queries.notices(who.organisation_id, codes)[:MOST])
    before, after = periods.beside(month)
    context = {
        "rows": [_unit_row(who, code, names, month, found) for code in owing],
        "notices": [{"notice": one, "unit": names.get(one.unit_code, one.unit_code), "period": periods.words(one.period),
                     "word": STATE_WORDS[one.state]} for one in found],
        "month": month,
        "month_words": periods.words(month.name),
        "before": address("", unit=request.GET.get("unit", ""), period=before.name),
        "after": address("", unit=request.GET.get("unit", ""), period=after.name),
        "may_publish": who.may("publish") and month.opens_at <= now,
    }  # fmt: skip
    return render(request, "console/publications/list.html", context)


def _unit_row(who: Acting, code: str, names: Any, month: Period, found: Sequence[Notice]) -> dict[str, Any]:
    standing = [one for one in found if one.unit_code == code and one.period == month.name and one.state != WITHDRAWN]
    events = {choosing.ISSUED_EVENT}
    owed = Clock.objects.filter(organisation_id=who.organisation_id, kind="duty", unit_code=code, period=month.name)
    duties = [one for one in owed if events & _served_by(one)]
    return {
        "code": code,
        "unit": names.get(code, code),
        "notice": standing[0] if standing else None,
        "word": STATE_WORDS[standing[0].state] if standing else _("未起草"),
        "duties": lines_of(who.organisation_id, duties, names),
        "exempt": any(one.state == "exempt" for one in duties),
    }


def _served_by(clock: Clock) -> set[str]:
    of = regulation_of(clock.rule)
    rule = of.by_id.get(clock.rule.partition(":")[2]) if of else None
    served = getattr(rule, "served_by", None)
    return {served.event} if served is not None else set()


def draft(request: HttpRequest) -> HttpResponse:
    """Write the notice of a unit and month, and go on to it."""
    only_post(request)
    who, unit, period = _asked(request)
    made: list[Notice] = []
    act = _actor(who)
    if attempt(
        request,
        lambda: made.append(actions.draft(who.organisation_id, unit, period, by=act, at=timezone.now())),
        _("已按本月工单起草，请逐条核对"),
    ):
        return back_to(reverse("console:publication", args=[made[0].id]))
    return back_to(address(reverse("console:publications"), period=period))


def nothing(request: HttpRequest) -> HttpResponse:
    """Record that the month has nothing that had to be published; the clause refuses it where there is something."""
    only_post(request)
    who, unit, period = _asked(request)
    by, now = _actor(who), timezone.now()
    done = _("已登记：%(month)s 没有须公布的事项") % {"month": periods.words(period)}
    attempt(request, lambda: actions.nothing_to_publish(who.organisation_id, unit, period, by=by, at=now), done)
    return back_to(address(reverse("console:publications"), period=period))


def _asked(request: HttpRequest) -> tuple[Acting, str, str]:
    who, unit = acting(request), request.POST.get("unit", "")
    if unit not in who.codes:
        raise Http404
    return who, unit, periods.chosen(request.POST.get("period", ""), "month", timezone.now()).name


def _actor(who: Acting) -> Actor:
    return Actor(who.staff.pk, who.role)


def _fetch(request: HttpRequest, notice: UUID) -> tuple[Acting, Notice]:
    who = acting(request)
    try:
        return who, access.fetch(who.organisation_id, notice, who.codes)
    except access.NotFound as error:
        raise Http404 from error


def publication(request: HttpRequest, notice: UUID) -> HttpResponse:
    """One notice: its lines with what in them may not be published, who wrote and approved it, where it was put up."""
    who, found = _fetch(request, notice)
    people = names_of([one for one in (found.made_by, found.handed_in_by, found.approved_by, found.withdrawn_by) if one])
    named = choosing.outlets_of(choosing.publishing(who.organisation_id, found.unit_code, timezone.now()))
    said = "zh" if (get_language() or "zh").startswith("zh") else "en"
    texts = {one.key: one for one in queries.checked(found)}
    document = Document.objects.filter(organisation_id=who.organisation_id, id=found.document_id).first() if found.document_id else None
    posted = queries.postings(found)
    posters = names_of(one.by_person for one in posted)
    context = {
        **limits(),
        "notice": found,
        "unit": unit_names(who).get(found.unit_code, found.unit_code),
        "month_words": periods.words(found.period),
        "word": STATE_WORDS[found.state],
        "lines": list(_lines(found, texts)),
        "lead_marks": _marked(texts[queries.LEAD].text, texts[queries.LEAD].found),
        "lead_found": [_found_words(one) for one in texts[queries.LEAD].found],
        "blocked": sum(len(one.found) for one in texts.values()),
        "outlets": [(key, name[said], key in found.outlets) for key, name in named.items()],
        "by": {key: people.get(getattr(found, key)) for key in ("made_by", "handed_in_by", "approved_by", "withdrawn_by")},
        "document": document,
        "postings": [{"row": one, "by": posters.get(one.by_person, "")} for one in posted],
        "may": _may(who, found),
    }
    return render(request, "console/publications/notice.html", context)


def _may(who: Acting, notice: Notice) -> dict[str, bool]:
    own = who.staff.pk in (notice.made_by, notice.handed_in_by)
    decides = who.may("approve")
    return {
        "mend": notice.state == DRAFT and who.may("publish"),
        "approve": notice.state == WAITING and decides and not own,
        "send_back": notice.state in (WAITING, APPROVED) and decides,
        "issue": notice.state == APPROVED and who.may("publish"),
        "post": notice.state == ISSUED and who.may("publish"),
        "withdraw": notice.state != WITHDRAWN and (who.may("withdraw_publication") or (notice.state == DRAFT and who.may("publish"))),
    }


def _lines(notice: Notice, texts: dict[str, queries.Checked]) -> Iterator[dict[str, Any]]:
    rows = queries.lines(notice)
    cases = queries.cases_of(rows)
    for line in rows:
        told = texts.get(str(line.case_id))
        yield {
            "line": line,
            "case": cases.get(line.case_id),
            "why": _why(line),
            "marks": _marked(line.text, told.found if told else ()),
            "found": [_found_words(one) for one in told.found] if told else [],
        }


def _why(line: Line) -> str:
    prefix, _colon, key = line.why.partition(":")
    of = regulation_of(f"{prefix}-") if key else None
    if of is not None:
        return class_name("category", key, get_language() or "zh-hans", of.stem)
    return _("多户共同反映") if line.why == choosing.ISSUE else _("另行加入")


def _marked(text: str, found: Sequence[Found]) -> list[tuple[str, bool]]:
    """The text in pieces: (piece, whether it may not be published)."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for one in found:
        pieces += [(text[at : one.start], False), (one.text, True)]
        at = one.end
    return [piece for piece in (*pieces, (text[at:], False)) if piece[0]]


def _found_words(one: Found) -> str:
    return f"{FOUND_WORDS[one.kind]} {one.text}"


def act(request: HttpRequest, notice: UUID, what: str) -> HttpResponse:
    """Do something with the notice: mend it, add a case, hand it in, approve or return it, issue it, put it up, withdraw it."""
    only_post(request)
    who, found = _fetch(request, notice)
    may = _may(who, found)
    right = {"mend": "mend", "add": "mend", "hand-in": "mend", "approve": "approve", "return": "send_back", "issue": "issue",
             "post": "post", "withdraw": "withdraw"}.get(what, "")  # fmt: skip
    if not right or not may[right]:
        raise Http404
    doing = _doing(request, who, found)
    # What was typed is kept first: what keeps the notice back may not cost it.
    if what == "hand-in" and "lead" in request.POST and not attempt(request, doing["mend"][0], str(doing["mend"][1])):
        return back_to(reverse("console:publication", args=[found.id]))
    attempt(request, doing[what][0], str(doing[what][1]))
    return back_to(reverse("console:publication", args=[found.id]))


def _doing(request: HttpRequest, who: Acting, found: Notice) -> dict[str, tuple[Callable[[], object], Any]]:
    by, now, why = _actor(who), timezone.now(), request.POST.get("why", "")
    return {
        "mend": (lambda: _mend(request, found, by, now), _("已保存")),
        "add": (lambda: actions.add_case(found, request.POST.get("number", ""), who.codes, by=by, at=now), _("已加入")),
        "hand-in": (lambda: actions.hand_in(_fetch(request, found.id)[1], by=by, at=now), _("已送审")),
        "approve": (lambda: actions.approve(found, by=by, at=now), _("已批准")),
        "return": (lambda: actions.send_back(found, why, by=by, at=now), _("已退回修改")),
        "issue": (lambda: actions.issue(found, by=by, at=now), _("已发布，请打印张贴")),
        "post": (lambda: _put_up(request, found, by, now), _("已登记张贴")),
        "withdraw": (lambda: actions.withdraw(found, why, by=by, at=now), _("已撤回")),
    }


def _mend(request: HttpRequest, found: Notice, by: Actor, now: datetime) -> None:
    own = [one.case_id for one in queries.lines(found)]
    texts = {case: request.POST.get(f"text-{case}", "") for case in own if f"text-{case}" in request.POST}
    stays = [case for case in own if request.POST.get(f"in-{case}")]
    actions.mend(found, request.POST.get("lead", ""), texts, stays, request.POST.getlist("outlet"), by=by, at=now)


def _put_up(request: HttpRequest, found: Notice, by: Actor, now: datetime) -> None:
    photo = sent_picture(request, "photo")
    told = request.POST.get("posted_at", "")
    try:
        posted_at = datetime.fromisoformat(told).replace(tzinfo=SHANGHAI) if told else now
    except ValueError as error:
        raise BadText(
            f"found the moment {told[:40]!r}, expected one such as 2026-03-07T09:30; correct it", "张贴时间无法识别；请重新选择"
        ) from error
    actions.put_up(found, request.POST.get("place", ""), posted_at, photo, by=by, at=now)


def photo(request: HttpRequest, notice: UUID, posting: UUID) -> HttpResponse:
    """The picture of a place where the notice hangs."""
    _who, found = _fetch(request, notice)
    try:
        row = access.fetch_posting(found, posting)
        data = actions.read_photo(row)
    except access.NotFound as error:
        raise Http404 from error
    return served(data, row.kind, file_name(str(row.id), row.kind), shown=True)


URLS = [
    path("publications", publications, name="publications"),
    path("publications/draft", draft, name="publication-draft"),
    path("publications/nothing", nothing, name="publication-nothing"),
    path("publications/<uuid:notice>", publication, name="publication"),
    path("publications/<uuid:notice>/photos/<uuid:posting>", photo, name="publication-photo"),
    path("publications/<uuid:notice>/<slug:what>", act, name="publication-act"),
]
