"""What a unit hands over of its finished cases, on its page and on the form of the act: how many, how complete, what is missing.

The reckoning says which cases belong to the hand-over of a period; whether the form of each is complete is looked up among its papers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.core.papers import COMPLETE
from huiyin.core.rules import HandoverRule
from huiyin.desk.cases.models import Case
from huiyin.desk.documents.models import Paper
from huiyin.desk.matters.steps import Handing, handings
from huiyin.faces.console import periods
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import language
from huiyin.faces.parts.guard import Acting
from huiyin.plumbing.ids import read_id
from huiyin.rulebook.load import regulation, stems
from huiyin.rulebook.words import form_name


def panel(who: Acting, unit: str, now: datetime, offered: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The hand-overs of the unit: of how many forms how many are complete and handed over, and each one that is missing.

    The way to the act stands only where it is among the acts ``offered`` to the post.
    """
    may = frozenset(offered)
    found = handings(who.organisation_id, unit, now)
    cases = _cases(who.organisation_id, (one for each in found for one in (*each.stands.missing, *each.stands.handed)))
    return [_shown(unit, one, cases, may) for one in found]


def _shown(unit: str, one: Handing, cases: Mapping[str, dict[str, Any]], may: frozenset[str]) -> dict[str, Any]:
    missing = [cases[key] for key in one.stands.missing if key in cases]
    handed = [cases[key] for key in one.stands.handed if key in cases]
    clause = one.rule.cites[0]
    return {
        "name": form_name(one.rule.form, clause, language()),
        "period": periods.words(one.period),
        "clause": clause,
        "clause_url": clause_url(clause),
        "count": len(missing) + len(handed),
        "complete": sum(each["complete"] for each in (*missing, *handed)),
        "handed": handed,
        "ready": [each for each in missing if each["complete"]],
        "incomplete": [each for each in missing if not each["complete"]],
        "done": one.duty is not None and one.duty.state in ("met", "late"),
        "due_at": one.duty.due_at if one.duty else None,
        "url": reverse("console:unit-step", args=[unit, one.rule.handed_by]) if one.rule.handed_by in may else "",
    }


def _cases(organisation_id: UUID, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The cases by id: number, page, and whether the form that is handed over is complete."""
    wanted = {found for one in ids if (found := read_id(one)) is not None}
    rows = Case.objects.filter(organisation_id=organisation_id, id__in=wanted).values_list("id", "number") if wanted else ()
    papers = Paper.objects.filter(organisation_id=organisation_id, case_id__in=wanted, name__in=_forms(), state=COMPLETE)
    complete = set(papers.values_list("case_id", flat=True)) if wanted else set()
    return {
        str(key): {"number": number, "url": reverse("console:case", args=[number]), "complete": key in complete} for key, number in rows
    }


@lru_cache(maxsize=1)
def _forms() -> frozenset[str]:
    """The papers that are handed over under any regulation."""
    return frozenset(rule.form for one in map(regulation, stems()) for rule in one.rules if isinstance(rule, HandoverRule))


def choices(who: Acting, ids: Iterable[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """The cases to choose from with their numbers and how their form stands, and those whose form is complete."""
    listed = list(ids)
    found = _cases(who.organisation_id, listed)
    words = {True: _("齐全"), False: _("未齐")}
    labelled = [(one, f"{found[one]['number']}（{words[found[one]['complete']]}）") for one in listed if one in found]
    return labelled, [one for one in listed if one in found and found[one]["complete"]]


def lacks_a_choice(who: Acting, unit: str, details: Mapping[str, Any], event: str, now: datetime) -> bool:
    """Whether the act hands nothing over though something of its period is still to be handed over: then somebody has to choose."""
    return any(
        one.rule.handed_by == event and one.period == details.get("period") and one.stands.missing and not details.get(one.rule.names)
        for one in handings(who.organisation_id, unit, now)
    )
