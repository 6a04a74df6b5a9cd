"""One case: its page (also the pane beside the queue), its moves, notes and replies, unmasking, and its print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from huiyin.desk.adoptions.terms import terms_of
from huiyin.desk.cases import actions
from huiyin.desk.cases.access import moves_with
from huiyin.desk.cases.lifecycle import BY_KEY, Move
from huiyin.desk.cases.models import Case
from huiyin.desk.people.access import RIGHTS
from huiyin.faces.console.cases import meeting, secret, shown, timeline, unmasking
from huiyin.faces.console.cases.ending import ending
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.find import File, fetch, file_of
from huiyin.faces.console.cases.forms import Around, MoveForm
from huiyin.faces.console.cases.intake import units_for
from huiyin.faces.console.cases.listing import queue_context, related_rows
from huiyin.faces.console.cases.words import language, regulations_of, role_word, terms
from huiyin.faces.console.matters.pages import steps_of_case
from huiyin.faces.console.topics.shown import beside_case
from huiyin.faces.parts.guard import Acting, acting
from huiyin.plumbing.phones import hide_phones_in

IN_THE_COMPOSER: Final = frozenset({"note", "public_reply"})
"""Moves that are made by writing below the story, and therefore stand on no button."""
KEYS: Final[Mapping[str, str]] = {"transfer": "a", "reassign": "a", "hold": "h", "urge": "u"}
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
    return _shown(request, who, found)


def _shown(request: HttpRequest, who: Acting, found: Case, **more: Any) -> HttpResponse:
    context = {**case_context(request, who, file_of(found)), **more}
    if request.headers.get("HX-Request"):
        return render(request, "console/cases/_pane.html", context)
    return render(
        request, "console/cases/queue.html", {**queue_context(request, who), **context, "case_open": True, "open_number": found.number}
    )


def case_context(request: HttpRequest, who: Acting, file: File) -> dict[str, Any]:
    """Everything that the templates of a case show."""
    now, found = timezone.now(), file.case
    head = shown.head(who, found) | {"level": shown.level_of(file.warnings)}
    clocks = shown.clocks(file.clocks, file.adopted(), found.editions, now, file.units())
    told = timeline.entries(who.organisation_id, file.facts, found.editions)
    binding = next((clock for clock in clocks if clock["binding"]), None)
    address = request.build_absolute_uri(head["url"])
    return {
        "case": head,
        "queue_url": _back(request),
        "terms": terms(who.organisation_id, found.unit_code, found.received_at),
        "clocks": shown.together(clocks),
        "several": len(file.adopted()) > 1,
        "schemes": meeting.schemes(found, file.adopted()),
        "attempts": meeting.attempts(file.facts),
        "binding": binding,
        "warnings": shown.warnings(file.warnings, file.grounds()),
        "persons": [*shown.persons(found, now), *shown.concerned(file.facts, file.adopted())],
        "handovers": len(timeline.handovers(file.facts)),
        "idle": timeline.idle_since(file.facts, now) if found.status not in ("closed", "archived", "void") else None,
        "related": related_rows(who, found, now),
        "topic": beside_case(who, found, now),
        "brief": shown.brief(head, binding, told[0] if told else None, address),
        "print_url": reverse("console:case-print", args=[found.number]),
        **ending(found),
        **_moves(who, file, binding["rule"] if binding else ""),
        **_steps(who, found),
        **_tabs(request, told, head["url"]),
        **secret.context(who, found, now),
        **_around_household(who, found),
        **_around_texts(who, file),
    }


def _back(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("tab", "draft"):
        query.pop(name, None)
    return reverse("console:queue") + (f"?{query.urlencode()}" if query else "")


def _moves(who: Acting, file: File, binding: str) -> dict[str, Any]:
    found = file.case
    listed = [move for move in moves_with(found, who.rights) if move.key not in IN_THE_COMPOSER]
    happened = {fact.event for fact in file.facts}
    fresh = [move for move in listed if not set(DONE_BY.get(move.key, ())) & happened]
    wanted = shown.ends_with(binding) if binding else ""
    # The next duty is what ends the limit that binds; where the post may not do that, the first of its own moves.
    primary = next((move for move in fresh if wanted in move.events), None) or next((move for move in fresh if move.order < 30), None)
    keys = {move.key for move in moves_with(found, who.rights)}
    return {
        "primary": _button(found, primary) if primary else None,
        "others": [_button(found, move) for move in listed if move != primary],
        "words_url": reverse("console:case-words", args=[found.number]) if "note" in keys else "",
        "may_reply": "public_reply" in keys,
        **_claim(listed, file),
    }


def _steps(who: Acting, found: Case) -> dict[str, Any]:
    shown_steps = steps_of_case(who, found.id, found.number, moves_with(found, who.rights))
    return {**shown_steps, "act_groups": []} if found.destroyed_at else shown_steps


def _claim(listed: list[Move], file: File) -> dict[str, Any]:
    """A statement of non-responsibility that nobody has decided: what it says, and the two ways to decide it."""
    claims = [fact for fact in file.facts if fact.event in CLAIMS]
    decided = [fact.number for fact in file.facts if fact.event in DECISIONS]
    if not claims or any(number > claims[-1].number for number in decided):
        return {}
    said = claims[-1].details
    text = hide_phones_in("；".join(str(said[name]) for name in ("reason", "text") if said.get(name)))
    return {
        "claim": text,
        "decisions": [_button(file.case, move) for move in listed if move.key in ("accept_statement", "refuse_statement")],
    }


def _label(found: Case, move: Move) -> str:
    chinese, english = move.named(terms_of(found.organisation_id, found.unit_code, found.received_at))
    return chinese if language().startswith("zh") else english[0].upper() + english[1:]


def _button(found: Case, move: Move) -> dict[str, Any]:
    label = _label(found, move)
    needs = any(need.required for need in move.needs) or (bool(move.needs) and move.order > 1)
    address = reverse("console:case-move", args=[found.number, move.key])
    return {"key": KEYS.get(move.key, ""), "label": label, "url": address, "needs": needs, "name": move.key}


def _tabs(request: HttpRequest, told: list[dict[str, Any]], address: str) -> dict[str, Any]:
    wanted = request.GET.get("tab", "all")
    count = {key: len([one for one in told if key in ("all", one["kind"])]) for key, _label in timeline.TABS}
    tabs = [{"label": label, "url": f"{address}?tab={key}", "current": key == wanted, "count": count[key]} for key, label in timeline.TABS]
    return {"tabs": tabs, "timeline": [one for one in told if wanted in ("all", one["kind"])]}


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
    form = MoveForm(chosen, _around(who, found), request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form(request, who, found, form)
    if not form.is_valid():
        return _form(request, who, found, form)
    error = _do(who, found, chosen, form.details(), request.POST.get("version", ""))
    return _form(request, who, found, form, error) if error else _done(request, who, found)


def _not_now(request: HttpRequest, who: Acting, found: Case, move: str) -> HttpResponse:
    if move not in BY_KEY or request.method != "POST":
        raise Http404
    messages.error(request, _("这一步现在不能做：工单可能刚被别人更新过。请看最新状态后再操作。"))
    return _done(request, who, found)


def _around(who: Acting, found: Case) -> Around:
    regulations = [one for one in regulations_of(who.organisation_id, found.unit_code, found.received_at) if one.stem in found.editions]
    roles = sorted(
        {role for one in regulations for role in one.role_names if one.role_levels[role] != "outside"} & set().union(*RIGHTS.values())
    )
    departments = [role for one in regulations for role in one.stands_in.get("related_departments", ())]
    named = [(role, role_word(role, found.editions)) for role in roles]
    said = terms(who.organisation_id, found.unit_code, found.received_at)
    return Around(regulations, units_for(who), [(one, role_word(one, found.editions)) for one in departments], named, terms=said)


def _do(who: Acting, found: Case, chosen: Move, details: Mapping[str, Any], version: str) -> str:
    """Do the move; returns the sentence of what went wrong, or nothing."""
    if who.post is None:
        return _("您今天没有岗位，请联系系统管理员。")
    said = dict(details)
    for need in chosen.needs:
        if need.kind == "case" and need.name in said:
            named = str(said[need.name]).strip()
            try:
                said[need.name] = str(fetch(who, named).id)
            except Http404:
                return _("没有单号为“%(number)s”的工单，或不在您的范围内。请核对单号。") % {"number": named[:40]}
    try:
        actions.move(
            who.organisation_id, found.id, chosen.key, said, by=who.staff.pk, post_role=who.role, unit=who.post.unit.code,
            at=timezone.now(), version=int(version) if version.isdecimal() else None,
        )  # fmt: skip
    except SAID as error:
        return tell(error)
    return ""


def _form(request: HttpRequest, who: Acting, found: Case, form: MoveForm, error: str = "") -> HttpResponse:
    head = shown.head(who, found)
    label = _label(found, form.move)
    about = {
        "case": head, "move_form": form, "move_error": error, "move_label": label, "move_name": form.move.key,
        "move_url": reverse("console:case-move", args=[found.number, form.move.key]),
    }  # fmt: skip
    if not request.headers.get("HX-Request"):
        return _shown(request, who, found, **{name: value for name, value in about.items() if name != "case"})
    answer = render(request, "console/cases/_move.html", about)
    if request.method == "POST":
        answer["HX-Retarget"] = "#move"
    return answer


def _done(request: HttpRequest, who: Acting, found: Case) -> HttpResponse:
    if request.headers.get("HX-Request"):
        answer = _shown(request, who, fetch(who, found.number))
        answer["HX-Trigger"] = "live:cases"
        return answer
    return HttpResponseRedirect(reverse("console:case", args=[found.number]))


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
    error = _do(who, found, chosen, {"text": text}, "") if text.strip() else _("请先写内容，再保存。")
    if error:
        return _shown(request, who, found, words_error=error, words_text=text, words_mode=mode)
    return _done(request, who, found)


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
    file = file_of(fetch(who, number))
    told = timeline.entries(who.organisation_id, file.facts, file.case.editions)
    clocks = shown.clocks(file.clocks, file.adopted(), file.case.editions, timezone.now(), file.units())
    context = {
        "case": shown.head(who, file.case), "clocks": clocks, "timeline": list(reversed(told)), "several": len(file.adopted()) > 1,
        "withheld": secret.told(file.case.secrets), **ending(file.case),
    }  # fmt: skip
    return render(request, "console/cases/case_print.html", context)
