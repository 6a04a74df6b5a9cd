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
    """The organisation with the code; without a code the only one. Raises BadText with those that there are where none is meant."""
    from huiyin.core.moments import BadText
    from huiyin.desk.places.models import Organisation

    there = {one.code: one for one in Organisation.objects.order_by("code")}
    if code is None and len(there) == 1:
        return next(iter(there.values()))
    if code in there:
        return there[code]
    found = f"no organisation {code!r}" if code else f"{len(there)} organisations"
    listed = ", ".join(f"{one.code} ({one.name})" for one in there.values())
    raise BadText(f"found {found}; name one by --organisation CODE, there are: {listed}", f"请用 --organisation 指明组织；现有：{listed}")


def say(text: str) -> None:
    """Progress for people, seen at once even through a pipe."""
    print(text, flush=True)
