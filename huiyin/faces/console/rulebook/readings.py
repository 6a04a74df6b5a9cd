"""Readings of unclear clauses: entered by the department that owns the regulation, shown with the clause, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText, in_shanghai
from huiyin.desk.adoptions.queries import adopted_for, adoptions
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.people.queries import names_of
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook.words import regulation_of

ENTERED = "reading_entered"
LONGEST = 4000


def enter(who: Acting, clause: str, text: str, at: datetime) -> None:
    """Keep how the clause is to be read, as a fact about the unit in reach that has adopted its regulation.

    Raises BadText for an empty or overlong text, a clause that is none, or one of a regulation that nobody in reach has adopted.
    """
    of = regulation_of(clause)
    if of is None or clause not in of.clauses:
        raise BadText(f"found the clause {clause[:40]!r}, expected one of the rulebook; choose one", "没有这一条款；请从制度页面选择条款")
    if not 0 < len(text.strip()) <= LONGEST:
        raise BadText(f"found {len(text.strip())} characters, expected 1 to {LONGEST}; write the reading", "请填写解释内容，最多4000字")
    day = in_shanghai(at).date()
    units = [
        one.unit
        for one in adopted_for(who.organisation_id, at)
        if one.regulation.stem == of.stem and one.unit in who.codes
        if (one.from_on is None or one.from_on <= day) and (one.until_on is None or day <= one.until_on)
    ]
    if not units:
        raise BadText(f"found nobody in reach that follows {of.stem}, expected an adoption; adopt it first", "您的范围内没有单位采用本制度")
    fact = Fact(ENTERED, at, unit=units[0], by=who.role, details={"clause": clause, "text": text.strip()})
    store(who.organisation_id, [fact], by=who.staff.pk, at=at)


def entered(organisation_id: UUID) -> Mapping[str, list[dict[str, Any]]]:
    """The readings of the organisation by clause, the latest first: what was said, by whom in which role, for which unit, and when."""
    units = {one.unit.code for one in adoptions(organisation_id)}
    kept = FactRow.objects.filter(organisation_id=organisation_id, case_id=None, unit_code__in=units, event=ENTERED)
    rows = list(kept.order_by("-at", "-id"))
    names = names_of(row.by_person for row in rows if row.by_person)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        who = names.get(row.by_person, "") if row.by_person else ""
        said = {"text": row.details["text"], "who": who, "role": row.by_role, "unit": row.unit_code, "at": row.at}
        found.setdefault(row.details["clause"], []).append(said)
    return found
