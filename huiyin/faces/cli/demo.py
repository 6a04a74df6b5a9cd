"""Build the demonstration in an empty house."""

import argparse
import importlib
from datetime import UTC, datetime

from huiyin.faces.cli.house import open_house, say, with_database


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It takes no options."""


def run(_args: argparse.Namespace) -> int:
    """0 when the demonstration stands; prints its logins. A house that is not empty is left as it is."""
    return with_database(_build)


def _build(_address: str) -> int:
    from django.core.management import call_command

    open_house()
    call_command("migrate", interactive=False, verbosity=0)
    for login in build_demo():
        say(f"  {login}")
    return 0


def build_demo() -> list[str]:
    """Build the demonstration up to the present, if the house is empty; its logins, a line each. The house must be open."""
    from django.conf import settings

    # Nobody looks at pages of a house that is not built yet; thousands of hints to them would only take time.
    announced, settings.HUIYIN_ANNOUNCE = settings.HUIYIN_ANNOUNCE, False
    try:
        built: list[str] = importlib.import_module("huiyin.rehearsal.demo").build(datetime.now(UTC), progress=say)
    finally:
        settings.HUIYIN_ANNOUNCE = announced
    return built
