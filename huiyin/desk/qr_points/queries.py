"""Reads about points."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import Count

from huiyin.core.rules import Regulation
from huiyin.core.rules.acts import RefusalRule
from huiyin.desk.cases.lifecycle import RECEIVED
from huiyin.desk.cases.models import Case
from huiyin.desk.qr_points.models import Brought, QrPoint

OFFERED = ("complaint", "repair", "suggestion", "help_request", "inquiry", "praise")
"""The kinds of record that a stranger may bring. An emergency is rung up."""


_TOLD = frozenset({"channel", "customer", "household"})
"""What the form tells beside the words."""


def offered(regulations: Iterable[Regulation]) -> list[str]:
    """The kinds of record that a stranger may bring under these regulations: not one that a regulation refuses until something is said
    that only the staff can say (UL-5.4a: praise is confirmed by a leader)."""
    rules = [one for found in regulations for one in found.rules if isinstance(one, RefusalRule)]
    return [record for record in OFFERED if not any(_wants_staff(one, RECEIVED[record]) for one in rules)]


def _wants_staff(rule: RefusalRule, event: str) -> bool:
    return event in rule.event and any(one.about == "fact_not" and one.name not in _TOLD for one in rule.when.questions)


def counted(points: Collection[UUID]) -> Mapping[UUID, int]:
    """How many cases came by each of the points."""
    rows = Brought.objects.filter(point_id__in=points).values_list("point_id").annotate(Count("id"))
    return dict(rows)


def cases_of(point: QrPoint) -> list[Case]:
    """The cases that came by the point and have not been destroyed, the newest first."""
    ids = Brought.objects.filter(point=point).values("case_id")
    found = Case.objects.filter(organisation_id=point.organisation_id, id__in=ids, destroyed_at=None)
    return list(found.order_by("-received_at"))
