"""What has to be called again and again for imports: files that nobody came back for are let go, and lists of people a week after them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from huiyin.desk.imports.actions import drop_upload, forget_lines
from huiyin.desk.imports.models import CASES, DONE, Import, Upload
from huiyin.desk.journal.actions import By

KEPT_FOR: Final = timedelta(days=7)


def drop_old_uploads(at: datetime) -> int:
    """Let the files go that were handed over more than a week ago and not brought in; returns how many."""
    old = list(Upload.objects.filter(at__lt=at - KEPT_FOR).defer("data"))
    for one in old:
        drop_upload(one, by=By("watch"), at=at)
    return len(old)


def forget_old_lists(at: datetime) -> int:
    """Forget what stood in the rows of homes, residents and staff that were brought in more than a week ago; returns of how many imports.

    The people themselves stand in their registers: their names and numbers need not stand here once more.
    """
    old = list(Import.objects.filter(state=DONE, ended_at__lt=at - KEPT_FOR).exclude(of=CASES).exclude(header=[]))
    for one in old:
        forget_lines(one, by=By("watch"), at=at)
    return len(old)
