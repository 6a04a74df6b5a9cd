"""Photos that lay in the data folder before all files came into the database: brought in by the migrations of their rooms."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

_log = logging.getLogger(__name__)


def bring_in(apps: Any, of: str, rows: Iterable[Any], owner: str) -> None:
    """Keep the file of each row under the row's own id, as belonging to what its field ``owner`` names; the one in the folder goes once
    all is committed. ``apps`` are those of the migration. A file that is missing, or is not what it was, is told and passed over."""
    kept = apps.get_model("files", "Kept")
    for row in rows:
        path = Path(settings.DATA_DIR) / "files" / row.path
        data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != row.sha256:
            what = "other bytes than were kept" if data else "no file"
            _log.error(
                "found %s at %s, expected the photo %s: put it back from a copy of the data folder, or it is lost", what, path, row.id
            )
            continue
        at = getattr(row, "at", None) or row.entered_at
        kept(
            organisation_id=row.organisation_id, id=row.id, of=of, of_id=getattr(row, owner), size=len(data), sha256=row.sha256, at=at,
            by_person=row.by_person, by_role=getattr(row, "by_role", ""), data=data,
        ).save(force_insert=True)  # fmt: skip
        transaction.on_commit(partial(path.unlink, missing_ok=True))
