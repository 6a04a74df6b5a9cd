"""The questionnaire of a survey for who has been given a code: one answer a code, without an account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from huiyin.core.moments import BadText
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.places import queries as places
from huiyin.desk.surveys import access, actions, queries
from huiyin.faces.portal.doors import TOO_MANY, chinese, may_knock, sentence
from huiyin.plumbing import text


def answer(request: HttpRequest, code: str) -> HttpResponse:
    """The questions; the answer is taken once. Who tries too many codes or answers too often has to wait."""
    now = timezone.now()
    if not may_knock(request, now):
        return render(request, "portal/wait.html", status=TOO_MANY)
    try:
        invitation, questionnaire = access.by_code(code.upper())
    except access.NotFound:
        # One page for both: nobody can tell by it which codes there are.
        return render(request, "portal/no_survey.html", status=404)
    index = 0 if chinese() else 1
    regulations = [one.regulation for one in adopted_for(invitation.organisation_id, now)]
    grades = [(one.points, one.name[index]) for one in queries.declared(regulations).grades]
    names = places.tree(invitation.organisation_id).names.get(invitation.unit_code, ("", ""))
    context = {
        "questionnaire": questionnaire,
        "grades": grades,
        "unit": names[index],
        "chinese": chinese(),
        "answered": invitation.answered_at is not None,
        "error": "",
    }
    if request.method == "POST":
        sent = {name[2:]: value for name, value in request.POST.dict().items() if name.startswith("q-") and value}
        given = {key: int(value) if value in ("1", "2", "3", "4", "5") else 0 for key, value in sent.items()}
        try:
            actions.answer_by_code(invitation.code, given, request.POST.get("words", ""), at=now)
        except access.NotFound:
            return render(request, "portal/no_survey.html", status=404)
        except (BadText, text.BadText) as error:
            context |= {"error": sentence(error), "given": given, "words": request.POST.get("words", "")}
            return render(request, "portal/answer.html", context, status=422)
        context["answered"] = True
    return render(request, "portal/answer.html", context)
