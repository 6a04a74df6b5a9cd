"""What several regulations say of one case, each by itself: its classes and marks (X5), and the attempts that reached nobody (X14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from huiyin.core.rules import Adopted, Regulation
from huiyin.desk.cases.models import Case, Mark
from huiyin.desk.facts.models import Fact
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import language
from huiyin.rulebook.words import class_name

ATTEMPTED: Final = "contact_attempted"
VISITED: Final = "return_visit_done"


def schemes(case: Case, adopted: Iterable[Adopted]) -> list[dict[str, Any]]:
    """For each regulation of the case its own category, severity and marks: no class of one is translated into another's (X5)."""
    regulations = {one.regulation.prefix: one.regulation for one in adopted}
    rows = Mark.objects.filter(organisation_id=case.organisation_id, case_id=case.id, ended_at=None).order_by("at", "key")
    marks = list(rows)
    return [_scheme(case, found, [one for one in marks if one.key.startswith(f"{prefix}:")]) for prefix, found in regulations.items()]


def _scheme(case: Case, found: Regulation, marks: Sequence[Mark]) -> dict[str, Any]:
    def word(scheme: str, given: Any) -> str:
        key = given.get(found.prefix)
        return class_name(scheme, str(key), language(), found.stem) if key else ""

    return {
        "title": found.title[0 if language().startswith("zh") else 1],
        "prefix": found.prefix,
        "url": reverse("console:regulation", args=[found.stem]),
        "category": word("category", case.category),
        "severity": word("severity", case.severity),
        "has_severity": bool(found.source["classes"].get("severity")),
        "marks": [
            {"word": class_name("marks", one.mark, language(), found.stem), "clause": one.clause, "url": clause_url(one.clause)}
            for one in {mark.mark: mark for mark in marks}.values()
        ],
    }


def attempts(facts: Iterable[Fact]) -> list[datetime]:
    """When somebody tried to reach the customer and did not. A try ends no limit, save where a clause itself says so (X14)."""
    return [one.at for one in facts if one.event == ATTEMPTED or (one.event == VISITED and one.details.get("result") == "not_reached")]
