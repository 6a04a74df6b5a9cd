"""One case: its page (also the pane beside the queue), its moves, notes and replies, unmasking, and its print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from huiyin.core.facts import LIMIT_PASSED
from huiyin.desk.attachments import queries as attachments
from huiyin.desk.cases.access import moves_with
from huiyin.desk.cases.lifecycle import BY_KEY, OPEN_STATES, Move
from huiyin.desk.cases.models import Case
from huiyin.desk.cases.queries import Line
from huiyin.desk.messaging.queries import told_to_customer
from huiyin.faces.console import sending
from huiyin.faces.console.cases import files, going_on, meeting, secret, shown, timeline, undoing, unmasking
from huiyin.faces.console.cases.asking import Asked
from huiyin.faces.console.cases.ending import ending
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.find import File, fetch, file_of, remarks_on
from huiyin.faces.console.cases.forms import MoveForm
from huiyin.faces.console.cases.listing import queue_context, related_rows
from huiyin.faces.console.cases.moving import around, label_of, make
from huiyin.faces.console.cases.words import language, terms
from huiyin.faces.console.matters.forms import said
from huiyin.faces.console.matters.pages import steps_of_case
from huiyin.faces.console.topics.shown import beside_case
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.phones import hide_phones_in
from huiyin.rulebook.classed import unclassed

IN_THE_COMPOSER: Final = frozenset({"note", "public_reply"})
"""Moves that are made by writing below the story, and therefore stand on no button."""
KEYS: Final[Mapping[str, str]] = {"dispatch": "a", "reassign": "a", "transfer": "a", "hold": "h", "resume": "h"}
"""The key of a move, where several have the same that of the first one offered; E does the next duty."""
DONE_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "contact": ("complainant_contacted",),
    "fix_department": ("responsible_department_fixed",),
    "first_plan": ("first_handling_plan_recorded",),
    "class": ("category_set",),
    "report_solution": ("solution_reported",),
    "decide_suggestion": ("suggestion_decided",),
    "reply_suggestion": ("suggestion_replied",),
}
"""Moves that are done once: after their event they are no longer the next duty, only possible again."""
CLAIMS: Final = ("non_responsibility_claimed", "non_responsibility_statement_submitted")
DECISIONS: Final = ("approval_given", "approval_refused")
UNMASKED: Final = ("contact_name", "contact_phone", "story", "wish", "timeline")
"""Of the last three only the numbers in them are hidden."""


@never_cache
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The case: for a row that was clicked the pane alone, else the whole page with the queue beside it."""
    who = acting(request)
    found = fetch(who, number)
    return show(request, who, found)


