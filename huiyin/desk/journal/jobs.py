"""What has to be called again and again for the journal: sealing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyin.desk.journal import actions, queries


def seal_all(at: datetime) -> int:
    """Seal all entries of all organisations that wait; returns how many were sealed."""
    sealed = 0
    for organisation_id in queries.organisations_waiting():
        while done := actions.seal(organisation_id, at):
            sealed += done
    return sealed


def export_head(organisation_id: UUID, into: Callable[[str], Any]) -> bool:
    """Hand the head of the chain, one line of JSON, to ``into`` (a file's or a mail's writer); False before the first
    seal.

    Kept on another machine it is what shows that the chain was cut or written anew.
    """
    last = queries.head(organisation_id)
    if last is not None:
        into(last.as_json() + "\n")
    return last is not None
