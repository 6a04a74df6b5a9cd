"""Reads about decisions: what waits for a person, and what was decided on a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from huiyin.core.records import NEEDED
from huiyin.desk.approvals.models import Approval
from huiyin.desk.people import access
from huiyin.desk.people.models import Post, Staff
from huiyin.desk.people.queries import posts_of
from huiyin.desk.places import queries as places
from huiyin.rulebook.words import regulation_of


def waiting(staff: Staff, *, on_day: date, post: Post | None = None) -> QuerySet[Approval]:
    """The decisions that wait for the person by any of their posts on the day (or by the one post), the longest waiting first."""
    held = [one for one in posts_of(staff, on_day) if post is None or one.pk == post.pk]
    codes = places.tree(staff.organisation_id).codes
    theirs = Q(pk__in=[])
    for one in held:
        units = [codes[key] for key in access.scope_of(staff, one)]
        theirs |= Q(of__contains=[one.role], unit_code__in=units)
    return Approval.objects.filter(theirs, organisation_id=staff.organisation_id, state=NEEDED).order_by("asked_at", "id")


def waiting_for(staff: Staff, *, on_day: date, post: Post | None, most: int = 200) -> list[Approval]:
    """The decisions that wait and that the person may take at their unit under the post in use: in the own role, in place of one that they
    stand in for (D15), or as the one who writes down what people outside decide. The longest waiting first, ``most`` at most."""
    tree = places.tree(staff.organisation_id)
    reached = access.scope_of(staff, post) if post is not None else frozenset()
    codes = [tree.codes[key] for key in reached]
    rows = Approval.objects.filter(organisation_id=staff.organisation_id, state=NEEDED, unit_code__in=codes).order_by("asked_at", "id")
    standing: dict[str, access.Standing] = {}
    found: list[Approval] = []
    for one in rows.iterator(chunk_size=500):
        if one.unit_code not in standing:
            unit = places.unit(staff.organisation_id, one.unit_code)
            standing[one.unit_code] = access.standing_at(staff, unit, on_day=on_day, post=post)
        regulation = regulation_of(one.clause)
        if regulation is not None and standing[one.unit_code].may_act_as(regulation, one.of, deciding=True):
            found.append(one)
            if len(found) >= most:
                break
    return found


def of_case(organisation_id: UUID, case_id: UUID) -> list[Approval]:
    """All decisions of a case in the order in which they were asked for; who may see the case has to be asked before."""
    return list(Approval.objects.filter(organisation_id=organisation_id, case_id=case_id).order_by("asked_at", "key"))


def of_period(organisation_id: UUID, unit_codes: Iterable[str], period: str) -> list[Approval]:
    """The decisions about a period of the units, such as who has signed its summary."""
    rows = Approval.objects.filter(organisation_id=organisation_id, unit_code__in=list(unit_codes), period=period)
    return list(rows.order_by("unit_code", "clause", "key"))