def show(request: HttpRequest, who: Acting, found: Case, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of the case, for a part of a page its pane; ``more`` is said on it, with a status where something was wrong."""
    context = {**case_context(request, who, file_of(found)), **more}
    if request.headers.get("HX-Request"):
        # A pane with another status would not be put into the page.
        return render(request, "console/cases/_pane.html", context)
    whole = {**queue_context(request, who), **context, "case_open": True, "open_number": found.number}
    return render(request, "console/cases/queue.html", whole, status=status)


def case_context(request: HttpRequest, who: Acting, file: File) -> dict[str, Any]:
    """Everything that the templates of a case show."""
    now, found = timezone.now(), file.case
    head = shown.head(who, found) | {"level": shown.level_of(file.warnings)}
    clocks = shown.clocks(file.clocks, file.adopted(), found.editions, now, file.units())
    rows = attachments.of_case(who.organisation_id, found.id)
    told = timeline.entries(who.organisation_id, file.facts, found.editions, files.entries(who, found, rows))
    binding = next((clock for clock in clocks if clock["binding"]), None)
    address = request.build_absolute_uri(head["url"])
    return {
        "case": head,
        "queue_url": _back(request, who),
        "terms": terms(who.organisation_id, found.unit_code, found.received_at),
        "clocks": shown.together(clocks),
        "remarks": remarks_on(found),
        "several": len(file.adopted()) > 1,
        "schemes": meeting.schemes(found, file.adopted()),
        "attempts": meeting.attempts(file.facts),
        "binding": binding,
        "warnings": shown.warnings(file.warnings, file.grounds()),
        "persons": [*shown.persons(found, now), *shown.concerned(file.facts, file.adopted())],
        "counted": timeline.counted(told, head["url"]),
        "idle": timeline.idle_since(file.facts, now) if found.status not in ("closed", "archived", "void") else None,
        "undo": _undo(who, file, now),
        "related": related_rows(who, found, now),
        "topic": beside_case(who, found, now),
        "brief": shown.brief(head, binding, told[0] if told else None, address),
        "print_url": reverse("console:case-print", args=[found.number]),
        "told_outside": told_to_customer(who.organisation_id, found.id, language()),
        **ending(who, found),
        **_acts(who, file, shown.ends_with(binding["rule"]) if binding else ""),
        **_tabs(request, told, head["url"]),
        **secret.context(who, found, now),
        **files.context(who, found, rows),
        **_around_household(who, found),
        **_around_texts(who, file),
    }


def _back(request: HttpRequest, who: Acting) -> str:
    return Asked(going_on.list_query(request), who, reverse("console:queue")).url


def _undo(who: Acting, file: File, now: datetime) -> dict[str, Any] | None:
    """What the person may take back: looked up only where the last that people did is theirs."""
    acts = [fact for fact in file.facts if not fact.derived and fact.event != LIMIT_PASSED]
    return undoing.offer(who, file.case, now) if acts and acts[-1].by_person == who.staff.pk else None


def _acts(who: Acting, file: File, wanted: str) -> dict[str, Any]:
    """The buttons and the panels of acts. The next duty is what ends the limit that binds, ``wanted``: a button of the case, else an act
    of the panel, which then stands in its place."""
    steps, moves = _steps(who, file.case, wanted), _moves(who, file, wanted)
    due, button = steps.pop("due_step"), moves.pop("button")
    if due is None or (button is not None and wanted in button.events):
        return {**moves, **steps}
    others = [_button(file.case, button), *moves["others"]] if button is not None else moves["others"]
    return {**moves, **steps, "primary": {**due, "page": True}, "others": others}


def _moves(who: Acting, file: File, wanted: str) -> dict[str, Any]:
    found = file.case
    listed = [move for move in moves_with(found, who.rights) if move.key not in IN_THE_COMPOSER]
    happened = {fact.event for fact in file.facts}
    fresh = [move for move in listed if not set(DONE_BY.get(move.key, ())) & happened]
    # Where the post may not end the limit that binds, the first of its own moves.
    primary = next((move for move in fresh if wanted in move.events), None) or next((move for move in fresh if move.order < 30), None)
    keys = {move.key for move in moves_with(found, who.rights)}
    return {
        "button": primary,
        "primary": _button(found, primary) if primary else None,
        "others": [
            _with_form(_button(found, move)) if move == primary else _button(found, move) for move in listed if _is_other(move, primary)
        ],
        "words_url": reverse("console:case-words", args=[found.number]) if "note" in keys else "",
        "may_reply": "public_reply" in keys,
        **_claim(listed, file),
        **_unclassed(listed, file),
    }


def _steps(who: Acting, found: Case, wanted: str) -> dict[str, Any]:
    shown_steps = steps_of_case(who, found.id, found.number, moves_with(found, who.rights), wanted)
    return {**shown_steps, "step_groups": [], "flow": [], "due_step": None} if found.destroyed_at else shown_steps


def _claim(listed: list[Move], file: File) -> dict[str, Any]:
    """A statement of non-responsibility that nobody has decided: what it says, and the two ways to decide it."""
    claims = [fact for fact in file.facts if fact.event in CLAIMS]
    decided = [fact.number for fact in file.facts if fact.event in DECISIONS]
    if not claims or any(number > claims[-1].number for number in decided):
        return {}
    details = claims[-1].details
    text = hide_phones_in("；".join(str(details[name]) for name in ("reason", "text") if details.get(name)))
    return {
        "claim": text,
        "decisions": [_button(file.case, move) for move in listed if move.key in ("accept_statement", "refuse_statement")],
    }


def _unclassed(listed: list[Move], file: File) -> dict[str, Any]:
    """The regulations under which no handling limit runs for want of a class, and the way to set one."""
    found = file.case
    waiting = unclassed(tuple(found.editions), found.record, frozenset(found.category)) if found.status in OPEN_STATES else []
    classing = next((_button(found, move) for move in listed if move.key == "class"), None)
    return {"unclassed": "、".join(said(one.title) for one in waiting), "classing": classing if waiting else None}


def _is_other(move: Move, primary: Move | None) -> bool:
    """Whether the move stands in the menu: the next duty only where its button leaves out something that could be said."""
    return move != primary or (bool(move.needs) and not _asks(move))


def _with_form(button: dict[str, Any]) -> dict[str, Any]:
    return button | {"label": f"{button['label']}…"}


def _asks(move: Move) -> bool:
    return any(need.required for need in move.needs) or (bool(move.needs) and move.order > 1)


def _button(found: Case, move: Move) -> dict[str, Any]:
    label = label_of(found, move)
    address = reverse("console:case-move", args=[found.number, move.key])
    return {"key": KEYS.get(move.key, ""), "label": label, "url": address, "needs": _asks(move), "name": move.key}


def _tabs(request: HttpRequest, told: list[dict[str, Any]], address: str) -> dict[str, Any]:
    wanted = request.GET.get("tab", "all")
    count = {key: len([one for one in told if key in ("all", one["kind"])]) for key, _label in timeline.TABS}
    tabs = [
        {"key": key, "label": label, "url": f"{address}?tab={key}", "current": key == wanted, "count": count[key]}
        for key, label in timeline.TABS
    ]
    only = request.GET.get("only", "")
    shown = [one for one in told if wanted in ("all", one["kind"]) and (not only or only in one.get("figures", ()))]
    return {"tabs": tabs, "timeline": shown}


def _around_household(who: Acting, found: Case) -> dict[str, str]:
    may = who.may("unmask") and not found.destroyed_at
    address = reverse("console:queue")
    return {
        "unmask_name_url": reverse("console:case-unmask", args=[found.number, "contact_name"]) if may else "",
        "unmask_phone_url": reverse("console:case-unmask", args=[found.number, "contact_phone"]) if may else "",
        "household_url": f"{address}?household={found.household_code}&unit={found.unit_code}&state=all" if found.household_code else "",
    }


def _around_texts(who: Acting, file: File) -> dict[str, str]:
    found = file.case
    hidden = {
        "story": hide_phones_in(found.story) != found.story,
        "wish": hide_phones_in(found.wish) != found.wish,
        "timeline": bool(timeline.lines_with_numbers(who.organisation_id, file.facts, found.editions)),
    }
    return {
        f"unmask_{field}_url": reverse("console:case-unmask", args=[found.number, field]) if hides and who.may("unmask") else ""
        for field, hides in hidden.items()
    }


def move(request: HttpRequest, number: str, move: str) -> HttpResponse:
    """One move: its form, and its sending. After it the case stands there as it now is; what was typed survives an error."""
    who = acting(request)
    found = fetch(who, number)
    chosen = next((one for one in moves_with(found, who.rights) if one.key == move), None)
    if chosen is None:
        return _not_now(request, who, found, move)
    form = MoveForm(chosen, around(who, [found]), request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form(request, who, found, form)
    if not form.is_valid():
        return _form(request, who, found, form, sending.wrong_in(form) if sending.wants_sentence(request) else "")
    before = going_on.standing(who, found, timezone.now())
    error = _made(request, who, found, chosen, form.details(), request.POST.get("version", ""))
    return _form(request, who, found, form, error) if error else _done(request, who, found, chosen, before)


def _made(request: HttpRequest, who: Acting, found: Case, chosen: Move, details: Mapping[str, Any], version: str) -> str:
    """Do the move with the files that came with it; returns the sentence of what went wrong, or nothing."""
    try:
        sent = files.sent_files(request)
    except SAID as error:
        return tell(error)
    return make(who, found, chosen, details, version, sent, request)


def _not_now(request: HttpRequest, who: Acting, found: Case, move: str) -> HttpResponse:
    if move not in BY_KEY or request.method != "POST" or sending.wants_sentence(request):
        raise Http404
    messages.error(request, _("这一步现在不能做：工单可能刚被别人更新过。请看最新状态后再操作。"))
    return _done(request, who, found, None)


def _form(request: HttpRequest, who: Acting, found: Case, form: MoveForm, error: str = "") -> HttpResponse:
    if sending.wants_sentence(request):
        return sending.sentence(error, 422)
    head = shown.head(who, found)
    label = label_of(found, form.move)
    about = {
        "case": head, "move_form": form, "move_error": error, "move_label": label, "move_name": form.move.key,
        "move_url": reverse("console:case-move", args=[found.number, form.move.key]), **files.limits(),
    }  # fmt: skip
    if not request.headers.get("HX-Request"):
        about.pop("case")
        return show(request, who, found, status=422 if request.method == "POST" else 200, **about)
    answer = render(request, "console/cases/_move.html", about)
    if request.method == "POST":
        answer["HX-Retarget"] = "#move"
    return answer


def _done(request: HttpRequest, who: Acting, found: Case, move: Move | None, before: Line | None = None) -> HttpResponse:
    """The page after an act: of the case as it now is, or, where the person goes on, of the next one or of the list alone."""
    if sending.wants_sentence(request):
        return sending.sentence(_("%(act)s：已完成") % {"act": label_of(found, move)} if move else "")
    now = timezone.now()
    way = going_on.way_on(request, who, before, found, now)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(way.url if way else reverse("console:case", args=[found.number]))
    fresh = fetch(who, found.number)
    told = _told_of(found, move) | {"toast": undoing.offer(who, fresh, now) if move and move.key not in IN_THE_COMPOSER else None}
    if way is None:
        answer = show(request, who, fresh, **told)
    elif way.number:
        answer = show(request, who, fetch(who, way.number), **told)
    else:
        answer = render(request, "console/cases/_left.html", told)
    if way is not None:
        answer["HX-Push-Url"] = way.url
    answer["HX-Trigger"] = "live:cases"
    return answer


def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Take back one's own last act on the case; after it the case stands there as it now is, whatever stood there before."""
    who = acting(request)
    found = fetch(who, number)
    if request.method != "POST":
        raise Http404
    move, error = undoing.take_back(who, found, request.POST.get("fact", ""))
    if error:
        messages.error(request, error)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(reverse("console:case", args=[found.number]))
    said = _("已撤销：%(act)s") % {"act": label_of(found, move)} if move else ""
    answer = show(request, who, fetch(who, number), said=said)
    answer["HX-Push-Url"] = Asked(going_on.list_query(request), who, "").at(reverse("console:case", args=[found.number]))
    answer["HX-Trigger"] = "live:cases"
    return answer


def _told_of(found: Case, move: Move | None) -> dict[str, Any]:
    """What is said aloud of a move that was made, and which half-written form it ends."""
    if move is None:
        return {}
    draft = f"words-{found.number}" if move.key in IN_THE_COMPOSER else f"move-{found.number}-{move.key}"
    return {"said": _("%(act)s：已完成") % {"act": label_of(found, move)}, "done_draft": draft}


def write(request: HttpRequest, number: str) -> HttpResponse:
    """What is written below the story: a note for us, or a reply to the owner."""
    who = acting(request)
    found = fetch(who, number)
    if request.method != "POST":
        raise Http404
    mode, text = request.POST.get("mode", "internal"), request.POST.get("text", "")
    key = "public_reply" if mode == "reply" else "note"
    chosen = next((one for one in moves_with(found, who.rights) if one.key == key), None)
    if chosen is None:
        return _not_now(request, who, found, key)
    error = _made(request, who, found, chosen, {"text": text}, "") if text.strip() else _("请先写内容，再保存。")
    if error and sending.wants_sentence(request):
        return sending.sentence(error, 422)
    if error:
        status = 200 if request.headers.get("HX-Request") else 422
        return show(request, who, found, status=status, words_error=error, words_text=text, words_mode=mode)
    return _done(request, who, found, chosen)


def unmask(request: HttpRequest, number: str, field: str) -> HttpResponse:
    """Show one masked field in full, for a reason that is kept before it is shown."""
    who = acting(request)
    found = fetch(who, number)
    if field not in UNMASKED or found.destroyed_at:
        raise Http404
    now, reason = timezone.now(), request.POST.get("reason", "")
    asked = {"unmask_url": reverse("console:case-unmask", args=[number, field]), "reasons": unmasking.reasons(who, found.unit_code, now)}
    if request.method != "POST" or reason not in unmasking.PURPOSES:
        return render(request, "console/cases/_unmask.html", asked)
    whose = found.household_code or found.number
    try:
        unmasking.view(who, found.unit_code, field, f"case:{found.id}", whose, reason, now, found.id)
    except SAID as error:
        why = unmasking.refused(who, found.unit_code, whose, reason, error, now)
        return render(request, "console/cases/_unmask.html", {**asked, "error": why, "chosen": reason})
    value = "\n".join(_numbered_lines(who, found)) if field == "timeline" else getattr(found, field)
    return render(request, "console/cases/_unmasked.html", {"value": value, "is_phone": field == "contact_phone"})


def _numbered_lines(who: Acting, found: Case) -> list[str]:
    return timeline.lines_with_numbers(who.organisation_id, file_of(found).facts, found.editions)


def print_case(request: HttpRequest, number: str) -> HttpResponse:
    """The case on paper: what it is, its limits, what happened; masked like the page."""
    who = acting(request)
    return render(request, "console/cases/case_print.html", {"title": number, "papers": [paper(who, fetch(who, number))]})


def paper(who: Acting, found: Case) -> dict[str, Any]:
    """What the paper of a case tells."""
    file = file_of(found)
    rows = attachments.of_case(who.organisation_id, file.case.id)
    told = timeline.entries(who.organisation_id, file.facts, file.case.editions, files.entries(who, file.case, rows))
    clocks = shown.clocks(file.clocks, file.adopted(), file.case.editions, timezone.now(), file.units())
    return {
        "case": shown.head(who, file.case), "clocks": clocks, "timeline": list(reversed(told)), "several": len(file.adopted()) > 1,
        "withheld": secret.told(file.case.secrets), **ending(who, file.case), **files.context(who, file.case, rows),
    }  # fmt: skip
