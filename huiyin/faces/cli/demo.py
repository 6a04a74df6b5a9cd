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
    open_house()
    for login in build_demo():
        say(f"  {login}")
    return 0


def build_demo() -> list[str]:
    """Build the demonstration up to the present, if the house is empty; its logins, a line each. The house must be open."""
    built: list[str] = importlib.import_module("huiyin.rehearsal.demo").build(datetime.now(UTC), progress=say)
    return built
