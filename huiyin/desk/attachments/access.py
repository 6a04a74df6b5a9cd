"""The only way to a file of a case: whoever sees the case sees its files, unless something of the case is secret."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from huiyin.desk.attachments.models import Attachment
from huiyin.desk.cases.access import may_open
from huiyin.desk.cases.models import Case
from huiyin.desk.files.models import Kept

NotFound = (Attachment.DoesNotExist, Kept.DoesNotExist)
"""There is no such file, it is another case's, it was taken away, or it is hidden: nobody can tell which."""


def are_hidden(case: Case) -> bool:
    """Whether the files are hidden, with their names: nobody masks words in a picture, so what is secret of the case hides all of them."""
    return bool(case.secrets)


def fetch(case: Case, attachment_id: UUID) -> Attachment:
    """The file of the case with this id. That the person may see the case has to be asked before. Raises NotFound."""
    if are_hidden(case):
        raise Attachment.DoesNotExist
    return _standing(case, attachment_id)


def fetch_secret(case: Case, attachment_id: UUID, *, staff_id: UUID, role: str, at: datetime) -> Attachment:
    """A file of a case that holds secrets, for whom the rulebook clears. Raises NotFound."""
    if not may_open(case, staff_id, role, at):
        raise Attachment.DoesNotExist
    return _standing(case, attachment_id)


def _standing(case: Case, attachment_id: UUID) -> Attachment:
    return Attachment.objects.get(organisation_id=case.organisation_id, case_id=case.id, id=attachment_id, removed_at=None)


def may_remove(attachment: Attachment, staff_id: UUID, *, supervises: bool) -> bool:
    """Whether the person may take the file away: who added it, and who supervises cases."""
    return supervises or attachment.by_person == staff_id
