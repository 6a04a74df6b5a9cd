"""Destroying what people said of a thing after the longest time of keeping, by two different persons.

Everything that says who it was goes, in every room (``config/forgetting.py`` lists them); the keys of its entries in the journal are thrown
away, so that these hold as proof and nobody reads them. Numbers, moments and everything reckoned stay.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from huiyin.core.moments import BadText, in_shanghai
from huiyin.desk.facts.actions.forgetting import Forgotten, forget
from huiyin.desk.journal.actions import By, shred, write_now
from huiyin.desk.keeping.kinds import kind_of
from huiyin.desk.keeping.models import Destruction
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text

MOST_OF_A_REASON = 500
MOST_AT_ONCE = 500


@dataclass(slots=True)
class Done:
    """What came of a whole list: how many things it was done to, and why not to the others, each reason once."""

    count: int = 0
    refused: dict[str, BadText] = field(default_factory=dict)


@transaction.atomic
def propose(
    organisation_id: UUID, of: str, about_id: UUID, reason: str, *, by: By, at: datetime, list_id: UUID | None = None
) -> Destruction:
    """Put the thing on the list of what is to be destroyed; ``list_id`` with others that are proposed together. Raises BadText before its
    time, while it is held or needed, without a reason or person, or a second time."""
    kind = kind_of(of)
    due = kind.due(organisation_id, about_id, in_shanghai(at).date())
    said = clean_text(reason, most=MOST_OF_A_REASON, field="reason")
    if not said or by.person is None:
        raise BadText("found no reason or no person, expected both; say why", "请填写销毁理由")
    if Destruction.objects.filter(organisation_id=organisation_id, about_id=about_id).exists():
        text = f"found {kind.name[1]} {due.number} on the list already; let somebody else sign"
        raise BadText(text, f"{kind.name[0]}{due.number}已在销毁清单上，请由另一人签署")
    made = Destruction(
        organisation_id=organisation_id, about_id=about_id, of=of, list_id=list_id or new_id(at), number=due.number,
        register=due.register, unit_code=due.unit_code, reason=said, clauses=list(due.clauses), until_on=due.until_on,
        proposed_by=by.person, proposed_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    body = {"number": due.number, "reason": said, "until": due.until_on.isoformat()}
    action, subject = f"{kind.room}.propose_destruction", f"{of}:{about_id}"
    write_now(organisation_id, action, by=by, at=at, subject=subject, clauses=due.clauses, body=body)
    return made


@transaction.atomic
def destroy(organisation_id: UUID, of: str, about_id: UUID, *, by: By, at: datetime) -> Destruction:
    """Sign as the second person, and destroy everything that says who it was: for good, in one transaction.

    Raises BadText for the one who proposed it, for what is not on the list or destroyed already, while it is held or needed, and where a
    time of keeping has become longer since.
    """
    kind = kind_of(of)
    due = kind.due(organisation_id, about_id, in_shanghai(at).date())
    waiting = Destruction.objects.select_for_update().filter(organisation_id=organisation_id, of=of, about_id=about_id, signed_at=None)
    found = waiting.first()
    if found is None:
        text = f"found {kind.name[1]} {due.number} not waiting for a signature; look at the list"
        raise BadText(text, f"{kind.name[0]}{due.number}不在待签署的销毁清单上")
    if by.person is None or by.person == found.proposed_by:
        text = "found the same person twice, expected another one; let somebody else sign"
        raise BadText(text, "提出人和签署人不能是同一人；请由另一人签署")
    found.signed_by, found.signed_at = by.person, at
    found.save(update_fields=["signed_by", "signed_at"])
    with connection.cursor() as cursor:
        keys = forget(cursor, Forgotten(of, organisation_id, about_id, due.number, at))
    for about in keys:
        shred(organisation_id, about, by=by, at=at, clauses=found.clauses)
    body = {"number": due.number, "proposed_by": found.proposed_by}
    write_now(organisation_id, f"{kind.room}.destroy", by=by, at=at, subject=f"{of}:{about_id}", clauses=found.clauses, body=body)
    return found


@transaction.atomic
def propose_list(organisation_id: UUID, of: str, about_ids: Iterable[UUID], reason: str, *, by: By, at: datetime) -> Done:
    """Put several things on one list; those that may not be destroyed stay off it, with the reason. At most 500 at once."""
    list_id, done = new_id(at), Done()
    for about_id in list(about_ids)[:MOST_AT_ONCE]:
        try:
            propose(organisation_id, of, about_id, reason, by=by, at=at, list_id=list_id)
            done.count += 1
        except BadText as error:
            done.refused.setdefault(error.zh, error)
    return done


def destroy_list(organisation_id: UUID, list_id: UUID, unit_codes: Iterable[str], *, by: By, at: datetime) -> Done:
    """Sign a list as the second person: everything on it that lies in these units is destroyed, each thing by itself; what may not be
    destroyed any more (it is held since, its time is longer now) stays on the list, with the reason."""
    done = Done()
    rows = Destruction.objects.filter(organisation_id=organisation_id, list_id=list_id, unit_code__in=list(unit_codes), signed_at=None)
    for of, about_id in rows.order_by("about_id").values_list("of", "about_id"):
        try:
            destroy(organisation_id, of, about_id, by=by, at=at)
            done.count += 1
        except BadText as error:
            done.refused.setdefault(error.zh, error)
    return done
