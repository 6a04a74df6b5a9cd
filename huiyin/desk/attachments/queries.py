"""Reads of the files of cases. Who may see the case is asked before (``cases.access``), what is secret of it by ``access``."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count

from huiyin.desk.attachments.models import Attachment


def of_case(organisation_id: UUID, case_id: UUID) -> list[Attachment]:
    """The files of the case in the order in which they came, also those that were taken away."""
    return list(Attachment.objects.filter(organisation_id=organisation_id, case_id=case_id).order_by("at", "id"))


def counts(organisation_id: UUID, case_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many files each of the cases has; none for a case that is not named."""
    rows = Attachment.objects.filter(organisation_id=organisation_id, case_id__in=case_ids, removed_at=None)
    return dict(rows.values_list("case_id").annotate(Count("id")).order_by()) if case_ids else {}
