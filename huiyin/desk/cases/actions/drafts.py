"""Drafts of forms: what somebody has typed and not yet sent is never lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyin.core.moments import BadText
from huiyin.desk.cases.models import Draft

MOST_CHARACTERS = 100_000


def save_draft(organisation_id: UUID, staff_id: UUID, form: str, body: Mapping[str, Any], *, at: datetime) -> None:
    """Keep what is in the form; the one before is replaced. Raises BadText for more than 100,000 characters."""
    if sum(len(str(value)) for value in body.values()) > MOST_CHARACTERS:
        raise BadText(
            f"found a draft of more than {MOST_CHARACTERS} characters, expected a form's worth; shorten it",
            f"草稿超过 {MOST_CHARACTERS} 字；请缩短",
        )
    Draft.objects.update_or_create(
        staff_id=staff_id,
        form=form[:120],
        defaults={"organisation_id": organisation_id, "body": dict(body), "saved_at": at},
    )


def forget_draft(staff_id: UUID, form: str) -> bool:
    """Forget the draft of a form that was sent; False if there was none."""
    return bool(Draft.objects.filter(staff_id=staff_id, form=form[:120]).delete()[0])
