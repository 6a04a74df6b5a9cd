"""Build the demonstration: what is missing of it, one organisation after the other, also beside a house that serves."""

import argparse
import importlib
import os
import sys
from datetime import UTC, datetime
from typing import Any

from huiyin.faces.cli.house import open_house, say, with_database
from huiyin.plumbing.processes import end_with_parent, is_supervised

BESIDE_THE_HOUSE = 10
"""How much a builder steps back behind those who serve people (as ``nice`` counts)."""
SAYS_EVERY_SECONDS = 15.0


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It takes no options."""


def run(_args: argparse.Namespace) -> int:
    """0 when the demonstration stands, each organisation told with its logins once it is there; 2 where one cannot be built.

    A house of others is left as it is. Ended at any moment, it leaves no half organisation: the next one who builds begins it afresh.
    """
    if is_supervised():
        end_with_parent()
        os.nice(BESIDE_THE_HOUSE)
    return with_database(_build)


def _build(_address: str) -> int:
    from django.core.management import call_command
    from django.db import IntegrityError

    open_house()
    if not is_supervised():
        call_command("migrate", interactive=False, verbosity=0)
    try:
        while lines := build_next(SAYS_EVERY_SECONDS if is_supervised() else 1):
            say(f"\n  Ready 已建好: {lines[0]}")
            for line in lines[1:]:
                say(f"  {line}")
    except IntegrityError as error:
        print(f"huiyin: the demonstration cannot be finished, something in this house has a name of it: {error}", file=sys.stderr)
        return 2
    return 0


def build_next(every_seconds: float = 1) -> list[str]:
    """Build the next organisation of the demonstration up to the present; its logins and its key, a line each; nothing where none is
    missing. The house must be open."""
    from django.conf import settings

    # Nobody looks at pages of what is not there yet; thousands of hints to them would only take time.
    announced, settings.HUIYIN_ANNOUNCE = settings.HUIYIN_ANNOUNCE, False
    try:
        built: list[str] = demonstration().build_next(datetime.now(UTC), progress=say, every_seconds=every_seconds)
    finally:
        settings.HUIYIN_ANNOUNCE = announced
    return built


def demonstration() -> Any:
    """The package that knows and builds it; the house must be open."""
    return importlib.import_module("huiyin.rehearsal.demo")
