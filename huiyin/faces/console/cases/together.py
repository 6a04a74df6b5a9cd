"""Several cases at once (批量): what may be done with all of them, a look before, then each by itself with a result of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiyin.desk.cases.access import moves_with
from huiyin.desk.cases.lifecycle import BY_KEY, TOGETHER, Move
from huiyin.desk.cases.models import Case
from huiyin.faces.console.acts import back_to
from huiyin.faces.console.cases import shown, undoing
from huiyin.faces.console.cases.find import fetch
from huiyin.faces.console.cases.forms import MoveForm
from huiyin.faces.console.cases.moving import around, label_of, make
from huiyin.faces.console.cases.page import KEYS, paper
from huiyin.faces.parts.guard import Acting, acting

MOST: Final = 100
"""So many cases go together at once."""
NOTE_KEYS: Final = {**KEYS, "note": "m"}


@dataclass(slots=True)
class Chosen:
    """A case that was picked: the case, or None for what is not there for the person; why it is left out; the version that was seen;
    and, once the move was tried, whether it was done."""

    number: str
    case: Case | None
    refused: str = ""
    version: str = ""
    done: bool = False
    head: dict[str, Any] = field(default_factory=dict)


def together(request: HttpRequest) -> HttpResponse:
    """For a look: the bar with what all picked cases are offered. Sending: first the preview of a move, then, confirmed, its results."""
    who = acting(request)
    if request.method != "POST":
        return _bar(request, who, _numbers(request.GET.getlist("case")))
    move, numbers = BY_KEY.get(request.POST.get("move", "")), _numbers(request.POST.getlist("case"))
    if move is None or move.key not in TOGETHER or not numbers:
        raise Http404
    if len(numbers) > MOST:
        messages.error(request, _too_many(len(numbers)))
        return back_to(_back(request))
    rows = _rows(who, move, numbers, dict(one.rpartition(":")[::2] for one in request.POST.getlist("seen")))
    cases = [one.case for one in rows if one.case is not None]
    if not cases:
        raise Http404
    confirmed = "confirm" in request.POST
    form = MoveForm(move, around(who, cases), request.POST if confirmed else None)
    label = label_of(cases[0], move)
    context = {"rows": rows, "label": label, "move": move.key, "back": _back(request), "form": form}
    if confirmed and form.is_valid():
        for row in rows:
            _do(who, row, move, form)
        return _told(request, context, _undos(who, rows))
    able = sum(not row.refused for row in rows)
    return render(request, "console/cases/together.html", {**context, "able": able, "left_out": len(rows) - able})


def _told(request: HttpRequest, context: dict[str, Any], undos: Sequence[dict[str, Any]] = ()) -> HttpResponse:
    """What became of each case, and, for those where that goes, all taken back by one press."""
    done = sum(row.done for row in context["rows"])
    return render(
        request, "console/cases/together_done.html", {**context, "done": done, "refused": len(context["rows"]) - done, "undos": undos}
    )


def _undos(who: Acting, rows: Sequence[Chosen]) -> list[dict[str, Any]]:
    now = timezone.now()
    offers = [undoing.offer(who, case, now) for row in rows if row.done and (case := _found(who, row.number))]
    return [one for one in offers if one and one["can"]]


def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was done together, each case by itself with a result of its own. Sent: the cases with the acts, as number:fact."""
    who = acting(request)
    asked = dict(one.rpartition(":")[::2] for one in request.POST.getlist("undo")[:MOST])
    if request.method != "POST" or not asked:
        raise Http404
    rows, label = [], ""
    for number, fact in asked.items():
        case = _found(who, number)
        if case is None:
            rows.append(Chosen(number, None, _not_there()))
            continue
        move, error = undoing.take_back(who, case, fact)
        label = label_of(case, move) if move else label
        rows.append(Chosen(case.number, case, error, done=not error, head=shown.head(who, case)))
    if all(row.case is None for row in rows):
        raise Http404
    return _told(request, {"rows": rows, "label": label, "undone": True, "back": _back(request)})


def _not_there() -> str:
    return _("没有这张工单，或它不在您的范围内")


def _numbers(given: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(one.strip()[:40] for one in given if one.strip()))


def _too_many(count: int) -> str:
    return _("选中了 %(count)s 张，一次最多 %(most)s 张；请少选一些，分几次办理。") % {"count": count, "most": MOST}


def _found(who: Acting, number: str) -> Case | None:
    try:
        return fetch(who, number)
    except Http404:
        return None


def _rows(who: Acting, move: Move, numbers: Sequence[str], seen: dict[str, str]) -> list[Chosen]:
    """The picked cases in their order, each with why it is left out, if it is. What is not there and what is not theirs is told alike."""
    rows = []
    for number in numbers:
        case = _found(who, number)
        if case is None:
            rows.append(Chosen(number, None, _not_there()))
            continue
        offered = any(one.key == move.key for one in moves_with(case, who.rights))
        refused = "" if offered else _("当前状态下，或以您的岗位，不能“%(act)s”") % {"act": label_of(case, move)}
        rows.append(Chosen(case.number, case, refused, seen.get(case.number, str(case.version)), head=shown.head(who, case)))
    return rows


def _do(who: Acting, row: Chosen, move: Move, form: MoveForm) -> None:
    """Try the move on one case: the very act of its own page, in a transaction of its own."""
    if row.case is None or row.refused:
        return
    row.refused = make(who, row.case, move, form.details(), row.version)
    row.done = not row.refused


def _back(request: HttpRequest) -> str:
    """The list that the cases were picked from."""
    queue, given = reverse("console:queue"), request.POST.get("back", "")
    return given if given.startswith((f"{queue}?", reverse("console:suggestions"), reverse("console:statements"))) else queue


def _bar(request: HttpRequest, who: Acting, numbers: Sequence[str]) -> HttpResponse:
    cases = [case for number in numbers[:MOST] if (case := _found(who, number))]
    offered = [{move.key: move for move in moves_with(case, who.rights) if move.key in TOGETHER} for case in cases]
    common = set(offered[0]).intersection(*offered[1:]) if offered else set()
    acts = [
        {"move": key, "label": label_of(cases[0], move), "key": NOTE_KEYS.get(key, "")}
        for key, move in (offered[0] if offered else {}).items()
        if key in common
    ]
    query = urlencode([("case", case.number) for case in cases])
    count = len(numbers)
    return render(
        request,
        "console/cases/_together.html",
        {
            "count": count,
            "told": ngettext("已选 %(count)s 张", "已选 %(count)s 张", count) % {"count": count},
            "too_many": _too_many(count) if count > MOST else "",
            "acts": [] if count > MOST else acts,
            "print_url": f"{reverse('console:cases-print')}?{query}#print" if cases else "",
            "export_url": f"{reverse('console:cases-export')}?{query}" if cases and who.may("export") else "",
        },
    )


def print_cases(request: HttpRequest) -> HttpResponse:
    """The papers of the picked cases, one after the other, each beginning on a sheet of its own. Raises Http404 where none is there."""
    who = acting(request)
    cases = [case for number in _numbers(request.GET.getlist("case"))[:MOST] if (case := _found(who, number))]
    if not cases:
        raise Http404
    title = ngettext("%(count)s 张工单", "%(count)s 张工单", len(cases)) % {"count": len(cases)}
    return render(request, "console/cases/case_print.html", {"title": title, "papers": [paper(who, one) for one in cases]})
