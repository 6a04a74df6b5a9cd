"""What a decision was asked for with: the words of the request, before the one who decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.utils.dateparse import parse_datetime

from huiyin.core.approvals import ASKING
from huiyin.core.moments import in_shanghai
from huiyin.core.records import GIVEN
from huiyin.desk.approvals.models import Approval
from huiyin.desk.cases.access import OPEN, veils
from huiyin.desk.facts.models import Fact
from huiyin.desk.facts.queries import details_back
from huiyin.desk.matters.steps import Offer, Subject
from huiyin.faces.console.cases.told import told
from huiyin.plumbing.ids import read_id
from huiyin.plumbing.phones import hide_phones_in
from huiyin.rulebook.load import vocabulary

_NOT_SAID: Final = frozenset({"clause", "to"})
_PROPOSED: Final = frozenset({"moment", "day", "number"})


def requests(organisation_id: UUID, found: Sequence[Approval]) -> Mapping[UUID, dict[str, Any]]:
    """What each of the decisions was asked for with, by its id; nothing of one that an event asked for. What is secret is masked."""
    facts = Fact.objects.filter(organisation_id=organisation_id, event=ASKING, id__in=[one.fact_id for one in found])
    by_id = {one.id: details_back(one.details) for one in facts}
    hidden = veils(organisation_id, [one.case_id for one in found])
    asked = ((one, by_id.get(one.fact_id)) for one in found)
    return {one.id: hidden.get(one.case_id, OPEN).details(said) for one, said in asked if one.case_id is not None and said}


def lines(organisation_id: UUID, said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The request in words: name and value of all that it tells."""
    kept = {name: value for name, value in said.items() if name not in _NOT_SAID}
    return [(name, hide_phones_in(value)) for _key, name, value in told(organisation_id, kept)]


def request_of(subject: Subject, offer: Offer) -> dict[str, Any]:
    """What the decision that the act takes was asked for with last, also where it was refused and may still be given; empty where it has
    been given or the act is none."""
    if not offer.decides or not offer.clause or subject.case is None:
        return {}
    case_id = read_id(subject.case.key)
    wanted = Approval.objects.filter(organisation_id=subject.organisation_id, case_id=case_id, clause=offer.clause)
    last = wanted.order_by("-asked_at", "-key").first()
    asking = Fact.objects.filter(organisation_id=subject.organisation_id, case_id=case_id, event=ASKING, details__clause=offer.clause)
    fact = asking.order_by("-number").first() if last is not None and last.state != GIVEN else None
    if fact is None or case_id is None:
        return {}
    return veils(subject.organisation_id, [case_id]).get(case_id, OPEN).details(details_back(fact.details))


def proposed(said: Mapping[str, Any], asks: Sequence[str]) -> dict[str, str]:
    """The moments, days and numbers of the request for the form of the decision: who decides leaves them or changes them."""
    found = {name: _typed(str(said[name]), _kind(name)) for name in asks if name in said and _kind(name) in _PROPOSED}
    return {name: text for name, text in found.items() if text}


def _kind(name: str) -> str:
    return str(vocabulary()["facts"].get(name, {}).get("kind", ""))


def _typed(value: str, kind: str) -> str:
    """As the browser's own field takes it."""
    if kind != "moment":
        return value
    at = parse_datetime(value)
    return f"{in_shanghai(at):%Y-%m-%dT%H:%M}" if at is not None and at.tzinfo is not None else ""
