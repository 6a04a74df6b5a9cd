"""What the commands that need the whole house share: Django, the database, one sentence for known failures."""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import django

from huiyin.plumbing.postgres import BinariesMissing, DumpFailed, ServerFailed, open_database

if TYPE_CHECKING:
    from huiyin.desk.places.models import Organisation

KNOWN_FAILURES = (BinariesMissing, DumpFailed, ServerFailed, PermissionError, FileNotFoundError)


def open_house() -> None:
    """Set Django up with our settings. The database must be open: its address comes from the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    django.setup()


def with_database(action: Callable[[str], int]) -> int:
    """Run `action` with the address of a running database. Out: its exit code, or 2 with a sentence on stderr."""
    try:
        with open_database() as database:
            return action(database.address)
    except KNOWN_FAILURES as error:
        print(f"huiyin: {error}", file=sys.stderr)
        return 2


def organisation_named(code: str | None) -> "Organisation":
    """The organisation with the code; without a code the only one. Raises Organisation.DoesNotExist or MultipleObjectsReturned."""
    from huiyin.desk.places.models import Organisation

    return Organisation.objects.get(code=code) if code else Organisation.objects.get()


def say(text: str) -> None:
    """Progress for people, seen at once even through a pipe."""
    print(text, flush=True)
