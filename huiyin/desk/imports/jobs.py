"""What has to be called again and again for imports: files that nobody came back for are let go."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from huiyin.desk.imports.actions import drop_upload
from huiyin.desk.imports.models import Upload
from huiyin.desk.journal.actions import By

KEPT_FOR: Final = timedelta(days=7)


def drop_old_uploads(at: datetime) -> int:
    """Let the files go that were handed over more than a week ago and not brought in; returns how many."""
    old = list(Upload.objects.filter(at__lt=at - KEPT_FOR).defer("data"))
    for one in old:
        drop_upload(one, by=By("watch"), at=at)
    return len(old)
